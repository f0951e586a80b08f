"""Approved answers: read from the pack with its lines, found by the words of a question."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.hotline.answers import Answer, Index
from shanzhi.hotline.pack import Answers
from shanzhi.packs.files import Pack

ROOT = Path(__file__).parents[4]
DAY = date(2026, 3, 2)
SAMPLE = Answers().read(Pack(ROOT / "packs" / "wuhou"))
INDEX = Index.of(Answer.model_validate(row["body"]) for row in SAMPLE.values())


def given_answer(id_: str = "card", **more: object) -> Answer:
    whole = {
        "id": id_, "questions": ["社保卡丢了怎么补办"], "answer": "先挂失，再补办。",
        "source": {"document": "社会保险法"}, "valid": {"from": "2026-01-01"}, **more,
    }  # fmt: skip
    return Answer.model_validate(whole)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("您好，我想问一下社保卡丢了要去哪里补办啊", "social-card-lost"),
        ("我身份证昨天丢了，怎么补", "id-card"),
        ("老家来的亲戚想办居住证，要什么材料", "residence-permit"),
        ("家里有个旧沙发不知道扔哪里", "garbage-sorting"),
        ("请问驾照快到期了怎么换证", "driving-licence"),
        ("我要申请公租房，条件是什么", "rent-subsidy"),
    ],
)
def test_a_question_in_other_words_finds_its_answer(asked: str, key: str) -> None:
    assert INDEX.ask(asked, DAY)[0].answer.id == key


@pytest.mark.parametrize("said", ["", "喂", "楼道灯坏了三天没人修", "工地太吵了根本睡不着", "水管爆了"])
def test_what_is_no_question_finds_none(said: str) -> None:
    assert INDEX.ask(said, DAY) == []


def test_an_answer_is_given_while_it_holds() -> None:
    index = Index.of([given_answer(valid={"from": "2026-01-01", "to": "2026-02-01"})])
    assert index.ask("社保卡丢了怎么补办", date(2026, 1, 15))
    assert not index.ask("社保卡丢了怎么补办", date(2025, 12, 31))
    assert not index.ask("社保卡丢了怎么补办", date(2026, 2, 1))


@given(st.text(max_size=60))
def test_any_text_is_answered_by_likeness_between_nothing_and_all(text: str) -> None:
    found = INDEX.ask(text, DAY)
    assert all(0 < one.score <= 1 + 1e-9 for one in found)
    assert len({one.answer.id for one in found}) == len(found)


def test_faults_in_the_file_are_told_with_their_lines(tmp_path: Path) -> None:
    whole = (
        "  - {id: a, questions: [怎么办证], answer: 带身份证来办, source: {document: 办法}, "
        "valid: {from: 2026-01-01}}\n"
    )
    bad = whole.replace("id: a", "id: b").replace("from: 2026-01-01", "from: 2026-01-01, to: 2025-01-01")
    twice = whole.replace("id: a", "id: c")
    (tmp_path / "pack.yaml").write_text("name: x\n")
    (tmp_path / "answers.yaml").write_text("answers:\n" + whole + bad + whole + twice)
    pack, section = Pack(tmp_path), Answers()
    rows = section.read(pack)
    section.check(rows, pack, {})
    assert [(fault.line, fault.code) for fault in sorted(pack.faults)] == [
        (3, "value_error"), (4, "twice"), (5, "two_answers"),
    ]  # fmt: skip
