"""Where a report belongs and what the rules of its type say of it: how urgent, whose it is, by when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import FieldError, Invalid, NotFound, gettext_noop
from shanzhi.cases.casetype import CaseType, Purpose
from shanzhi.cases.opening import Report, Ruling
from shanzhi.orgs.queries import street_office
from shanzhi.places.queries import county, locator
from shanzhi.rules.evaluate import Answer, evaluate
from shanzhi.rules.queries import rule

NEAR = 300.0


def areas_of(reports: Sequence[Report]) -> list[str]:
    """The area of each report: the one given, the grid its point lies in, or else the county.

    A point up to 300 m outside every grid counts to the nearest one. Raises Invalid for one further away.
    """
    found = [report.area for report in reports]
    placed = [i for i, report in enumerate(reports) if not report.area and report.lon is not None]
    if len(placed) == 1:
        [i] = placed
        found[i] = locator().grid_at(reports[i].lon or 0.0, reports[i].lat or 0.0) or _nearest(reports[i])
    elif placed:
        lons = np.array([reports[i].lon for i in placed], dtype=float)
        lats = np.array([reports[i].lat for i in placed], dtype=float)
        grids = locator().grids_at(lons, lats)
        for i, grid in zip(placed, grids, strict=True):
            found[i] = grid or _nearest(reports[i])
    return [area or county() for area in found]


def _nearest(report: Report) -> str:
    assert report.lon is not None and report.lat is not None
    grid = locator().nearest(report.lon, report.lat, NEAR)
    if grid is None:
        raise Invalid(
            errors=[FieldError("lat", gettext_noop("This place lies outside the district"))], code="outside"
        )
    return grid


def rule_on(type_: CaseType, report: Report, area: str, at: datetime) -> Ruling:
    """What the rules of the type say. Where the list names nobody, the desk keeps the case (兜底).

    The table of limits by kind goes before the limits that stand in the list; it is told what the urgency says.
    """
    there = at.astimezone(BEIJING)
    on = there.date()
    facts: dict[str, Any] = {
        "category": report.category or None,
        "area": area,
        "channel": report.channel,
        "hour": there.hour,
        "text": report.title + "\n" + report.text,
        **report.data,
    }
    urgency = _ask(type_, "urgency", facts, on)
    facts["urgency"] = report.urgency or (urgency.outputs.get("urgency") if urgency else None)
    owner = _ask(type_, "responsibility", facts, on)
    listed = str(owner.outputs.get("lead") or "") if owner else ""
    limit = _ask(type_, "limits", {**urgency.outputs, **facts} if urgency else facts, on)
    public = _ask(type_, "public", facts, on)
    asked = {"urgency": urgency, "owner": owner, "limits": limit, "public": public}
    return Ruling(
        urgency=str(facts["urgency"] or "normal"),
        proposed=listed,
        desk=_desk(report.desk or type_.desk, area),
        public=bool(public and public.truth),
        limits={**_limits(type_, urgency, owner, limit), **report.limits},
        why={name: _why(answer) for name, answer in asked.items() if answer},
    )


def _limits(type_: CaseType, *answers: Answer | None) -> dict[str, str]:
    """What the answers, the later ones before the earlier, say of the limits of the type."""
    outputs: dict[str, Any] = {}
    for answer in answers:
        if answer:
            outputs.update(answer.outputs)
    return {name: str(outputs[name]) for name in type_.ruled if outputs.get(name)}


def _desk(named: str, area: str) -> str:
    return street_office(area) if named == "street" else named


def _ask(type_: CaseType, purpose: Purpose, facts: Mapping[str, Any], on: date) -> Answer | None:
    name = type_.rules.get(purpose)
    if name is None:
        return None
    try:
        asked = rule(name, at=on)
    except NotFound:  # an imported report from before the rule was in force
        return None
    return evaluate(asked, facts)


def _why(answer: Answer) -> dict[str, Any]:
    """What the journal keeps of an answer: which rows of which version, on what basis, and what was unknown."""
    kept: dict[str, Any] = {"rule": answer.ref, "rows": answer.rows, "basis": answer.basis}
    if answer.outputs:
        kept["outputs"] = dict(answer.outputs)
    if answer.missing:
        kept["missing"] = answer.missing
    return kept
