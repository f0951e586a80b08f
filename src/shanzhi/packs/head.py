"""The head of a pack, `pack.yaml`: whose it is."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shanzhi.packs.files import Pack
from shanzhi.packs.section import parse

FILE = "pack.yaml"


class Head(BaseModel):
    """What stands at the top of a pack. A folder without it is no pack: applied, it would empty a district."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    county: str = Field(pattern=r"^[0-9]{6}$")
    title: dict[Literal["zh", "en"], str] = {}
    version: str | int = ""
    demo: bool = False
    automatic: Any = None  # see the section of that name
    redrawn_grids: Literal["replace"] | None = None


def check(pack: Pack) -> None:
    """What is wrong with the head, to `pack.fault`."""
    document = pack.yaml(FILE)
    if document is None:
        return
    if isinstance(document.value, dict):
        parse(pack, document, Head)
    else:
        pack.fault(FILE, 1, "shape", "expected 'name:' and 'county:'")
