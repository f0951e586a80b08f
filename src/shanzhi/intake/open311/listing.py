"""GET requests: cases that are shown publicly, and those that the caller has brought himself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.identity import mask_address
from shanzhi.base.ids import format_number, parse_number
from shanzhi.base.masking import masked
from shanzhi.cases import queries, types
from shanzhi.files import queries as files
from shanzhi.journal import queries as journal
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs
from shanzhi.places.queries import path
from shanzhi.rules.queries import categories

MOST = 1_000
DAYS = timedelta(days=90)
LARGEST_PAGE = 10_000
COLUMNS = (
    "id", "number", "type", "type_version", "state", "open", "text", "category", "urgency", "area", "address",
    "org", "public", "channel", "opened_at", "due_at", "lon", "lat",
    "merged_into",
)  # fmt: skip
SILENT = ("case.looked", "case.clock")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests somebody asks for; numbers, when there are any, go before everything else."""

    numbers: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    open: bool | None = None
    page: int = 1
    size: int = MOST

    @property
    def q(self) -> Q:
        if self.numbers:
            return Q(number__in=self.numbers)
        found = Q(opened_at__gte=self.since, opened_at__lte=self.until)
        if self.codes:
            found &= Q(category__in=self.codes)
        return found if self.open is None else found & Q(open=self.open)


@dataclass(frozen=True, slots=True)
class How:
    """How to tell it: in which language, with which extensions, and the addresses of this site before paths."""

    language: str
    extensions: bool
    site: str


def wanted(given: Mapping[str, str]) -> Wanted:
    """The arguments of GET requests. Raises Invalid naming each that does not fit."""
    errors: list[FieldError] = []
    numbers = tuple(_number(text, errors) for text in _several(given, "service_request_id"))
    since, until = _time(given, "start_date", errors), _time(given, "end_date", errors)
    statuses = set(_several(given, "status"))
    if statuses - {"open", "closed"}:
        errors.append(FieldError("status", gettext_noop("It is open, closed or both")))
    if since and until and not timedelta(0) <= until - since <= DAYS:
        errors.append(FieldError("end_date", gettext_noop("From start_date to end_date at most 90 days")))
    page = _count(given, "page", 1, LARGEST_PAGE, errors)
    size = _count(given, "page_size", MOST, MOST, errors)
    if len(numbers) > MOST:
        errors.append(FieldError("service_request_id", gettext_noop("At most %(most)s"), {"most": MOST}))
    if errors:
        raise Invalid(errors=errors)
    if until is None:
        until = since + DAYS if since else now()
    codes = tuple(_several(given, "service_code"))
    open_ = None if len(statuses) != 1 else "open" in statuses
    return Wanted(numbers, codes, since or until - DAYS, until, open_, page, size)


def listed(actor: Actor, asked: Wanted, how: How) -> list[dict[str, Any]]:
    """GET requests, newest first; five statements for any number of them, seven with extensions."""
    cases = queries.visible_to(Actor.system("open311")).filter(asked.q & _shown(actor))
    first = (asked.page - 1) * asked.size
    rows = list(cases.order_by("-opened_at", "-id").values(*COLUMNS)[first : first + asked.size])
    for row in rows:
        if row["channel"] != f"client:{actor.id}":
            _mask(row)
    return _told(rows, how)


def _mask(row: dict[str, Any]) -> None:
    """What everybody may read: no number that reaches somebody; of requests for a service no house number."""
    category = categories().get(row["category"])
    row["text"], row["address"] = masked(row["text"]), masked(row["address"])
    if category is None or category.kind == "service":
        row["address"] = mask_address(row["address"])


def one(actor: Actor, number: str, how: How) -> list[dict[str, Any]]:
    """GET requests/<id>: a list of one. Raises NotFound."""
    try:
        found = listed(actor, Wanted((parse_number(number),)), how)
    except Invalid as error:
        raise NotFound(gettext_noop("There is no service_request_id %(id)s"), id=number[:40]) from error
    if not found:
        raise NotFound(gettext_noop("There is no service_request_id %(id)s"), id=number[:40])
    return found


def _shown(actor: Actor) -> Q:
    """What is public; of a client what it has brought, of an account what it may see anyway."""
    if actor.kind == "client":
        return Q(public=True) | Q(channel=f"client:{actor.id}")
    if actor.kind == "account":
        return Q(public=True) | Q(pk__in=queries.visible_to(actor).values("pk"))
    return Q(public=True)


def _told(rows: list[dict[str, Any]], how: How) -> list[dict[str, Any]]:
    ids = [row["id"] for row in rows]
    changed = journal.changed_at(ids, but=SILENT)
    names = orgs({row["org"] for row in rows})
    media = _media([row["id"] for row in rows if row["public"]], how.site)
    told = [_request(row, how, changed, names, media) for row in rows]
    if how.extensions:
        notes = _notes(ids)
        for row, one in zip(rows, told, strict=True):
            place = {"area": row["area"], "area_name": " ".join(path(row["area"])), "urgency": row["urgency"]}
            one["extended_attributes"] = {"state": row["state"], **place}
            one["notes"] = notes.get(row["id"], [])
            one["media"] = media.get(row["id"], [])
    return told


def _request(
    row: dict[str, Any],
    how: How,
    changed: Mapping[UUID, datetime],
    names: Mapping[str, str],
    media: Mapping[UUID, list[str]],
) -> dict[str, Any]:
    category = categories().get(row["category"])
    return {
        "service_request_id": format_number(row["number"]).replace(" ", ""),
        "status": "open" if row["open"] else "closed",
        "status_notes": _state(row, how),
        "service_name": category.name(how.language) if category else None,
        "service_code": row["category"] or None,
        "description": row["text"],
        "agency_responsible": names.get(row["org"]),
        "service_notice": None,
        "requested_datetime": row["opened_at"],
        "updated_datetime": changed.get(row["id"], row["opened_at"]),
        "expected_datetime": row["due_at"],
        "address": row["address"] or None,
        "address_id": None,
        "zipcode": None,
        "lat": row["lat"],
        "long": row["lon"],
        "media_url": next(iter(media.get(row["id"], [])), None),
    }


def _state(row: dict[str, Any], how: How) -> str:
    """What its state is called; one that was merged stays in the state it had, and is no longer what it says."""
    if row["merged_into"]:
        return gettext("Merged with another report of the same matter, which is answered for both")
    title = types.version(row["type"], row["type_version"]).states[row["state"]].title
    return title.en if how.language.startswith("en") else title.zh


def _media(cases: Iterable[UUID], site: str) -> dict[UUID, list[str]]:
    """The addresses of public copies of pictures: smaller, and without what a camera writes into them."""
    found = files.of_cases(cases)
    return {
        case: [f"{site}/files/{file.pk}/public" for file in kept if file.public_sha256]
        for case, kept in found.items()
    }


def _notes(cases: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The public notes of the staff; not what reporters have written."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for entries in journal.of_streams(cases):
        for entry in entries:
            facts = entry.data.get("facts", {})
            if entry.kind == "case.noted" and facts.get("public") and not facts.get("by_reporter"):
                note = {"datetime": entry.at, "description": masked(facts.get("words", ""))}
                found.setdefault(entry.stream, []).append(note)
    return found


def _several(given: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in given.get(name, "").split(",") if part.strip()]


def _number(text: str, errors: list[FieldError]) -> int:
    try:
        return parse_number(text)
    except Invalid as error:
        errors.append(FieldError("service_request_id", error.message, error.facts))
        return 0


def _time(given: Mapping[str, str], name: str, errors: list[FieldError]) -> datetime | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:  # the + of an offset comes as a space when a client has not quoted it
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is None or not 1970 <= moment.year <= 9000:
            raise ValueError(text)
    except ValueError:
        errors.append(
            FieldError(name, gettext_noop("This is not a time with its zone: 2026-01-01T00:00:00Z"))
        )
        return None
    return moment


def _count(given: Mapping[str, str], name: str, usual: int, most: int, errors: list[FieldError]) -> int:
    text = given.get(name, "").strip()
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most:
        return int(text)
    errors.append(FieldError(name, gettext_noop("A number from 1 to %(most)s"), {"most": most}))
    return usual
