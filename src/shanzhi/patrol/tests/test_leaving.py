"""Who has died or moved away leaves the list of regular visits by himself, and who would have gone there is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict
from shanzhi.cases.models import Case, CaseTypeVersion
from shanzhi.cases.queries import state_of
from shanzhi.cases.tests.district import actor, clean
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice
from shanzhi.orgs.actor import Actor
from shanzhi.patrol import actions, jobs, queries
from shanzhi.patrol.actions import Said
from shanzhi.patrol.models import Regular, Visit
from shanzhi.patrol.setting import End
from shanzhi.patrol.tests.test_visits import GRID, kinds_of, planned, somebody, today
from shanzhi.patrol.visiting import ended_by
from shanzhi.residents.actions import facts
from shanzhi.residents.fact import Known

pytestmark = pytest.mark.usefixtures("district")
ENDS = {
    "died": End(title={"zh": "去世", "en": "died"}, fact="died", value=True),
    "moved": End(title={"zh": "迁离", "en": "moved"}, fact="dwells", elsewhere=True, trust=3),
}


def said(person: UUID, key: str, value: Any, source: str = "police", **more: Any) -> None:
    """What a source says of somebody, and what the reader makes of it."""
    facts.keep(Actor.system("exchange"), person, [facts.Given(key, value, **more)], source=source)
    jobs.known_anew([entry for entry in stream(person) if entry.kind == "facts.kept"][-1:])


def told() -> dict[int, UUID | None]:
    """Who has heard that somebody left the list, and of which visit."""
    return dict(Notice.objects.filter(kind="case.unlisted").values_list("account", "case"))


def test_who_has_died_leaves_the_list_the_visit_is_called_off_and_his_visitor_is_told_once() -> None:
    person, worker = somebody(), actor("liwangge").account
    case = planned(person=person, regular=True, worker=worker)
    said(person, "died", True)
    assert Regular.objects.get().ended_at is not None
    assert (state_of(case)["state"], Visit.objects.get().closed_at is None) == ("dropped", False)
    assert "登记信息显示：已去世" in str(stream(case)[-1].data["facts"])
    entry = next(one for one in stream(person) if one.kind == "person.visits_ended")
    assert (entry.actor, entry.data["reason"], entry.data["source"]) == ("system", "已去世", "police")
    assert told() == {worker: case}
    said(person, "died", True)
    assert (
        kinds_of(person).count("person.visits_ended") == 1
        and Notice.objects.filter(kind="case.unlisted").count() == 1
    )
    assert actions.open_due(at=now() + timedelta(days=30)) == 0
    assert queries.visits(actor("liwangge"), [GRID], now()) == []
    clean()


def test_between_two_visits_nothing_is_called_off_and_whoever_works_there_is_told() -> None:
    person = somebody()
    case = planned(person=person, regular=True)
    actions.visited(actor("liwangge"), case, Said(True, {}))
    said(person, "dwells", "510107001")
    assert Regular.objects.get().ended_at is not None and state_of(case)["state"] == "made"
    assert told() == dict.fromkeys(queries.workers(GRID), case)
    clean()


@pytest.mark.parametrize(
    ("key", "value", "source"),
    [
        ("died", True, "window"),  # said by whoever came for a relative
        ("died", True, "declared"),
        ("died", False, "police"),
        ("dwells", "510107005", "police"),  # the street in which the grid lies
        ("dwells", GRID, "window"),
        ("dwells", "510107001", "visit"),
    ],
)
def test_what_says_less_than_that_changes_nothing(key: str, value: Any, source: str) -> None:
    person = somebody()
    case = planned(person=person, regular=True)
    said(person, key, value, source)
    assert Regular.objects.get().ended_at is None and state_of(case)["open"]


def test_what_two_registers_dispute_waits_until_it_is_settled() -> None:
    person = somebody()
    planned(person=person, regular=True)
    facts.keep(Actor.system("exchange"), person, [facts.Given("died", False)], source="health")
    said(person, "died", True)
    assert Regular.objects.get().ended_at is None


def test_what_holds_only_from_a_later_day_counts_when_the_next_visit_would_be_opened() -> None:
    person = somebody()
    case = planned(person=person, regular=True)
    actions.visited(actor("liwangge"), case, Said(True, {}))
    said(person, "dwells", "510107001", valid_from=today() + timedelta(days=3))
    assert Regular.objects.get().ended_at is None
    assert actions.open_due(at=now() + timedelta(days=6)) == 0
    assert Regular.objects.get().ended_at is not None and Visit.objects.count() == 1


def test_nobody_plans_a_visit_to_the_dead_and_the_look_is_written_down() -> None:
    person = somebody()
    said(person, "died", True)
    with pytest.raises(Conflict):
        planned(person=person)
    other = somebody(2)
    said(other, "dwells", "510107001")
    with pytest.raises(Conflict):
        planned(person=other, regular=True)
    planned(person=other)  # he stays with his daughter: who plans it knows better, for this once
    assert "facts.read" in kinds_of(other)


def test_a_visit_that_began_under_the_version_before_is_called_off_too() -> None:
    person = somebody()
    case = planned(person=person, regular=True)
    row = CaseTypeVersion.objects.get(type="visit", version=3)
    body = {**row.body, "version": 2, "moves": {**row.body["moves"]}}
    body["moves"]["drop"] = {**body["moves"]["drop"], "who": "registrar@area"}
    CaseTypeVersion.objects.create(type="visit", version=2, body=body, current=False)
    Case.objects.filter(pk=case).update(type_version=2)
    said(person, "died", True)
    assert (state_of(case)["state"], state_of(case)["type_version"]) == ("dropped", 3)


@given(
    st.sampled_from(["died", "dwells"]),
    st.sampled_from([True, False, "510107", "510107005", GRID, "510107005001002", "510107001", ""]),
    st.integers(0, 4),
    st.booleans(),
)
def test_only_what_is_sure_and_says_it_ends_the_visits(
    key: str, value: Any, trust: int, disputed: bool
) -> None:
    fact = Known(key, value, "police", trust, now(), uuid4(), disputed)
    found = ended_by(ENDS, {key: fact}, GRID)
    if disputed or trust < 3:
        assert found is None
    elif key == "died":
        assert (found == "died") == (value is True and trust == 4)
    elif isinstance(value, str):
        around = value == "" or GRID.startswith(value)
        assert (found == "moved") == (not around)
    assert ended_by(ENDS, {}, GRID) is None
