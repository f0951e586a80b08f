"""Files to send in: honest ones and attempts. All are made here, none is anybody's."""

import io
import struct
import wave
import zipfile
import zlib

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **how: object) -> bytes:
    out = io.BytesIO()
    mode = "RGB" if kind == "JPEG" else "P" if kind == "GIF" else "RGBA"
    Image.new(mode, size, 5 if mode == "P" else (200, 30, 30)).save(out, kind, **how)
    return out.getvalue()


def photo() -> bytes:
    """A photo as a phone takes it: with a place, a serial number, a comment, and lying on its side."""
    upright = Image.new("RGB", (60, 40), (200, 30, 30))
    exif = upright.getexif()
    exif[0x0112] = 6  # turn by 90° to see it upright
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (30.0, 38.0, 12.5)
    out = io.BytesIO()
    upright.save(out, "JPEG", exif=exif, comment=b"SECRETCOMMENT")
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 800)
    return out.getvalue()


def pdf(inner: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog" + inner + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def media(brand: bytes) -> bytes:
    return struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 512, b"isom") + b"\0" * 64


def archive(content: bytes = b"hello") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", content)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A few hundred kilobytes that would unfold to billions of bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 20_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
