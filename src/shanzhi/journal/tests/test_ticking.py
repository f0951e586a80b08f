"""Work whose time comes: what fails waits longer each time, is seen, and can be tried again at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanzhi.base.clock import now
from shanzhi.journal.models import EntryRow, TickerTurn
from shanzhi.journal.ticking import LONGEST, discovered, name_of, tick, turns, wake_up

pytestmark = pytest.mark.django_db


class Work:
    """A ticker that fails until it is mended."""

    def __init__(self) -> None:
        self.broken, self.runs = True, 0

    def __call__(self) -> int:
        self.runs += 1
        if self.broken:
            raise ValueError("no room")
        return 2


def called(name: str, work: Callable[[], int]) -> Callable[[], int]:
    def ticker() -> int:
        return work()

    ticker.__module__, ticker.__qualname__ = "shanzhi.test.jobs", name
    return ticker


def row(ticker: Callable[[], int]) -> TickerTurn:
    return TickerTurn.objects.get(pk=name_of(ticker))


def wakened(ticker: Callable[[], int]) -> bool:
    return wake_up("account:1", name_of(ticker))


def test_what_fails_waits_and_is_seen_and_the_others_go_on() -> None:
    sick, well = Work(), Work()
    well.broken = False
    tickers = [called("sick", sick), called("well", well)]
    assert [tick(tickers), tick(tickers)] == [2, 2]
    assert (sick.runs, well.runs) == (1, 2)
    known = {one["name"]: one for one in turns()}
    assert known["test.jobs.sick"]["error"] == "no room"
    assert known["test.jobs.sick"]["next_at"] > now()
    assert known["test.jobs.well"]["failures"] == 0


def test_it_waits_longer_each_time_but_never_for_ever() -> None:
    ticker, waits = called("worse", Work()), []
    for _ in range(12):
        tick([ticker])
        waits.append(row(ticker).next_at - now())
        assert wakened(ticker)
    assert waits[0] < timedelta(seconds=1.1) < waits[2] < waits[5]
    assert max(waits) <= LONGEST
    assert row(ticker).failures == 12


def test_once_mended_it_is_tried_at_once_and_its_error_is_gone() -> None:
    work = Work()
    ticker = called("mended", work)
    tick([ticker])
    work.broken = False
    assert tick([ticker]) == 0
    assert wakened(ticker)
    assert tick([ticker]) == 2
    assert (row(ticker).failures, row(ticker).error) == (0, "")
    assert not wakened(ticker)
    assert EntryRow.objects.filter(kind="ticker.woken", actor="account:1").count() == 1


def test_a_turn_of_what_works_costs_one_statement() -> None:
    work = Work()
    work.broken = False
    ticker = called("cheap", work)
    tick([ticker])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tick([ticker])
    assert len(asked) == 1


def test_the_installed_ones_are_found_by_names_of_their_own() -> None:
    assert {"cases.ticker.tick", "notices.sending.send"} <= discovered().keys()
