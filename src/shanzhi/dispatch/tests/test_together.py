"""Tasks for two: whoever is new beside the one who has it is told, once, and the other hears nothing again."""

import pytest
from django.utils import translation

from shanzhi.base.clock import now
from shanzhi.cases import queries
from shanzhi.cases.jobs import notify
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor, clean, later, step
from shanzhi.desk.sheet import Sheet
from shanzhi.dispatch.actions import assign
from shanzhi.dispatch.jobs import plan
from shanzhi.dispatch.models import Planned, Shift
from shanzhi.dispatch.queries import route
from shanzhi.dispatch.running import run
from shanzhi.dispatch.tests.town import ORG, moved, on_shift, waiting
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice
from shanzhi.orgs.models import GrantRow

pytestmark = pytest.mark.usefixtures("district", "even_day")


def hole() -> State:
    """A collapsed road, which needs two, with the law enforcement bureau."""
    case = waiting(category="E0401", text="路面塌陷")
    step(case.id, "sunpaiqian", "transfer", org=ORG, reason="由执法局处置")
    return case


def third_one(username: str, east: float) -> int:
    """Somebody else who works for the bureau from now on, on shift."""
    GrantRow.objects.create(account_id=actor(username).account, role="handler", org_id=ORG)
    return on_shift(username, east)


def told(case: State) -> list[int]:
    """Who was told by the platform's moves of a case, in order."""
    entries = [e for e in stream(case.id) if e.actor == "system" and e.kind == "case.moved"]
    notify(entries)
    order = {entry.id: n for n, entry in enumerate(entries)}
    rows = Notice.objects.filter(entry__in=list(order), kind="case.assigned").values_list("entry", "account")
    return [account for _, account in sorted((order[entry], account) for entry, account in rows)]


def test_when_only_the_second_changes_he_alone_is_told_and_only_once() -> None:
    one, two = on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.5)
    case = hole()
    plan()
    assert sorted(told(case)) == sorted([one, two])
    first = queries.state_of(case.id)["person"]
    second = ({one, two} - {first}).pop()
    Shift.objects.filter(account=second).update(end=now())
    third = third_one("hanyulin", 0.4)
    plan(later(minutes=2))
    assert queries.state_of(case.id)["person"] == first
    assert told(case)[2:] == [third]
    assert [row.account for row in Planned.objects.filter(case=case.id).order_by("place")] == [first, third]
    assert all(Planned.objects.filter(case=case.id).values_list("assigned", flat=True))
    assert [stop.case for stop in route(actor("hanyulin"), later(minutes=2)).stops] == [case.id]
    for minute in range(4, 12, 2):
        plan(later(minutes=minute))
    assert told(case)[2:] == [third]
    entry = [e for e in stream(case.id) if e.data["facts"].get("joins")]
    assert [e.data["facts"]["joins"] for e in entry] == [[third]]
    [line] = [one for one in Sheet.of(actor("sunpaiqian"), case.id).timeline if one.at == entry[0].at]
    assert any("韩玉林" in text for _label, text in line.words)
    clean()


def spared(case: State) -> list[int]:
    """Who was told that he need not go there any more, in order."""
    entries = stream(case.id)
    notify(entries)
    order = {entry.id: n for n, entry in enumerate(entries)}
    rows = Notice.objects.filter(entry__in=list(order), kind="case.spared").values_list("entry", "account")
    return [account for _, account in sorted((order[entry], account) for entry, account in rows)]


def test_a_second_one_who_is_needed_no_more_is_told_once_and_the_first_hears_nothing() -> None:
    one, two = on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.5)
    case = hole()
    plan()
    first = queries.state_of(case.id)["person"]
    second = ({one, two} - {first}).pop()
    third = third_one("hanyulin", 0.4)
    moved(second, 9.0)
    before = queries.state_of(case.id)["version"]
    plan(later(minutes=2))
    assert [row.account for row in Planned.objects.filter(case=case.id).order_by("place")] == [first, third]
    assert (spared(case), told(case)[2:]) == ([second], [third])
    name = next(who for who in ("zhaochuzhi", "qianchuzhi") if actor(who).account == second)
    assert route(actor(name), later(minutes=2)).stops == ()
    assert queries.state_of(case.id)["version"] > before
    for minute in range(4, 10, 2):
        plan(later(minutes=minute))
    assert spared(case) == [second]
    with translation.override("en"):
        lines = Sheet.of(actor("sunpaiqian"), case.id).timeline
    said = [text for line in lines for label, text in line.words if label == "Need not go there any more"]
    assert said == [actor(name).name]
    clean()


def test_who_was_to_go_with_somebody_hears_when_the_dispatcher_gives_it_to_another_or_takes_it_back() -> None:
    one, two = on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.5)
    third = third_one("hanyulin", 20.0)
    case = hole()
    plan()
    first = queries.state_of(case.id)["person"]
    second = ({one, two} - {first}).pop()
    assign(actor("sunpaiqian"), case.id, third)
    assert spared(case) == [second]
    again = hole()
    Shift.objects.filter(account=third).update(end=now())
    plan(later(minutes=2))
    both = {queries.state_of(again.id)["person"], *spared(again)}
    assert both == {one} or both == {two}
    assign(actor("sunpaiqian"), again.id, None)
    assert len(spared(again)) == 1
    clean()


def test_at_whichever_door_the_first_one_loses_it_the_second_hears_of_it_with_the_next_plan() -> None:
    one, two = on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.5)
    case = hole()
    plan()
    first = queries.state_of(case.id)["person"]
    second = ({one, two} - {first}).pop()
    version = queries.state_of(case.id)["version"]
    step(case.id, "sunpaiqian", "transfer", org="water", reason="是供水管道塌陷")
    plan(later(minutes=2))
    plan(later(minutes=4))
    assert spared(case) == [second]
    assert queries.state_of(case.id)["version"] == version + 1  # what was only told makes no act an old one
    assert not Planned.objects.filter(case=case.id, account=second).exists()
    clean()


def test_who_has_done_it_together_is_not_told_that_he_need_not_go() -> None:
    on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.5)
    case = hole()
    plan()
    first = queries.state_of(case.id)["person"]
    name = next(who for who in ("zhaochuzhi", "qianchuzhi") if actor(who).account == first)
    step(case.id, name, "accept")
    plan(later(minutes=2))
    step(case.id, name, "resolve")
    plan(later(minutes=4))
    assert spared(case) == []


def test_when_the_one_who_had_it_goes_home_the_other_is_not_told_again_and_the_new_one_is() -> None:
    one, two = on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.9)
    case = hole()
    plan()
    assert (queries.state_of(case.id)["person"], sorted(told(case))) == (one, sorted([one, two]))
    Shift.objects.filter(account=one).update(end=now())
    third = third_one("fengyanghu", 0.1)
    plan(later(minutes=2))
    assert queries.state_of(case.id)["person"] == third
    assert [row.account for row in Planned.objects.filter(case=case.id).order_by("place")] == [third, two]
    assert told(case)[2:] == [third]


def test_who_goes_with_somebody_chosen_by_hand_is_told_too() -> None:
    one, two = on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.5)
    case = hole()
    step(case.id, "sunpaiqian", "assign", person=one)
    plan()
    assert queries.state_of(case.id)["person"] == one
    assert told(case) == [two]
    assert [stop.case for stop in route(actor("qianchuzhi"), later(minutes=1)).stops] == [case.id]
    for minute in range(2, 8, 2):
        plan(later(minutes=minute))
    assert told(case) == [two]
    assert not Planned.objects.get(
        case=case.id, place=0
    ).assigned  # it is his by hand, and no run takes it away
    clean()


def test_a_run_that_dies_after_giving_tells_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = on_shift("zhaochuzhi", 0.3), on_shift("qianchuzhi", 0.5)
    case = hole()
    with monkeypatch.context() as dying:
        dying.setattr("shanzhi.dispatch.running._kept", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(ORG, now())
    assert sorted(told(case)) == sorted([one, two])
    plan(later(minutes=2))
    assert sorted(told(case)) == sorted([one, two])
