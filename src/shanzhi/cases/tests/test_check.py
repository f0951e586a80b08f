"""A case type that could trap a case is refused before anybody uses it."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from shanzhi.cases.casetype import CaseType
from shanzhi.cases.check import findings

ROLES = ("operator", "registrar", "dispatcher", "grid_worker", "street_leader", "street_officer")
RULES = {
    "urgency": ("urgency", "respond"),
    "responsibility": ("lead", "helpers", "limit"),
    "limits": ("limit", "sign"),
    "whistle": ("departments", "muster", "act"),
    "public-report": (),
}
TYPES = sorted((Path(__file__).parents[4] / "packs/wuhou/case-types").glob("*.yaml"))


def street() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(next(t for t in TYPES if t.stem == "street-issue").read_text())
    return copy.deepcopy(found)


def codes(body: dict[str, Any]) -> set[str]:
    found = findings(CaseType.model_validate(body), roles=ROLES, rules=RULES, orgs=("centre", "approval"))
    return {finding.code for finding in found}


@pytest.mark.parametrize("path", TYPES, ids=lambda path: path.stem)
def test_the_types_of_the_demo_are_sound(path: Path) -> None:
    assert codes(yaml.safe_load(path.read_text())) == set()


def test_an_unreachable_state() -> None:
    body = street()
    body["states"]["limbo"] = {"title": {"zh": "悬置", "en": "Limbo"}}
    assert codes(body) == {"unreachable"}


def test_a_dead_end() -> None:
    body = street()
    body["states"]["stuck"] = {"title": {"zh": "卡住", "en": "Stuck"}, "open": True}
    body["moves"]["jam"] = {
        "title": {"zh": "卡", "en": "Jam"},
        "from": "handling",
        "to": "stuck",
        "who": "owner",
    }
    assert codes(body) == {"dead-end"}


def test_a_clock_that_never_stops() -> None:
    body = street()
    body["clocks"]["case"]["runs_in"].append("closed")
    assert codes(body) == {"endless-clock"}


def test_a_role_that_nobody_can_hold_a_rule_and_an_office_that_do_not_exist() -> None:
    body = street()
    body["moves"]["register"]["who"] = "emperor@area"
    body["rules"]["urgency"] = "oracle"
    body["desk"] = "nowhere"
    assert codes(body) == {"unknown-role", "missing-rule", "missing-org"}


def test_a_limit_that_no_rule_gives() -> None:
    body = street()
    body["clocks"]["handle"]["rule_output"] = "within"
    assert codes(body) == {"missing-output"}


def test_two_buttons_that_look_the_same() -> None:
    body = street()
    body["moves"]["again"] = dict(body["moves"]["register"], to="refused")
    assert "ambiguous" in codes(body)


def test_unknown_states_moves_and_needs() -> None:
    body = street()
    body["moves"]["verify"]["apart_from"] = ["nothing"]
    body["moves"]["accept"]["to"] = "nowhere"
    body["moves"]["resolve"]["needs"].append("blessing")
    assert {"unknown-move", "unknown-state", "unknown-need"} <= codes(body)


def test_a_refusal_needs_a_reason() -> None:
    body = street()
    body["moves"]["refuse"]["needs"] = []
    assert codes(body) == {"no-reason"}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("moves", "return", "counts_from"), "nothing", "unknown-clock"),
        (("moves", "dispatch", "calls"), "dance", "unknown-task"),
        (("tasks",), {"act": {"title": {"zh": "处置", "en": "Act"}, "then": "rest"}}, "unknown-task"),
        (
            ("tasks",),
            {"act": {"title": {"zh": "处置", "en": "Act"}, "rule_output": "luck"}},
            "missing-output",
        ),
    ],
)
def test_what_moves_and_tasks_name_must_be_there(path: tuple[str, ...], value: Any, code: str) -> None:
    body = street()
    part = body
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    assert codes(body) == {code}
