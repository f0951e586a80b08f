"""The monthly report and its charts, set by Typst from one template."""

from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import typst

TEMPLATE = Path(__file__).parent / "papers.typ"


def typeset(report: dict[str, Any], kind: Any) -> bytes:
    made = typst.compile(
        TEMPLATE, format=kind, ppi=160.0, sys_inputs={"report": orjson.dumps(report).decode()}
    )
    if not isinstance(made, bytes):
        raise TypeError("one document was expected")
    return made


def chart(report: dict[str, Any], name: str, *, table: int = 0) -> BytesIO:
    """One chart as a picture, drawn by the same template as the PDF's."""
    return BytesIO(typeset(report | {"chart": name, "table": table}, "png"))
