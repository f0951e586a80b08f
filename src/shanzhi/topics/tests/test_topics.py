"""What many say at once in the demo district, what it will bring next week, and how it was answered."""

from datetime import timedelta
from typing import Any

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, NotSignedIn
from shanzhi.cases.tests.district import actor, brought_to, opened
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.topics import actions, jobs, queries
from shanzhi.topics.models import Member, Reply

pytestmark = pytest.mark.usefixtures("district")
NIGHT = ("和平里工地夜间施工扰民", "和平里工地每天夜里施工到凌晨两点，吵得睡不着")
AGAIN = ("和平里工地凌晨两点还在夜间施工", "和平里工地夜里施工到凌晨，吵得睡不着觉")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_recent", jobs.Recent())


def read() -> None:
    entries = [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])]
    for _ in range(2):  # what is read twice is kept once
        jobs.join(entries)
        jobs.mark(entries)


def told(words: tuple[str, str], hours: float = 1, **more: Any) -> Any:
    return opened(title=words[0], text=words[1], at=now() - timedelta(hours=hours), **more)


def test_two_wordings_of_one_matter_are_a_topic_with_its_people() -> None:
    first, other = told(NIGHT, 3), told(("路灯不亮", "玉林东路路灯不亮"), 2)
    second = told(AGAIN, 1)
    read()
    assert Member.objects.get(pk=second.id).topic == first.id
    assert Member.objects.get(pk=other.id).topic == other.id
    [topic] = queries.hot(actor("shenji"), days=7, at=now())
    assert [case["id"] for case in topic.cases] == [second.id, first.id]
    assert (topic.heat.reports, topic.heat.people, topic.heat.before) == (2, 1, 0)
    assert topic.first < topic.last
    assert queries.topic(actor("shenji"), topic.id) == [second.id, first.id]


def test_a_process_that_begins_later_finds_the_topic_too(monkeypatch: pytest.MonkeyPatch) -> None:
    first = told(NIGHT, 3)
    read()
    monkeypatch.setattr(jobs, "_recent", jobs.Recent())
    second = told(AGAIN, 1)
    read()
    assert Member.objects.get(pk=second.id).topic == first.id


def test_a_person_puts_topics_right_and_they_stay_so() -> None:
    first, other, second = told(NIGHT, 3), told(("路灯不亮", "玉林东路路灯不亮"), 2), told(AGAIN, 1)
    read()
    dispatcher = actor("sunpaiqian")
    assert actions.join(dispatcher, other.id, first.id) == first.id
    assert set(queries.topic(dispatcher, first.id)) == {first.id, other.id, second.id}
    assert actions.split(dispatcher, first.id) == first.id  # the others go on under the next one's id
    assert set(queries.topic(dispatcher, other.id)) == {other.id, second.id}
    assert actions.split(dispatcher, second.id) == second.id
    stands = dict(Member.objects.values_list("pk", "topic"))
    Member.objects.update(topic=first.id)
    read()  # what was put right is in the journal, for whoever makes topics again
    assert dict(Member.objects.values_list("pk", "topic")) == stands
    with pytest.raises(Conflict):
        actions.split(dispatcher, second.id)
    with pytest.raises(Conflict):
        actions.join(dispatcher, other.id, other.id)
    with pytest.raises(Denied):
        actions.join(actor("shenji"), other.id, first.id)


def test_what_is_old_is_forgotten_but_keeps_its_topic() -> None:
    first = told(NIGHT, 24 * 90)
    read()
    second = told(AGAIN, 1)
    read()
    assert Member.objects.get(pk=first.id).topic == first.id
    assert Member.objects.get(pk=second.id).topic == second.id


def test_only_those_who_see_figures_see_topics_and_only_theirs() -> None:
    told(NIGHT, 3)
    told(AGAIN, 1)
    read()
    with pytest.raises(Denied):
        queries.hot(actor("wulian"), days=7, at=now())
    with pytest.raises(NotSignedIn):
        queries.hot(Actor.anonymous(), days=7, at=now())
    assert queries.hot(actor("shenji"), days=7, at=now(), area="510107014") == []


def test_next_week_is_expected_where_there_is_history() -> None:
    for week in range(10):
        told(("路灯不亮", f"第{week}盏路灯不亮"), 24 * 7 * week + 5)
    [street] = queries.expected(actor("shenji"), at=now())
    assert street.area == "510107005"
    assert street.found is not None and 0.5 < street.found.mean < 1.6
    assert not street.found.seasonal
    assert queries.expected(actor("shenji"), at=now(), area="510107014") == []


def test_a_result_that_is_sent_is_scored() -> None:
    case = brought_to("closed")
    read()
    [reply] = Reply.objects.filter(case=case.id)
    assert 0 <= reply.answers <= 2
    assert reply.in_time is True
    [row] = queries.replies(actor("shenji"), first=now() - timedelta(days=2), last=now() + timedelta(days=1))
    assert (row["org"], row["n"]) == (reply.org, 1)
