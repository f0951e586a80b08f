"""The cast of these tests: 王大妈 (resident), 张督办 (street leader), an administrator, a machine.

Models are imported inside, because this file is read before Django is set up.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from shanzhi.orgs.actor import Actor, Grant

if TYPE_CHECKING:
    from shanzhi.orgs.models import Account, Client, Org

PASSWORD = "liang-shui-jing-42"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    from shanzhi.orgs import limits, queries

    queries.forget()
    limits.forget()
    yield
    queries.forget()
    limits.forget()


def opened(username: str, name: str, role: str, area: str = "", *, staff: bool = True) -> "Account":
    from shanzhi.orgs import actions

    grants = [Grant(role, area)]
    return actions.open_account(Actor.system(), username, PASSWORD, name=name, staff=staff, grants=grants)


@pytest.fixture
def chengguan(db: None) -> "Org":
    from shanzhi.orgs.models import Org

    return Org.objects.create(key="chengguan", name="综合行政执法局", kind="department", area="510107")


@pytest.fixture
def wang(db: None) -> "Account":
    return opened("wangdama", "王大妈", "resident", staff=False)


@pytest.fixture
def zhang(db: None) -> "Account":
    return opened("zhangdudao", "张督办", "street_leader", "510107001")


@pytest.fixture
def administrator(db: None) -> "Account":
    return opened("admin", "管理员", "administrator")


@pytest.fixture
def hotline(db: None) -> "tuple[Client, str]":
    from shanzhi.orgs import actions

    return actions.open_client(Actor.system(), "12345", grants=[Grant("operator", "510107")])
