"""Tickers: what is done when its time has come (clocks, messages, reports), not because something was written.

A ticker is a function that does a batch of what is due, in transactions of its own, and returns how much that was.
One that fails waits, longer each time, and says so in a row of its own; workers share that row, so that each of
them leaves it alone meanwhile. One that works is noted once a minute.
"""

import logging
import time
from collections.abc import Callable, Collection
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID, uuid5

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F

from shanzhi.base.clock import now
from shanzhi.journal.actions import append
from shanzhi.journal.models import TickerTurn

log = logging.getLogger(__name__)
Ticker = Callable[[], int]
NOTED = 60.0  # seconds between two notes of one that works
LONGEST = timedelta(minutes=5)
SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c000a")

_noted: dict[str, float] = {}


def name_of(ticker: Ticker) -> str:
    """How it is listed: `cases.ticker.tick`."""
    name = getattr(ticker, "__qualname__", type(ticker).__name__)
    return f"{getattr(ticker, '__module__', '')}.{name}".removeprefix("shanzhi.")


def discovered() -> dict[str, Ticker]:
    """The tickers that the installed rooms have in their `jobs.py`, by name."""
    found: list[Ticker] = []
    for app in apps.get_app_configs():
        if app.name.startswith("shanzhi.") and find_spec(f"{app.name}.jobs"):
            found += getattr(import_module(f"{app.name}.jobs"), "TICKERS", [])
    return {name_of(ticker): ticker for ticker in found}


def tick(tickers: Collection[Ticker]) -> int:
    """One turn of all that do not wait; how much was done. One that fails does not keep the others from their work."""
    failing = dict(TickerTurn.objects.filter(failures__gt=0).values_list("name", "next_at"))
    at = now()
    free = [one for one in tickers if failing.get(name_of(one), at) <= at]
    return sum(_ticked(one, name_of(one) in failing) for one in free)


def _ticked(ticker: Ticker, was_failing: bool) -> int:
    name = name_of(ticker)
    try:
        done = ticker()
    except Exception as error:
        if connection.connection is None or not connection.is_usable():
            raise
        log.exception("ticker %s failed", name)
        _fail(name, str(error) or type(error).__name__)
        return 0
    if was_failing or time.monotonic() - _noted.get(name, -NOTED) >= NOTED:
        _noted[name] = time.monotonic()
        _note(name, failures=0, error="", next_at=now())
    return done


def _fail(name: str, error: str) -> None:
    earlier = TickerTurn.objects.filter(pk=name).values_list("failures", flat=True).first() or 0
    wait = min(timedelta(seconds=2 ** min(earlier, 20)), LONGEST)
    _note(name, failures=F("failures") + 1, error=error[:2000], next_at=now() + wait)


def _note(name: str, **changes: Any) -> None:
    """Keeps how a turn went; two workers that come at once do no harm."""
    if not TickerTurn.objects.filter(pk=name).update(ran_at=now(), **changes):
        first = {**changes, "failures": int(bool(changes["error"]))}
        TickerTurn.objects.bulk_create([TickerTurn(name=name, ran_at=now(), **first)], ignore_conflicts=True)


def turns() -> list[dict[str, Any]]:
    """What is known of each ticker, by name."""
    return [dict(row) for row in TickerTurn.objects.order_by("name").values()]


@transaction.atomic
def wake_up(actor: str, name: str) -> bool:
    """Ends the pause of a ticker that waits after a failure; False when it does not wait."""
    waiting = TickerTurn.objects.filter(pk=name, failures__gt=0, next_at__gt=now())
    if not waiting.update(next_at=now()):
        return False
    append(actor, uuid5(SPACE, name), "ticker.woken", {"ticker": name})
    return True
