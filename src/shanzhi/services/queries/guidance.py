"""Guidance: services that meet somebody's words, tried on what is known of him and what he says."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shanzhi.base.clock import now
from shanzhi.residents.fact import Known
from shanzhi.residents.queries import facts
from shanzhi.services.actions.applying import read, together
from shanzhi.services.guiding import Fit, fit, ordered
from shanzhi.services.queries import catalogue

MOST = 12


def known_of(person: UUID | None, said: Mapping[str, Any]) -> dict[str, Known]:
    """What is known of somebody, if he is known, with what he says now."""
    registry = facts.types()
    known = facts.of(person, list(registry)) if person is not None else {}
    return together(registry, known, read(registry, said, set(registry)), now())


def fits(words: str, known: Mapping[str, Known], *, life: str = "", limit: int = MOST) -> list[Fit]:
    """The services that meet the words (all, without words), as they fit; what fits first."""
    offered, registry = catalogue.current(), facts.types()
    if words.strip():
        weights = {one.code: one.score for one in catalogue.index().find(words, limit=limit)}
    else:
        weights = {code: 1.0 for code, item in offered.items() if item.audience == "person"}
    found = [
        fit(offered[code], catalogue.rule(offered[code]), registry, known, on=facts.today(), weight=weight)
        for code, weight in weights.items()
        if offered[code].open and (not life or life in offered[code].life)
    ]
    return ordered(found)
