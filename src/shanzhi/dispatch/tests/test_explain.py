from typing import get_args

from django.utils.translation import gettext, override

from shanzhi.dispatch.board import Task, Worker
from shanzhi.dispatch.costs import Hindrance
from shanzhi.dispatch.explain import LEFT, chosen, left, sentence
from shanzhi.dispatch.matching import Plan, Word, plan
from shanzhi.dispatch.tests.boards import WEIGHTS, board, task, worker

PUMP = frozenset({"抽水泵"})
WORKERS = [worker("李网格", 1.8, skills=PUMP, open=3), worker("赵网格", 3.1, skills=PUMP)]


def planned(workers: list[Worker], tasks: list[Task], word: Word = Word()) -> Plan:
    people, things, minutes = board(workers, tasks)
    return plan(people, things, minutes, 0.0, WEIGHTS, word=word)


def said(word: Word = Word(), *, due: float = 480.0, language: str = "en", people: int = 2) -> str:
    workers, tasks = WORKERS[:people], [task("积水", skills=PUMP, due=due)]
    found = planned(workers, tasks, word)
    phrases = chosen(found, found.pairs[0], workers, tasks, word)
    with override(language):
        return sentence(phrases, gettext) if language == "en" else sentence(phrases, gettext, "，", "；")


def test_an_assignment_says_how_far_what_he_has_and_who_was_next() -> None:
    assert said() == "8 minutes away, has 抽水泵, 3 open tasks; next best 14 minutes"
    assert said(language="zh-hans") == "约8分钟可到，具备抽水泵，手上有3件任务；次优人选需14分钟"


def test_it_says_what_else_decided() -> None:
    assert said(Word(pins=[(1, 0)])).startswith("chosen by the dispatcher, 14 minutes away")
    assert "5 minutes after the limit" in said(due=3.0)
    assert said(people=1).endswith("; nobody else can do it now")


def test_a_better_one_who_is_needed_elsewhere_is_named_so() -> None:
    workers = [worker("李网格"), worker("赵网格", 1.5)]
    tasks = [task("a", 0.5), task("b", -1.0, urgency="urgent", due=10.0)]
    found = planned(workers, tasks)
    assert found.pairs == [(0, 1), (1, 0)]
    with override("en"):
        text = sentence(chosen(found, (1, 0), workers, tasks), gettext)
    assert text.endswith("next best 2 minutes, needed elsewhere")


def test_every_reason_has_a_sentence() -> None:
    assert set(LEFT) >= set(get_args(Hindrance)) | {"nobody", "later", "partner", "pinned", "solver"}
    with override("zh-hans"):
        texts = {left(reason).said(gettext) for reason in LEFT}
    assert len(texts) == len(LEFT) and all("Nobody" not in text for text in texts)
