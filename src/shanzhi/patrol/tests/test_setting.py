"""What the pack says keeps its order through the database, and says only what can be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shanzhi.patrol.setting import Setting

keys = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=6, unique=True)
TITLE = {"zh": "题", "en": "Title"}


def setting(order: list[str]) -> dict[str, Any]:
    asked = {key: {"title": TITLE} for key in order}
    kind = {"title": TITLE, "purpose": "目的", "basis": "依据", "questions": asked}
    items = {"title": TITLE, "basis": "依据", "items": {key: {"title": TITLE} for key in order}}
    return {"visits": dict.fromkeys(order, kind), "checklists": {"yard": items}}


@given(keys)
def test_kinds_questions_and_items_keep_the_order_of_the_file(order: list[str]) -> None:
    body = Setting.model_validate(setting(order)).model_dump(mode="json")
    kept = Setting.model_validate(
        json.loads(json.dumps(body, sort_keys=True))
    )  # as JSONB gives it back: sorted
    assert list(kept.visits) == order
    assert all(list(kind.questions) == order for kind in kept.visits.values())
    assert list(kept.checklists["yard"].items) == order
    assert kept.model_dump(mode="json") == body


@pytest.mark.parametrize("every", ["5wd", "8wh", "soon"])
def test_visits_come_round_in_natural_time(every: str) -> None:
    given_ = setting(["a"])
    given_["visits"]["a"] = {**given_["visits"]["a"], "every": every}
    with pytest.raises(ValidationError):
        Setting.model_validate(given_)
