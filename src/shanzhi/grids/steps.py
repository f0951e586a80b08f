"""The steps of a redrawing: what each does to the grids of a community, one after the other. Pure.

A step is plain data, as a form or the map sends it and the draft keeps it; done again from the same shapes, it has
the same result. New grids get the next number that their community never had.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import isfinite
from typing import Any

import shapely

from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.places import redrawing
from shanzhi.places.redrawing import LEAST, square_metres
from shanzhi.places.shapes import CHINA, from_geojson

Step = Mapping[str, Any]
MOST_POINTS = 2_000
MOST_GRIDS = 400
NO_SUCH = gettext_noop("There is no such grid in this community")


@dataclass(frozen=True)
class Plan:
    """The grids of a community as a draft has them: shapes and names by code, and by what each was changed."""

    community: str
    shapes: Mapping[str, Any]
    names: Mapping[str, str]
    used: frozenset[str]
    how: Mapping[str, str] = field(default_factory=dict)

    def next_code(self) -> str:
        """The lowest number after all that the community ever had; raises Invalid when there is none left."""
        number = max((int(code[12:]) for code in self.used), default=0) + 1
        if number > 999:
            raise Invalid(gettext_noop("This community has had 999 grids: there is no number left"))
        return f"{self.community}{number:03}"

    def grid(self, code: object) -> str:
        if not isinstance(code, str) or code not in self.shapes:
            raise Invalid(NO_SUCH)
        return code

    def after(self, shapes: Mapping[str, Any], how: str, names: Mapping[str, str] | None = None) -> "Plan":
        """The plan with other shapes; each that is not what it was is marked with what was done."""
        touched = {code for code, one in shapes.items() if not _same(one, self.shapes.get(code))}
        return replace(
            self,
            shapes=shapes,
            names={code: {**self.names, **(names or {})}.get(code, code) for code in shapes},
            used=self.used | frozenset(shapes),
            how={**self.how, **dict.fromkeys(touched, how)},
        )


def _same(one: Any, other: Any) -> bool:
    """The same ground, whatever corners lie on its border."""
    return other is not None and square_metres(shapely.symmetric_difference(one, other)) < LEAST


def mark(shapes: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A name for exactly these grids."""
    parts = [
        f"{code}:{names.get(code, '')}:{shapely.to_wkb(shapes[code], hex=True)}" for code in sorted(shapes)
    ]
    return sha256("\n".join(parts).encode()).hexdigest()


def done(plan: Plan, steps: Iterable[Step]) -> Plan:
    """The plan after some steps; raises Invalid at the first that cannot be done."""
    for step in steps:
        work = WORK.get(str(step.get("do")))
        if work is None:
            raise Invalid(gettext_noop("There is no such step"))
        plan = work(plan, step)
    return plan


def _split(plan: Plan, step: Step) -> Plan:
    code, new = plan.grid(step.get("grid")), plan.next_code()
    shapes = redrawing.split(plan.shapes, code, points(step.get("line")), new)
    return plan.after(shapes, "split", {new: _name(step)})


def _merge(plan: Plan, step: Step) -> Plan:
    given = step.get("grids")
    codes = [plan.grid(code) for code in given] if isinstance(given, list) else []
    keep = plan.grid(step.get("keep") or min(codes, default=None))
    return plan.after(redrawing.merge(plan.shapes, codes, keep), "merge")


def _reassign(plan: Plan, step: Step) -> Plan:
    giver, taker = plan.grid(step.get("grid")), plan.grid(step.get("to"))
    if giver == taker:
        raise Invalid(gettext_noop("Choose two grids at least"))
    return plan.after(redrawing.reassign(plan.shapes, giver, taker, points(step.get("line"))), "reassign")


def _move(plan: Plan, step: Step) -> Plan:
    [at], [to] = points([step.get("at")]), points([step.get("to")])
    return plan.after(redrawing.moved(plan.shapes, at, to), "move")


def _draw(plan: Plan, step: Step) -> Plan:
    new = plan.next_code()
    return plan.after(redrawing.drawn(plan.shapes, new, points(step.get("ring"))), "draw", {new: _name(step)})


def _rename(plan: Plan, step: Step) -> Plan:
    code = plan.grid(step.get("grid"))
    changed = plan.after(plan.shapes, "rename", {code: _name(step)})
    return replace(changed, how={**changed.how, code: changed.how.get(code, "rename")})


def _close(plan: Plan, step: Step) -> Plan:
    code, heir = plan.grid(step.get("grid")), plan.grid(step.get("to"))
    return plan.after(redrawing.merge(plan.shapes, [code], heir), "merge")


def _import(plan: Plan, step: Step) -> Plan:
    """All grids of the community anew: those with a code keep it, the others get the next ones."""
    shapes: dict[str, Any] = {}
    names: dict[str, str] = {}
    growing = plan
    given = step.get("grids")
    for one in given[:MOST_GRIDS] if isinstance(given, list) else []:
        code = one.get("code") or growing.next_code()
        growing = replace(growing, used=growing.used | {code})
        shapes[code], names[code] = _outline(one.get("geometry")), _name(one)
    if not shapes:
        raise Invalid(gettext_noop("There is no grid in the file"))
    settled = redrawing.settled(shapes, plan.shapes.values())
    return replace(growing.after(settled, "import", names), used=growing.used)


def _outline(geometry: object) -> Any:
    try:
        return from_geojson(geometry if isinstance(geometry, dict) else {})
    except ValueError as error:
        raise Invalid(str(error)) from error


WORK: Mapping[str, Callable[[Plan, Step], Plan]] = {
    "split": _split, "merge": _merge, "reassign": _reassign, "move": _move, "draw": _draw, "rename": _rename,
    "close": _close, "import": _import,
}  # fmt: skip


def points(given: object) -> list[tuple[float, float]]:
    """Points in degrees of longitude and latitude; raises Invalid for what is none, or lies outside China."""
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_POINTS:
        raise Invalid(NO_POINTS)
    found = []
    for one in given:
        try:
            lon, lat = (float(part) for part in one)
        except (TypeError, ValueError):
            raise Invalid(NO_POINTS) from None
        if not (
            isfinite(lon) and isfinite(lat) and CHINA[0] <= lon <= CHINA[2] and CHINA[1] <= lat <= CHINA[3]
        ):
            raise Invalid(NO_POINTS)
        found.append((lon, lat))
    return found


NO_POINTS = gettext_noop("Points are degrees of longitude and latitude in China, such as 104.06196, 30.63581")


def _name(step: Step) -> str:
    name = str(step.get("name") or "").strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Invalid(gettext_noop("A grid needs a name of at most 100 letters"))
    return name


@dataclass(frozen=True, slots=True)
class Difference:
    """What a plan changes: grids with another ground or name, grids that close, and borders with more corners only."""

    changed: Mapping[str, tuple[str, Any, str, tuple[str, ...]]]  # name, shape, how, whose ground it was
    closed: Mapping[str, tuple[str, ...]]  # who has its ground now
    corners: Mapping[str, Any]


def difference(before: Plan, after: Plan) -> Difference:
    """From one plan to another."""
    changed, corners = {}, {}
    for code, shape in after.shapes.items():
        same = _same(shape, before.shapes.get(code))
        if not same or after.names[code] != before.names.get(code):
            how = after.how.get(code, "rename")
            changed[code] = (after.names[code], shape, how, _ground(shape, before.shapes))
        elif not shapely.equals_exact(shape, before.shapes[code], 0):
            corners[code] = shape
    closed = {
        code: _ground(shape, after.shapes)
        for code, shape in before.shapes.items()
        if code not in after.shapes
    }
    return Difference(changed, closed, corners)


def _ground(shape: Any, others: Mapping[str, Any]) -> tuple[str, ...]:
    """The grids that share ground with a shape."""
    return tuple(
        code for code, one in others.items() if square_metres(shapely.intersection(shape, one)) >= LEAST
    )
