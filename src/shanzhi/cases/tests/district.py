"""The demo district at work: its people by name, and how far a case has come.

For tests with the fixture `district` (or `committed_district`).
"""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from shanzhi.base.clock import now
from shanzhi.cases import actions
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.cases.verifying import verify
from shanzhi.cases.workflow import Inputs
from shanzhi.files.actions import store
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors
from shanzhi.run.picture import picture

YULIN = (104.061964, 30.635818)  # in 510107005001001, the grid of 李网格
FUMES = "E0107"  # 油烟: for the law enforcement bureau, where 赵处置 and 钱处置 work


def actor(username: str) -> Actor:
    """One of the demo accounts."""
    [found] = actors(usernames=[username])
    return found


def report(**given: Any) -> Report:
    """Fumes in Yulin, as 王大妈 would say it."""
    lon, lat = YULIN
    values: dict[str, Any] = {"type": "street-issue", "category": FUMES, "lon": lon, "lat": lat}
    return Report(**(values | {"text": "楼下烧烤店油烟太大"} | given))


def opened(username: str = "wangdama", **given: Any) -> State:
    """A case reported from an account."""
    who = actor(username)
    return actions.open_case(who, report(account=who.account, **given))


def photo(who: Actor) -> UUID:
    """A picture that somebody has sent in."""
    return UUID(str(store(who, picture(random.Random(1)), name="after.png").pk))


def step(case: UUID, username: str, name: str, **inputs: Any) -> State:
    """One move by one of the demo accounts."""
    who = actor(username)
    if name == "resolve":
        inputs = {"result": "已责令整改", "photo_after": (photo(who),)} | inputs
    at = inputs.pop("at", None)
    return actions.move(who, case, name, inputs=Inputs(**inputs), at=at)


LOOP: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("wulian", "register", {}),
    ("sunpaiqian", "dispatch", {}),
    ("zhaochuzhi", "accept", {}),
    ("zhaochuzhi", "resolve", {}),
    ("liwangge", "verify", {"result": "现场已无油烟"}),
    ("wangdama", "confirm", {}),
)


def brought_to(state: str, **given: Any) -> State:
    """A fresh case of 王大妈, brought along the loop to a state."""
    case = opened(**given)
    for username, name, inputs in LOOP:
        if case["state"] == state:
            return case
        case = step(case.id, username, name, **inputs)
    assert case["state"] == state
    return case


def later(**span: float) -> Any:
    """A time from now on."""
    return now() + timedelta(**span)


def clean() -> None:
    """Every case is what its journal says, and every chain is whole."""
    assert verify().found == ()
