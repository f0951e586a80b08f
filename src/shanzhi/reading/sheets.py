"""The pictures of a file: itself, or the pages of a PDF drawn by PDFium. Only the process that reads loads it."""

import io
from collections.abc import Iterator

from shanzhi.reading.reader import LONGEST_EDGE

MOST_PAGES = 10  # of one paper; a person looks at what comes after them


def sheets(data: bytes) -> Iterator[bytes]:
    """Each page of a file as a picture, one after the other.

    Raises pypdfium2.PdfiumError for a PDF that is damaged or locked by a password.
    """
    if not data.startswith(b"%PDF"):
        yield data
        return
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for page in list(document)[:MOST_PAGES]:
            drawn = page.render(scale=LONGEST_EDGE / max(*page.get_size(), 1)).to_pil()
            page.close()
            with io.BytesIO() as file:
                drawn.convert("RGB").save(file, "BMP")
                yield file.getvalue()
