"""The conditions of a rule as a clerk reads them: each row of a table once, with what is known of its facts."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from shanzhi.residents.fact import FactType
from shanzhi.rules.reviewing import Check
from shanzhi.web.facts import value
from shanzhi.web.names import titled


def conditions(checks: Iterable[Check], types: Mapping[str, FactType]) -> list[dict[str, Any]]:
    """A line for each row or leaf; `met` is False where one of its cells is not met, None while one is not known."""
    return [_line(list(row), types) for _, row in groupby(checks, key=lambda check: check.number)]


def _line(row: list[Check], types: Mapping[str, FactType]) -> dict[str, Any]:
    first, held = row[0], [check.holds for check in row]
    return {
        "met": False if False in held else None if None in held else True,
        "says": titled(first.reason, first.fact),
        "basis": first.basis,
        "cells": [_cell(check, types.get(check.fact)) for check in row],
    }


def _cell(check: Check, type_: FactType | None) -> dict[str, Any]:
    known = "" if check.value is None else value(type_, check.value) if type_ else str(check.value)
    return {
        "title": titled(type_.title, check.fact) if type_ else check.fact,
        "known": known,
        "met": check.holds,
    }
