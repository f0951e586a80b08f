"""What a telephone takes along: the tasks of the day with everything they need, and the ground they lie on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.cases import types, workflow
from shanzhi.cases.casetype import CaseType, Move
from shanzhi.cases.state import State
from shanzhi.field import dispatching
from shanzhi.field.keywords import keywords
from shanzhi.field.models import Act, Phone
from shanzhi.files import queries as files
from shanzhi.learning.queries import examples
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import roles, scope
from shanzhi.packs.queries import version
from shanzhi.places import queries as places
from shanzhi.residents.queries import Masked, masked
from shanzhi.rules.queries import categories

MOST = 60  # tasks that a telephone takes along
READ = 150  # open cases looked through for them
AHEAD = 3  # moves that a telephone can make one after the other without asking us
SAID = (
    "type", "state", "version", "title", "text", "category", "urgency", "area", "address", "lon", "lat", "due_at",
    "opened_at",
)  # fmt: skip
APART = ("patrol", "visit")  # cases that have pages of their own in the app


def worker(actor: Actor) -> Actor:
    """The member of staff who asks; raises NotSignedIn or Denied for everybody else."""
    if actor.account is None:
        raise NotSignedIn()
    known = roles()
    if not any(one.role in known and known[one.role].staff for one in actor.grants):
        raise Denied()
    return actor


def tasks(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """What an actor may do something about, the next clock first; what is in his own hands before all else. His own
    call for help is for others, unless somebody has put it into his hands."""
    wanted = Q(open=True) & ~Q(type__in=APART)
    rows = cases.listed(worker(actor), filters=wanted, order="due_at", limit=READ)
    own = cases.listed(actor, filters=wanted & Q(person=actor.account), order="due_at", limit=MOST)
    planned = dispatching.route(actor, at)
    ids = list(dict.fromkeys([*planned, *(row["id"] for row in (*own, *rows))]))
    states = cases.states_of(ids)
    calls = set(
        Act.objects.filter(case__in=ids, account=actor.account or 0, kind="alarm").values_list(
            "case", flat=True
        )
    )
    for_him = [states[id_] for id_ in ids if id_ in states]
    for_him = [one for one in for_him if one.id not in calls or one["person"] == actor.account]
    able = [(state, _allowed(state, actor, at)) for state in for_him]
    chosen = [(state, moves) for state, moves in able if moves][:MOST]
    people = masked({UUID(one) for state, _ in chosen for one in _people(state)})
    photos = files.of_cases([state.id for state, _ in chosen])
    found = [_task(state, moves, actor, at, people, photos[state.id]) for state, moves in chosen]
    return [one | planned.get(UUID(one["id"]), {}) for one in found]


def _people(state: State) -> list[str]:
    return [str(one.person) for one in state.reporters.values() if one.person and one.active]


def _allowed(state: State, actor: Actor, at: datetime) -> list[str]:
    """The moves that an actor may make; those that take the case back come last."""
    moves = _type(state).moves
    found = workflow.allowed(_type(state), state, actor, at)
    return sorted(found, key=lambda name: moves[name].danger or moves[name].rework or moves[name].bounce)


def _type(state: State) -> CaseType:
    return types.version(state["type"], state["type_version"])


def _task(
    state: State,
    moves: list[str],
    actor: Actor,
    at: datetime,
    people: Mapping[UUID, Masked],
    photos: list[Any],
) -> dict[str, Any]:
    type_ = _type(state)
    return {
        **_said(state),
        "mine": state["person"] == actor.account,
        "looks": scope(actor, "case.view_personal").covers(state["area"], (state["org"],)),
        "type_title": type_.title.model_dump(),
        "state_title": type_.states[state["state"]].title.model_dump(),
        "contacts": [
            {"name": one.name, "phone": one.phone}
            for key in _people(state)
            if (one := people.get(UUID(key))) is not None
        ],
        "photos": [_photo(one) for one in photos if one.thumbnail_sha256],
        "moves": [ahead(type_, state, name, actor, at) for name in moves],
    }


def _said(state: State) -> dict[str, Any]:
    """What a case says itself, whoever asks."""
    return {
        "id": str(state.id),
        "number": format_number(state["number"]),
        **{name: state[name] for name in SAID},
        "place": places.path(state["area"])[1:],
    }


def _photo(file: Any) -> dict[str, str]:
    return {"id": str(file.pk), "kind": file.kind, "name": file.name}


def ahead(
    type_: CaseType, state: State, name: str, actor: Actor, at: datetime, depth: int = AHEAD
) -> dict[str, Any]:
    """A move with its form, and those that would be open after it, so that a telephone can go on without a signal."""
    move = type_.moves[name]
    after = _after(state, move, name, actor)
    further = workflow.allowed(type_, after, actor, at) if depth > 1 and type_.states[move.to].open else []
    return {
        "name": name,
        "title": move.title.model_dump(),
        "to": type_.states[move.to].title.model_dump(),
        "open": type_.states[move.to].open,
        "needs": list(move.needs),
        "takes": list(move.takes),
        "danger": move.danger,
        "fields": {key: spec.model_dump(mode="json") for key, spec in move.fields.items()},
        "next": [
            ahead(type_, after, one, actor, at, depth - 1)
            for one in further
            if one != name and type_.moves[one].to != move.to  # what leads nowhere waits for a signal
        ],
    }


def _after(state: State, move: Move, name: str, actor: Actor) -> State:
    """The case as it would stand; what the engine decides besides is not needed to know what comes next."""
    person = actor.account if move.sets == "person" else state["person"]
    performers = {**state["performers"], name: actor.account}
    return replace(
        state, columns={**state.columns, "state": move.to, "person": person, "performers": performers}
    )


def reach(actor: Actor) -> list[str]:
    """The areas an actor works in; the whole county for those whose grants name none."""
    areas = sorted({grant.area for grant in actor.grants if grant.area})
    return [one for one in areas if not any(one != other and one.startswith(other) for other in areas)] or [
        places.county()
    ]


def rounds(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """Points and visits of the areas an actor works in; None where the room for them is not installed."""
    if not apps.is_installed("shanzhi.patrol"):
        return None
    from shanzhi.patrol import queries as patrols

    return patrols.rounds(actor, reach(actor), at)


def ground(actor: Actor) -> dict[str, Any]:
    """The grids and facilities of the areas an actor works in, and what can be reported; changes seldom."""
    areas = reach(worker(actor))
    grids = [one for area in areas for one in places.outlines(area, "grid")["features"]]
    facilities = [one for area in areas for one in places.facilities(area)]
    return {
        "version": ground_version(actor),
        "grids": {"type": "FeatureCollection", "features": [_plain(one) for one in grids]},
        "facilities": [
            {key: one[key] for key in ("key", "kind", "name", "lon", "lat")} for one in facilities
        ],
        "categories": kinds(),
    }


def _plain(feature: dict[str, Any]) -> dict[str, Any]:
    """A grid with five digits after the point (a metre): a telephone draws and finds with it, it does not survey."""
    code, name = feature["properties"]["code"], feature["properties"]["name"]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "place": places.path(code)[1:-1]},
        "geometry": {**feature["geometry"], "coordinates": _rounded(feature["geometry"]["coordinates"])},
    }


def _rounded(part: Any) -> Any:
    return round(part, 6) if isinstance(part, float) else [_rounded(one) for one in part]


def ground_version(actor: Actor) -> str:
    """Another text whenever the ground would be another."""
    sections = [version(name) for name in ("areas", "facilities", "categories", "examples")]
    return "-".join(map(str, [*sections, *reach(actor)]))


def kinds() -> list[dict[str, Any]]:
    return list(_kinds(version("categories"), version("examples")))


@lru_cache(maxsize=2)
def _kinds(_categories: int, _examples: int) -> tuple[dict[str, Any], ...]:
    """The finest categories of things in the street, each with the words by which a telephone guesses it."""
    known = [one for one in categories().values() if one.level == 2 and one.kind in ("event", "component")]
    listed = sorted(
        known, key=lambda one: one.kind != "event"
    )  # events first: they are what one comes across
    texts: dict[str, list[str]] = {one.code: [one.zh, one.zh] for one in listed}
    for example in examples():
        texts.get(example.label, []).append(example.text.text)
    words = keywords(texts)
    return tuple({"code": one.code, "zh": one.zh, "en": one.en, "words": words[one.code]} for one in listed)


def others(account: int, device: str, since: datetime) -> int:
    """How many other telephones an account has worked on since a time."""
    return Phone.objects.filter(account=account, seen_at__gte=since).exclude(device=device).count()


def last_position(account: int) -> tuple[float, float, datetime] | None:
    """Where somebody was last seen by one of his acts."""
    rows = Act.objects.filter(account=account, lon__isnull=False).order_by("-done_at")
    found = rows.values_list("lon", "lat", "done_at").first()
    return (float(found[0] or 0), float(found[1] or 0), found[2]) if found else None
