"""What a room must say to have a section in packs, and how sections are found."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar, runtime_checkable

from django.apps import apps
from pydantic import BaseModel, ValidationError

from shanzhi.packs.files import Document, Pack

Rows = dict[str, dict[str, Any]]
M = TypeVar("M", bound=BaseModel)


class Section(Protocol):
    """A part of a pack: its rows by key, as the files have them and as the database has them."""

    name: str
    order: int

    def read(self, pack: Pack) -> Rows:
        """The rows in the files; what is wrong with them goes to `pack.fault`."""

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """What is wrong between these rows and those of other sections, to `pack.fault`."""

    def current(self) -> Rows:
        """The rows in force, in the shape of `read`."""

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        """Brings the rows into force, in the transaction of the caller."""


@runtime_checkable
class Comparing(Protocol):
    """A section with complaints that only what is in force can give rise to."""

    def compare(self, rows: Rows, pack: Pack) -> None:
        """What is wrong between these rows and those in force, to `pack.fault`."""


def sections() -> list[Section]:
    """The sections of all installed rooms, in the order in which they apply."""
    found: list[Section] = []
    for app in apps.get_app_configs():
        if app.name.startswith("shanzhi.") and find_spec(f"{app.name}.pack"):
            found += import_module(f"{app.name}.pack").SECTIONS
    return sorted(found, key=lambda section: section.order)


def parse(pack: Pack, document: Document, schema: type[M], *path: str | int) -> M | None:
    """The part of a document at `path` as a `schema`; None and a fault for each complaint otherwise."""
    value = document.value
    for key in path:
        value = value[key]
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        for problem in error.errors():
            where = (*path, *problem["loc"])
            name = ".".join(str(part) for part in problem["loc"])
            message = f"{name}: {problem['msg']}" if name else problem["msg"]
            pack.fault(document.file, document.line(*where), problem["type"], message)
        return None
