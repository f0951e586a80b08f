"""The sections `examples` (examples.csv: seed examples) and `automatic` (in pack.yaml: costs) of a pack."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shanzhi.learning.models import ExampleRow
from shanzhi.packs.files import Pack
from shanzhi.packs.section import Rows, Section, parse

FILE, HEAD = "examples.csv", "pack.yaml"


class ExampleSchema(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=r"^[A-Za-z0-9-]{1,20}$")
    category: str
    title: str = Field("", max_length=200)
    text: str = Field(min_length=2, max_length=2_000)
    urgency: str = Field("", pattern=r"^(normal|urgent)?$")


class CostsSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)

    wrong: float = Field(gt=0)
    look: float = Field(ge=0)
    floor: float = Field(0.5, ge=0, le=1)
    unit: str = Field("", max_length=20)


class Examples:
    """What the models learn from before there are closed cases; the file may be missing."""

    name = "examples"
    order = 42

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        for line, cells in pack.csv(FILE) if pack.exists(FILE) else []:
            try:
                row = ExampleSchema.model_validate(cells).model_dump()
            except ValidationError as error:
                for problem in error.errors():
                    where = ".".join(str(part) for part in problem["loc"])
                    pack.fault(FILE, line, problem["type"], f"{where}: {problem['msg']}")
                continue
            key = row.pop("key")
            if key in rows:
                pack.fault(FILE, line, "twice", f"the example {key} is given twice")
            rows[key] = row
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Each example names a category of the pack, of the finest level."""
        known = everything.get("categories") or {}
        parents = {row["parent"] for row in known.values()}
        for line, cells in pack.csv(FILE) if rows else []:
            category = cells.get("category", "")
            if known and (category not in known or category in parents):
                what = "is divided further" if category in parents else "is not in this pack"
                pack.fault(FILE, line, "unknown_category", f"the category {category} {what}")

    def current(self) -> Rows:
        columns = ("key", "category", "title", "text", "urgency")
        rows = ExampleRow.objects.values(*columns)
        return {row["key"]: {name: row[name] for name in columns[1:]} for row in rows}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        ExampleRow.objects.bulk_create(
            [ExampleRow(key=key, **row) for key, row in {**add, **change}.items()],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["category", "title", "text", "urgency"],
        )
        ExampleRow.objects.filter(key__in=list(remove)).delete()


class Automatic:
    """What the machine may do by itself: kept in the head of the pack, so that there is nothing to apply."""

    name = "automatic"
    order = 43

    def read(self, pack: Pack) -> Rows:
        document = pack.yaml(HEAD)
        if document and isinstance(document.value, dict) and "automatic" in document.value:
            parse(pack, document, CostsSchema, "automatic")
        return {}

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Nothing in other sections matters to costs."""

    def current(self) -> Rows:
        return {}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        """The head of the pack is kept as it is."""


SECTIONS: list[Section] = [Examples(), Automatic()]
