from io import BytesIO

import pytest
from PIL import Image

from shanzhi.files.picture import LONGEST_EDGE, THUMBNAIL_EDGE, copies
from shanzhi.files.tests.samples import photo, picture


def test_copies_carry_nothing_but_pixels() -> None:
    sent = photo()
    assert b"SECRET" in sent
    made = copies(sent)
    for copy in (made.public, made.thumbnail):
        assert b"SECRET" not in copy
        assert b"Exif" not in copy
        with Image.open(BytesIO(copy)) as opened:
            assert not opened.getexif()
            assert "comment" not in opened.info


def test_copies_are_upright() -> None:
    with Image.open(BytesIO(copies(photo()).public)) as opened:
        assert opened.size == (40, 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_copies_are_small(kind: str) -> None:
    made = copies(picture(kind, (5000, 100)))
    with Image.open(BytesIO(made.public)) as public, Image.open(BytesIO(made.thumbnail)) as thumbnail:
        assert max(public.size) == LONGEST_EDGE
        assert max(thumbnail.size) == THUMBNAIL_EDGE


def test_small_pictures_are_not_blown_up() -> None:
    with Image.open(BytesIO(copies(picture("JPEG", (60, 40))).public)) as opened:
        assert opened.size == (60, 40)


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("GIF", "image/jpeg"), ("JPEG", "image/jpeg")]
)
def test_what_is_transparent_stays_so(kind: str, media_type: str) -> None:
    assert copies(picture(kind)).media_type == media_type
