"""Categories (事项分类): what a report is about. Codes are hierarchical by prefix: E is events, E01 city
appearance, E0101 one kind of thing in it."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, field_validator

from shanzhi.base.clock import Span
from shanzhi.rules.facts import Model, Title

CategoryKind = Literal["event", "component", "service"]


@dataclass(frozen=True, slots=True)
class Category:
    """A category in force. `accept_within`, `close_within`: lengths of time such as 24h or 5wd, or empty.

    `hotline_class` is the first-level class that a 12345 hotline files it under (一级分类).
    """

    code: str
    zh: str
    en: str
    parent: str
    level: int
    kind: CategoryKind
    hotline_class: str = ""
    accept_within: str = ""
    close_within: str = ""
    basis: str = ""

    @property
    def title(self) -> Title:
        return Title(zh=self.zh, en=self.en)

    def name(self, language: str = "zh-hans") -> str:
        """The title in the language of a page."""
        return self.en if language.startswith("en") else self.zh


class CategoryRow(Model):
    """A row of categories.csv."""

    code: str = Field(pattern=r"^[A-Z][0-9]{2}([0-9]{2})?$")
    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=100)
    parent: str = ""
    level: int = Field(ge=1, le=2)
    kind: CategoryKind
    hotline_class: str = Field("", max_length=20)
    accept_within: str = ""
    close_within: str = ""
    basis: str = ""

    @field_validator("accept_within", "close_within")
    @classmethod
    def _a_span(cls, value: str) -> str:
        if value:
            Span.parse(value)
        return value


def faults(rows: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    """What is wrong between categories, as (code of the category, code of the fault, sentence)."""
    found = []
    for code, row in rows.items():
        parent = rows.get(row["parent"])
        if row["level"] == 1 and row["parent"]:
            found.append((code, "parent", f"{code} is of the first level and has no parent"))
        elif row["level"] == 2 and parent is None:
            found.append((code, "parent", f"{code} names the parent {row['parent']!r}, which is not there"))
        elif parent is not None and not (code.startswith(row["parent"]) and code != row["parent"]):
            found.append(
                (code, "parent", f"{code} does not begin with the code of its parent {row['parent']}")
            )
        elif parent is not None and parent["kind"] != row["kind"]:
            found.append((code, "kind", f"{code} is of kind {row['kind']}, its parent of {parent['kind']}"))
        if len(code) != (3 if row["level"] == 1 else 5):
            found.append((code, "level", f"the code {code} has not the length of level {row['level']}"))
    return found
