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
        clear = "A" in opened.getbands() or "transparency" in opened.info
        flat = opened.convert("RGBA" if clear else "RGB")
        flat.thumbnail(
            (LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.BICUBIC
        )  # small first: turning is cheap then
        upright = ImageOps.exif_transpose(flat)
    public = _bare(upright)
    upright.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.BICUBIC)
    media_type = "image/png" if clear else "image/jpeg"
    return Copies(_saved(public, media_type), _saved(_bare(upright), media_type), media_type)


def _bare(picture: Image.Image) -> Image.Image:
    """A new picture: it has no EXIF, no profile, no comment to carry along."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _saved(picture: Image.Image, media_type: str) -> bytes:
    out = BytesIO()
    if media_type == "image/png":
        picture.save(out, "PNG")
    else:
        picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
