"""Closed cases of 赵处置, for the tests of what people did."""

from uuid import UUID

import pytest

from shanzhi.cases.tests.district import brought_to, opened
from shanzhi.insight.jobs import refresh
from shanzhi.insight.periods import Period, last_days
from shanzhi.orgs.models import Account
from shanzhi.places.history import today


def of(username: str) -> int:
    return Account.objects.get(username=username).pk


@pytest.fixture
def done(district: None) -> list[UUID]:
    """Three closed cases that 赵处置 handled, and one that is still open."""
    found = [brought_to("closed").id for _ in range(3)]
    refresh([*found, opened("chenjumin").id])
    return found


def month() -> Period:
    return last_days(today(), 30)
