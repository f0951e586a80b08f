"""Groups in a form (重复项): members one after the other, taken over from the register of households or typed.

While somebody is at it the members stand in the draft under `family~`; said is the group only when he says that these
are all. What was taken over is marked in each member under `~`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.orgs.actor import Actor
from shanzhi.residents.actions.facts import read_for
from shanzhi.residents.fact import FactType, plain
from shanzhi.residents.queries import facts
from shanzhi.rules.facts import FactError
from shanzhi.services.actions.drafting import answers, keep, open_draft
from shanzhi.services.form import wanted
from shanzhi.services.models import Draft
from shanzhi.services.queries import catalogue

TAKEN = "~"
RELATION = "relation"
# How the register of households says it, and how forms do; seen from the head of the household.
RELATIONS: Mapping[str, str] = {
    "本人": "self", "户主": "self", "配偶": "spouse", "夫": "spouse", "妻": "spouse", "子": "child", "女": "child",
    "子女": "child", "儿子": "child", "女儿": "child", "父母": "parent", "父亲": "parent", "母亲": "parent",
}  # fmt: skip
MOST = gettext_noop("There can be at most %(most)s")
INCOMPLETE = gettext_noop("Something is still missing of number %(number)s")
NONE_YET = gettext_noop("Add at least %(least)s")

Rows = list[dict[str, Any]]


def group(draft: Draft, key: str) -> FactType:
    """A group that this draft asks; raises NotFound."""
    registry = facts.types()
    item = catalogue.version(draft.item, draft.item_version)
    if key not in registry or not registry[key].members:
        raise NotFound()
    if key not in wanted(item, catalogue.rule(item), registry):
        raise NotFound()
    return registry[key]


def rows_of(draft: Draft, key: str) -> Rows:
    """The members so far, in the order in which they were given; those said already, if nobody is at it."""
    said = answers(draft)
    return list(said.get(key + TAKEN, said.get(key, [])))


def missing(type_: FactType, row: Mapping[str, Any]) -> list[str]:
    """What is still to be said of a member."""
    return [key for key in type_.members if row.get(key) in (None, "")]


@transaction.atomic
def put(
    actor: Actor, id_: UUID, key: str, raw: Mapping[str, Any], *, place: int | None, seen: int,
    at: datetime | None = None,
) -> Draft:  # fmt: skip
    """One member, in his place or at the end. Raises Invalid naming what is wrong of him, NotFound, Conflict."""
    draft = open_draft(actor, id_, seen)
    type_, rows = group(draft, key), rows_of(draft, key)
    try:
        row = {name: plain(value) for name, value in type_.member(raw).items()}
    except FactError as error:
        name, _, words = str(error).partition(".")[2].partition(": ")
        raise Invalid(errors=[FieldError(name, words)]) from None
    if place is None:
        if len(rows) >= type_.most:
            raise Invalid(MOST, code="most", most=type_.most)
        rows.append(row)
    elif 0 <= place < len(rows):
        taken = [name for name in rows[place].get(TAKEN, ()) if rows[place][name] == row[name]]
        rows[place] = row | ({TAKEN: taken} if taken else {})
    else:
        raise NotFound()
    return _at_it(draft, key, rows, at)


@transaction.atomic
def drop(actor: Actor, id_: UUID, key: str, place: int, *, seen: int, at: datetime | None = None) -> Draft:
    """Takes a member off the list. Raises NotFound, Conflict."""
    draft = open_draft(actor, id_, seen)
    group(draft, key)
    rows = rows_of(draft, key)
    if not 0 <= place < len(rows):
        raise NotFound()
    return _at_it(draft, key, rows[:place] + rows[place + 1 :], at)


def _at_it(draft: Draft, key: str, rows: Rows, at: datetime | None) -> Draft:
    """The list as it stands; it is said only when somebody says that these are all."""
    kept = {name: value for name, value in answers(draft).items() if name != key}
    return keep(draft, kept | {key + TAKEN: rows}, at)


@transaction.atomic
def close(actor: Actor, id_: UUID, key: str, *, seen: int, at: datetime | None = None) -> Draft:
    """These are all. Raises Invalid while there are too few or something is missing of one of them."""
    draft = open_draft(actor, id_, seen)
    type_, rows = group(draft, key), rows_of(draft, key)
    if len(rows) < type_.least:
        raise Invalid(NONE_YET, code="least", least=type_.least)
    for number, row in enumerate(rows, 1):
        if missing(type_, row):
            raise Invalid(INCOMPLETE, code="incomplete", number=number)
    said = [{name: value for name, value in row.items() if name != TAKEN} for row in rows]
    kept = {name: value for name, value in answers(draft).items() if name != key + TAKEN}
    return keep(draft, kept | {key: plain(type_.read(said))}, at)


@transaction.atomic
def take_over(actor: Actor, id_: UUID, key: str, *, seen: int, at: datetime | None = None) -> Draft:
    """Those whom the register knows as one household, with what it knows of each; the applicant has agreed.

    Each reading of somebody else's facts is an entry. Raises NotFound where the register knows nobody, Conflict when
    there are members on the list already.
    """
    draft = open_draft(actor, id_, seen)
    type_ = group(draft, key)
    others = facts.relatives(draft.person) if type_.household else {}
    if not others:
        raise NotFound()
    if rows_of(draft, key):
        raise Conflict(gettext_noop("There are people on the list already"))
    asked = sorted({one.known for one in type_.members.values() if one.known} - {RELATION})
    if not head_is(
        others
    ):  # relations are to the head of the household; seen from another member they are asked
        others = dict.fromkeys(others, "")
    rows = [_row(type_, "本人", facts.of(draft.person, asked))]
    for person, relation in list(others.items())[: type_.most - 1]:
        known = read_for(actor, person, asked, purpose="household form")
        rows.append(_row(type_, relation, known))
    return _at_it(draft, key, rows, at)


def head_is(others: Mapping[UUID, str]) -> bool:
    """Whether somebody is the head of his household, these being the others."""
    return not {"本人", "户主"} & set(others.values())


def _row(type_: FactType, relation: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a register knows of a member; what it does not know is asked."""
    row: dict[str, Any] = {}
    for name, one in type_.members.items():
        if one.known == RELATION and relation:
            row[name] = RELATIONS.get(relation, "other")
        elif one.known and one.known in known and known[one.known].authoritative:
            row[name] = plain(known[one.known].value)
    return row | {TAKEN: list(row)}
