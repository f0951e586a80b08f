"""The section `dispatch` (dispatch.yaml) of a pack: what is dispatched, and what counts."""

from collections.abc import Iterator
from typing import Any

from shanzhi.cases.casetype import CaseType
from shanzhi.cases.who import Who
from shanzhi.dispatch.models import SettingRow
from shanzhi.dispatch.roadpack import Roads
from shanzhi.dispatch.setting import Appointment, Kind, Rests, Setting
from shanzhi.packs.files import Pack
from shanzhi.packs.section import OneRow, Rows, Section

FILE = "dispatch.yaml"
NAME = "dispatch"
Complaint = tuple[tuple[str | int, ...], str]


class Dispatch(OneRow):
    """Without the file nothing is dispatched."""

    name = NAME
    order = 75
    schema = Setting
    table = SettingRow

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        if NAME not in rows:
            return
        document = pack.yaml(FILE)
        assert document is not None
        found = Setting.model_validate(rows[NAME]["body"])
        for path, message in (*_kinds(found, everything), *_codes(found, everything)):
            pack.fault(FILE, document.line(NAME, *path), "unknown", message)


def _kinds(found: Setting, everything: dict[str, Rows]) -> Iterator[Complaint]:
    """What the case types do not have, or do not let the platform do."""
    types: dict[str, Any] = everything.get("case-types", {})
    for n, kind in enumerate(found.kinds):
        if kind.type not in types:
            yield ("kinds", n, "type"), f"there is no case type {kind.type!r} in this pack"
            continue
        type_ = CaseType.model_validate(types[kind.type])
        yield from ((("kinds", n, *path), message) for path, message in _kind(kind, type_))


def _kind(kind: Kind, type_: CaseType) -> Iterator[Complaint]:
    for name in ("waiting", "working"):
        for place, state in enumerate(getattr(kind, name)):
            if state not in type_.states or not type_.states[state].open:
                yield (name, place), f"{type_.type} has no open state {state!r}"
    yield from _move(kind, type_, "move", "person")
    yield from _move(kind, type_, "back", "nobody")
    if kind.people is not None and kind.people not in type_.form:
        yield ("people",), f"the form of {type_.type} has no field {kind.people!r}"
    if kind.appointment is not None:
        yield from _appointment(kind.appointment, type_)


def _appointment(agreed: Appointment, type_: CaseType) -> Iterator[Complaint]:
    """A day that is no date, and a part of it that nobody can choose, would never be kept."""
    for name, field, wanted in (("day", agreed.day, "date"), ("part", agreed.part, "choice")):
        spec = type_.form.get(field)
        if spec is None:
            yield ("appointment", name), f"the form of {type_.type} has no field {field!r}"
        elif spec.type != wanted:
            yield ("appointment", name), f"the field {field!r} of {type_.type} is no {wanted}"
    if agreed.rests is not None:
        yield from _rests(agreed.rests, type_)
    part = type_.form.get(agreed.part)
    for name in agreed.parts if part is not None and part.type == "choice" else ():
        if part is not None and name not in part.choices:
            yield ("appointment", "parts", name), f"{name!r} is no choice of the field {agreed.part!r}"


def _rests(rests: Rests, type_: CaseType) -> Iterator[Complaint]:
    """A clock that is not there would never rest; one whose owner has it rest would never end."""
    for n, name in enumerate(rests.clocks):
        if name not in type_.clocks:
            yield ("appointment", "rests", "clocks", n), f"{type_.type} has no clock {name!r}"
    try:
        terms = {name for name, _place in Who.parse(rests.who).terms}
    except ValueError as error:
        yield ("appointment", "rests", "who"), str(error)
        return
    if terms & {"owner", "helper", "anyone", "system"}:
        yield (
            ("appointment", "rests", "who"),
            "clocks rest by the word of residents, not of who works on the case",
        )


def _move(kind: Kind, type_: CaseType, name: str, sets: str) -> Iterator[Complaint]:
    """The move by which a case is given, or taken back, has to do that, and has to be open to the platform."""
    wanted = getattr(kind, name)
    if wanted is None:
        return
    move = type_.moves.get(wanted)
    if move is None or move.sets != sets:
        yield (name,), f"{type_.type} has no move {wanted!r} that sets {sets}"
    elif not Who.parse(move.who).admits_system() or not set(kind.waiting) <= set(move.source):
        yield (name,), f"the platform may not make the move {wanted!r} from each state that waits"


def _codes(found: Setting, everything: dict[str, Rows]) -> Iterator[Complaint]:
    """Categories that are named and not there, and kinds of facilities to be visited that no facility has."""
    categories = everything.get("categories", {})
    for name in ("minutes", "needs", "people"):
        for code in getattr(found, name):
            if code != "default" and not any(one.startswith(code) for one in categories):
                yield (name, code), f"there is no category that begins with {code}"
    kinds = {row["kind"] for row in everything.get("facilities", {}).values()}
    for n, risk in enumerate(found.patrol.points if found.patrol else ()):
        if risk.kind not in kinds:
            yield ("patrol", "points", n, "kind"), f"there is no facility of the kind {risk.kind!r}"


SECTIONS: list[Section] = [Roads(), Dispatch()]
