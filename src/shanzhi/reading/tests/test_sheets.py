"""A file as the pictures of its pages."""

from io import BytesIO

import pytest
from PIL import Image

from shanzhi.reading.reader import LONGEST_EDGE
from shanzhi.reading.sheets import MOST_PAGES, sheets

pdfium = pytest.importorskip("pypdfium2", reason="the extra `pictures` is not installed")


def pdf(*pages: Image.Image) -> bytes:
    with BytesIO() as file:
        pages[0].save(file, "PDF", save_all=True, append_images=pages[1:])
        return file.getvalue()


def test_a_picture_is_its_own_only_page() -> None:
    assert list(sheets(b"\xff\xd8 whatever")) == [b"\xff\xd8 whatever"]


def test_pages_are_drawn_in_their_order_and_as_large_as_a_picture_is_read() -> None:
    red, blue = (Image.new("RGB", (300, 200), colour) for colour in ("red", "blue"))
    drawn = [Image.open(BytesIO(one)) for one in sheets(pdf(red, blue))]
    assert [max(one.size) for one in drawn] == [LONGEST_EDGE] * 2
    assert [one.getpixel((50, 50))[0] > 200 for one in drawn] == [True, False]  # type: ignore[index]


def test_of_a_long_file_the_first_pages_are_read() -> None:
    assert len(list(sheets(pdf(*[Image.new("L", (20, 20))] * (MOST_PAGES + 3))))) == MOST_PAGES


def test_what_is_no_pdf_inside_is_an_error() -> None:
    with pytest.raises(pdfium.PdfiumError):
        list(sheets(b"%PDF-1.4\n%%EOF"))
