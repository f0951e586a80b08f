"""The demo district for the tests of this door."""

from typing import Any

import pytest

from shanzhi.cases import actions
from shanzhi.cases.opening import Report
from shanzhi.desk.tests.clicking import actor
from shanzhi.web.tests.demo import wuhou, wuhou_once

__all__ = ["wuhou", "wuhou_once"]


@pytest.fixture
def case(wuhou: None) -> Any:
    """王大妈's report of a loose manhole cover in 玉林街道."""
    wang = actor("wangdama")
    text = "玉林东路小区门口的井盖松动"
    report = Report("street-issue", text, category="C0101", area="510107005", account=wang.account)
    return actions.open_case(wang, report)
