"""Many lines in the same minute, over real connections: no call waits for another."""

import threading
import time
from collections import Counter

import pytest
from django.db import connections, transaction

from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.cases.opening import Report
from shanzhi.cases.tests.district import actor, clean
from shanzhi.hotline.actions.calling import Outcome, Taken, end
from shanzhi.hotline.models import Call
from shanzhi.learning import queries
from shanzhi.learning.models import Correction
from shanzhi.orgs.actor import Actor
from shanzhi.residents.person import Contact

pytestmark = pytest.mark.usefixtures("committed_district")
LINES, CALLS = 8, 5
TEXTS = ("玉林东路水管爆裂", "路灯不亮", "工地夜间施工", "社保卡丢了怎么补办", "楼下油烟太大")


def taken(line: int, number: int, outcome: Outcome = "case") -> Taken:
    report = Report(
        "complaint", TEXTS[number % len(TEXTS)], category="C0108", area="510107005", urgency="urgent"
    )
    who = Contact(f"来电{line}", f"1380000{line:02d}{number:02d}")
    return Taken(f"{line}-{number}", report, outcome, who, send=number % 2 == 0, reply="已答复")


def test_calls_of_many_lines_all_end_while_one_has_not_ended() -> None:
    """A line that has written and not committed yet holds nobody up: forty calls of eight lines end meanwhile."""
    operator, held, go_on = actor("hejiexian"), threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def slow() -> None:
        with transaction.atomic():
            end(operator, taken(99, 1))
            end(operator, taken(99, 3, "answered"))
            held.set()
            go_on.wait(60)
        connections.close_all()

    def line(number: int) -> None:
        try:
            for call in range(CALLS):
                end(operator, taken(number, call, "answered" if call == 3 else "case"))
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    waiting = threading.Thread(target=slow)
    waiting.start()
    assert held.wait(30)
    others = [threading.Thread(target=line, args=(n,)) for n in range(LINES)]
    began = time.monotonic()
    for one in others:
        one.start()
    for one in others:
        one.join(60)
    ended_meanwhile = Call.objects.count()
    took = time.monotonic() - began
    go_on.set()
    waiting.join(60)
    assert failures == []
    assert ended_meanwhile == LINES * CALLS, (
        f"{ended_meanwhile} calls ended in {took:.0f} s beside a slow one"
    )
    assert Call.objects.count() == LINES * CALLS + 2
    assert Counter(Call.objects.values_list("kind", flat=True)) == {"case": 33, "consultation": 9}
    assert Correction.objects.filter(name=queries.URGENCY).exists()
    clean()


def test_who_takes_no_calls_ends_none() -> None:
    with pytest.raises(NotSignedIn):
        end(Actor.anonymous(), taken(1, 1))
    with pytest.raises(Denied):
        end(actor("zhaochuzhi"), taken(1, 1))
