"""What a file really is, by its content; what may come in, and how large. Pure.

A name or a declared type is never believed. Pictures are decoded whole; for others the beginning must be
right. What is not in the table is refused, and so is a document that would do something when opened.
"""

import re
import unicodedata
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from shanzhi.base.errors import Problem, TooLarge, Unsupported, gettext_noop

MB = 1024 * 1024
LIMITS = {
    "image/jpeg": 20 * MB,
    "image/png": 20 * MB,
    "image/webp": 20 * MB,
    "image/gif": 10 * MB,
    "application/pdf": 30 * MB,
    "video/mp4": 100 * MB,
    "audio/mpeg": 30 * MB,
    "audio/wav": 30 * MB,
    "audio/mp4": 30 * MB,
}
LARGEST = max(LIMITS.values())
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
}
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
MOST_PIXELS = 60_000_000
MOST_FRAMES = 300
AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"MSNV",
    b"3gp4",
    b"3gp5",
    b"dash",
)
ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|iframe|body|\?xml|\?php)", re.IGNORECASE)
ZIP_ENTRY = b"PK\x03\x04"
ZIP_END = b"PK\x05\x06"
ZIP_END_REACH = 65_557  # the end record of a ZIP lies within its last 22 + 65,535 bytes

EMPTY = gettext_noop("The file is empty")
UNKNOWN = gettext_noop("Only pictures (JPEG, PNG, WebP, GIF), PDF, MP4, MP3, WAV and M4A are accepted")
MARKED_UP = gettext_noop("Pages and drawings with code (HTML, SVG, XML) are not accepted")
ARCHIVE = gettext_noop("Archives are not accepted: send the files one by one")
BROKEN = gettext_noop("The picture cannot be read: it may be damaged")
HUGE_PICTURE = gettext_noop("The picture has more than %(most)s million pixels")
ACTIVE = gettext_noop("The PDF has active content (scripts, embedded files) and is not accepted")
TWO_FACED = gettext_noop("The file is two kinds of file at once and is not accepted")
TOO_LARGE = gettext_noop("Files of this kind may have at most %(most)s MB")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may come in: its true media type and a safe name."""

    media_type: str
    name: str

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


def check(data: bytes, name: str = "") -> Checked:
    """What the file is. Raises Unsupported or TooLarge, saying why in words for people."""
    if not data:
        raise Unsupported(EMPTY, code="empty_file")
    media_type = sniff(data)
    most = LIMITS[media_type]
    if len(data) > most:
        raise TooLarge(TOO_LARGE, most=most // MB)
    if media_type in PICTURES:
        _check_picture(data, media_type)
    if media_type == "application/pdf" and ACTIVE_PDF.search(data):
        raise Unsupported(ACTIVE, code="active_content")
    _refuse_two_faced(data, media_type)
    return Checked(media_type, safe_name(name, media_type))


def sniff(data: bytes) -> str:
    """The media type that the first bytes tell; raises Unsupported when it is not accepted."""
    if found := _by_magic(data):
        return found
    if data.startswith(
        (b"PK", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
    ):
        raise Unsupported(ARCHIVE, code="archive")
    if MARKUP.search(_as_ascii(data[:4096])):
        raise Unsupported(MARKED_UP, code="markup")
    raise Unsupported(UNKNOWN, code="unknown_type")


def _by_magic(data: bytes) -> str:
    head = data[:16]
    for start, media_type in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
    ):
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    is_mp3 = len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 not in (0, 0xF0)
    return "audio/mpeg" if is_mp3 else ""


def _by_brand(brand: bytes) -> str:
    if brand in AUDIO_BRANDS:
        return "audio/mp4"
    return "video/mp4" if brand in VIDEO_BRANDS else ""


def _as_ascii(data: bytes) -> bytes:
    """Without the zero bytes that UTF-16 puts between letters."""
    return data.replace(b"\0", b"")


def _check_picture(data: bytes, media_type: str) -> None:
    """Decodes the whole picture, within limits that keep a bomb from going off."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=[PICTURES[media_type]]) as picture:
                frames = getattr(picture, "n_frames", 1)
                if picture.width * picture.height > MOST_PIXELS or frames > MOST_FRAMES:
                    raise TooLarge(HUGE_PICTURE, code="too_many_pixels", most=MOST_PIXELS // 1_000_000)
                picture.load()
    except Problem:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(HUGE_PICTURE, code="too_many_pixels", most=MOST_PIXELS // 1_000_000) from error
    except Exception as error:  # the decoders raise whatever they like on hostile input
        raise Unsupported(BROKEN, code="broken_picture") from error


def _refuse_two_faced(data: bytes, media_type: str) -> None:
    """A picture or PDF that is a ZIP or a page as well: some programs would open it as the other."""
    tail = data[-ZIP_END_REACH:]
    if ZIP_END in tail and ZIP_ENTRY in data:
        raise Unsupported(TWO_FACED, code="two_faced")
    if media_type != "application/pdf" and MARKUP.search(data[:1024]):
        raise Unsupported(TWO_FACED, code="two_faced")
    if media_type != "application/pdf" and b"%PDF-" in data[:1024]:
        raise Unsupported(TWO_FACED, code="two_faced")


def safe_name(name: str, media_type: str) -> str:
    """The name without paths and control characters, with the extension of what the file is."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = "".join(c for c in stem if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*%#&;')
    return f"{stem.strip(' .')[:80] or 'file'}.{EXTENSIONS[media_type]}"
