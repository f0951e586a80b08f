"""What a room must say to have a section in packs, and how sections are found."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from django.apps import apps
from django.db.models import Model
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


class OneRow:
    """A section whose file `<name>.yaml` is one document, kept as one row with `name` and `body`; it may be missing."""

    name: str
    order: int
    schema: ClassVar[type[BaseModel]]
    table: ClassVar[type[Model]]

    @property
    def file(self) -> str:
        """The file in the pack."""
        return f"{self.name}.yaml"

    def read(self, pack: Pack) -> Rows:
        document = pack.yaml(self.file) if pack.exists(self.file) else None
        if document is None:
            return {}
        if not isinstance(document.value, dict) or not isinstance(document.value.get(self.name), dict):
            pack.fault(self.file, 1, "shape", f"expected '{self.name}:'")
            return {}
        found = parse(pack, document, self.schema, self.name)
        return {self.name: {"body": found.model_dump(mode="json", by_alias=True)}} if found else {}

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """What is wrong within the document, or between it and other sections: nothing, unless a room says so."""

    def current(self) -> Rows:
        return {
            name: {"body": body} for name, body in self.table._default_manager.values_list("name", "body")
        }

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        self.table._default_manager.filter(name__in=remove).delete()
        for name, row in {**add, **change}.items():
            self.table._default_manager.update_or_create(name=name, defaults={"body": row["body"]})


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
