"""Copies of pictures that may be shown: turned upright, made anew, without EXIF. Pure."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

LONGEST_EDGE = 2048
THUMBNAIL_EDGE = 320
QUALITY = 85


@dataclass(frozen=True, slots=True)
class Copies:
    """A copy for the public and a thumbnail, both JPEG, or PNG where parts are transparent."""

    public: bytes
    thumbnail: bytes
    media_type: str


def copies(data: bytes) -> Copies:
    """Both copies of a picture that `check` has accepted. Nothing but the pixels is taken over."""
    with Image.open(BytesIO(data)) as opened:
        if opened.format == "JPEG":
            opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # decodes large photos at a smaller scale
        upright = ImageOps.exif_transpose(opened)
        clear = "A" in upright.getbands() or "transparency" in upright.info
        flat = upright.convert("RGBA" if clear else "RGB")
    media_type = "image/png" if clear else "image/jpeg"
    return Copies(_saved(flat, LONGEST_EDGE, clear), _saved(flat, THUMBNAIL_EDGE, clear), media_type)


def _saved(picture: Image.Image, edge: int, clear: bool) -> bytes:
    small = picture.copy()
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    bare = Image.new(small.mode, small.size)
    bare.paste(small)  # a new picture has no EXIF, no profile, no comment to carry along
    out = BytesIO()
    if clear:
        bare.save(out, "PNG", optimize=True)
    else:
        bare.save(out, "JPEG", quality=QUALITY, progressive=True)
    return out.getvalue()
