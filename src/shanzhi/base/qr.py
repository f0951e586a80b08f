"""QR codes (二维码): drawn, and read from a scan: a picture, or a PDF of one picture a page. Pure."""

import re
import warnings
from collections.abc import Iterator
from io import BytesIO

import zxingcpp
from PIL import Image, ImageOps

MOST_PAGES = 20
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
LONGEST_SIDE = 4_000  # a page at 300 dpi has 3,500 points; more is only slower
JPEG = re.compile(rb"stream\r?\n(\xff\xd8\xff.*?\xff\xd9)\s*endstream", re.DOTALL)


def codes(data: bytes) -> list[str]:
    """The texts of all QR codes in a scan, in their order; none where there is none or the file is no picture."""
    found: list[str] = []
    for picture in _pictures(data):
        read = zxingcpp.read_barcodes(picture, formats=QR)
        found += [one.text for one in read if one.text not in found]
    return found


def drawn(text: str) -> str:
    """A QR code as SVG; up to a quarter of it may be dirty or folded."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return str(made.to_svg())


def _pictures(data: bytes) -> Iterator[Image.Image]:
    pages = [data]
    if data.startswith(b"%PDF"):
        pages = [found[1] for found in JPEG.finditer(data)][:MOST_PAGES]
    for page in pages:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                picture = ImageOps.exif_transpose(Image.open(BytesIO(page))).convert("L")
        except (
            OSError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ):
            continue
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        yield picture
