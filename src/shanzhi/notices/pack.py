"""The section `notices` of a pack (notices.yaml): what each kind of notice says, and when nobody is woken."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from shanzhi.notices.models import Template
from shanzhi.notices.notice import KINDS, WORDS
from shanzhi.notices.texts import PLACES, unknown
from shanzhi.packs.files import Document, Pack
from shanzhi.packs.section import Rows, Section, parse

FILE = "notices.yaml"
QUIET = "quiet"
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class TextSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    subject: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=2_000)
    sms: str = Field(default="", max_length=300)


class TemplateSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    zh: TextSchema
    en: TextSchema


class QuietSchema(BaseModel):
    """Between which hours those are not told who could not say when they sleep: `{from: "21:30", until: "08:00"}`."""

    model_config = ConfigDict(extra="forbid", strict=True)
    start: str = Field(alias="from", pattern=HOUR)
    until: str = Field(pattern=HOUR)


class Notices:
    """Templates by kind; a file may be missing, then everything is said as usual."""

    name = "notices"
    order = 60

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        document = pack.yaml(FILE) if pack.exists(FILE) else None
        entries = document.value.get("notices") if document and isinstance(document.value, dict) else None
        if document is None:
            return rows
        if not isinstance(entries, dict):
            pack.fault(FILE, 1, "shape", "expected 'notices:' with an entry for each kind")
            return rows
        if QUIET in document.value and (quiet := parse(pack, document, QuietSchema, QUIET)) is not None:
            rows[QUIET] = {"body": {"from": quiet.start, "until": quiet.until}}
        for kind in entries:
            if kind not in KINDS and str(kind).rpartition(".")[2] not in WORDS:
                line = document.line("notices", kind)
                pack.fault(FILE, line, "unknown_kind", f"there is no notice of the kind {kind!r}")
            elif (found := parse(pack, document, TemplateSchema, "notices", kind)) is not None:
                _check_places(found, kind, document, pack)
                rows[kind] = {"body": found.model_dump()}
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Nothing in other sections matters to a text."""

    def current(self) -> Rows:
        return {one.kind: {"body": one.body} for one in Template.objects.all()}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        for kind, row in {**add, **change}.items():
            Template.objects.update_or_create(kind=kind, defaults={"body": row["body"]})
        Template.objects.filter(pk__in=list(remove)).delete()


def _check_places(template: TemplateSchema, kind: str, document: Document, pack: Pack) -> None:
    for language, parts in template.model_dump().items():
        for part, text in parts.items():
            for name in unknown(text):
                line = document.line("notices", kind, language, part)
                known = ", ".join(PLACES)
                pack.fault(FILE, line, "unknown_place", f"{{{name}}} is not one of {known}")


SECTIONS: list[Section] = [Notices()]
