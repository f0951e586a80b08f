"""What is promised of every case, one promise a test: 王大妈 reports, 赵处置 handles, 李网格 looks."""

from collections.abc import Iterator

import pytest

from shanzhi.base.errors import Conflict, Denied, Invalid
from shanzhi.cases import actions, queries
from shanzhi.cases.tests.district import actor, brought_to, clean, later, opened, photo, step
from shanzhi.cases.ticker import tick
from shanzhi.files.queries import of_cases
from shanzhi.journal.queries import stream
from shanzhi.orgs.actor import Actor, Grant

SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def _verified(district: None) -> Iterator[None]:
    yield
    clean()


def test_a_clock_ticks_though_nobody_has_taken_the_case() -> None:
    case = opened()
    clock = case.clocks["accept"]
    assert (case["person"], clock.status) == (None, "running")
    assert tick(later(seconds=clock.span + 60)) == 1
    after = queries.state_of(case.id)
    assert (after["person"], after.clocks["accept"].lamp) == (None, 1.0)
    assert after.clocks["accept"].breached_at == clock.due
    assert after["level"] > case["level"]


def test_the_lamp_goes_on_at_eighty_and_at_a_hundred_per_cent() -> None:
    case = brought_to("dispatched")
    clock = case.clocks["case"]
    seen = []
    for part in (0.79, 0.81, 0.99, 1.01):
        tick(later(seconds=clock.span * part))
        seen.append(queries.state_of(case.id).clocks["case"].lamp)
    assert seen == [0.0, 0.8, 0.8, 1.0]
    lit = [entry.data["facts"].get("lamps", {}).get("case") for entry in stream(case.id)]
    assert [lamp for lamp in lit if lamp] == [0.8, 1.0]  # each is told once


def test_no_edit_starts_a_clock_anew() -> None:
    case = brought_to("handling")
    actions.note(actor("zhaochuzhi"), case.id, "已联系店主", public=True)
    actions.attach(actor("zhaochuzhi"), case.id, [photo(actor("zhaochuzhi"))], phase="before")
    actions.supervise(actor("zhangdudao"), case.id, 2, words="抓紧")
    actions.look(actor("sunpaiqian"), case.id, reason="回访")
    actions.amend(SYSTEM, case.id, facts={"amended": "said"}, data={"visit_part": "any"})
    assert queries.state_of(case.id).clocks == case.clocks


def test_given_to_another_office_it_has_no_more_time_and_the_reason_is_kept() -> None:
    case = brought_to("handling")
    with pytest.raises(Invalid):
        step(case.id, "sunpaiqian", "transfer", org="water")
    after = step(case.id, "sunpaiqian", "transfer", org="water", reason="下水道油污")
    assert (after["org"], after["person"]) == ("water", None)
    assert after.clocks["handle"].due == case.clocks["handle"].due
    assert stream(case.id)[-1].data["facts"]["reason"] == "下水道油污"


def test_who_looked_on_the_spot_does_not_handle_it() -> None:
    """核实: by another person than the handler, as 核查 is."""
    case = opened()
    step(case.id, "liwangge", "look", result="确有油烟")
    step(case.id, "wulian", "register")
    step(case.id, "sunpaiqian", "dispatch")
    office = queries.state_of(case.id)["org"]
    he = Actor("account", actor("liwangge").id, "李网格", (Grant("handler", org=office),))
    assert "accept" not in queries.view(he, case.id).allowed
    with pytest.raises(Denied) as caught:
        actions.move(he, case.id, "accept")
    assert caught.value.code == "same_person"
    assert "accept" in queries.view(actor("zhaochuzhi"), case.id).allowed


def test_pictures_say_whether_they_were_taken_before_or_after() -> None:
    case = brought_to("handling")
    actions.attach(actor("zhaochuzhi"), case.id, [photo(actor("zhaochuzhi"))], phase="before")
    step(case.id, "zhaochuzhi", "resolve")
    assert [file.kind for file in of_cases([case.id])[case.id]] == ["before", "after"]


def test_what_was_merged_twice_is_parted_from_the_outside_in() -> None:
    """Else those who reported the innermost would be told of an answer that is no longer theirs."""
    one, two, three = opened(), opened("chenjumin"), opened()
    he = actor("hejiexian")
    actions.merge(he, one.id, two.id)
    actions.merge(he, two.id, three.id)
    with pytest.raises(Conflict):
        actions.part(he, one.id, two.id)
    actions.part(he, two.id, three.id)
    actions.part(he, one.id, two.id)
    assert [r.account for r in queries.state_of(two.id).reporters.values() if r.active] == [
        actor("chenjumin").id
    ]
    assert queries.state_of(one.id)["open"]
