"""A reply before it is sent: what is seen in it, and said of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.language.reply import MOST, Score, scored
from shanzhi.language.replytext import taken

TITLE = "咨询新生儿落户需要什么材料"
ASKED = "孩子刚满月，想给他上户口，请问到哪里办理，需要带什么材料？多久可以办好？"
GOOD = (
    "您好！现回复如下：1、新生儿落户在父亲或母亲户籍所在地派出所户籍窗口办理。2、需要提供的材料：出生医学证明、父母户口簿、"
    "身份证和结婚证。3、根据《四川省户口登记管理规定》第十二条，材料齐全的当场办理，最迟3个工作日办结。咨询电话：028-85550000。"
)
PASSED_ON = "网友：您好！您反映的问题，我们已转交相关单位。2019年12月9日"
STUDY = "您的留言已收悉。对于您的意见和建议，我局将进一步研究论证。感谢您的支持！"
REFER = "您好，建议您致电市公安局咨询，电话：028-85550000。谢谢。"


def points(words: str) -> dict[str, float]:
    return scored(TITLE, ASKED, words).points()


def said(score: Score, name: str) -> str:
    [mark] = [mark for mark in score.marks if mark.name == name]
    return " ".join(reason.text % reason.facts for reason in mark.reasons)


def test_an_answer_is_better_than_passing_on() -> None:
    for worse in (PASSED_ON, STUDY, REFER, "收到"):
        assert points(GOOD)["answers"] > points(worse)["answers"] + 0.3, worse
        assert points(GOOD)["complete"] > points(worse)["complete"] + 0.3, worse
        assert scored(TITLE, ASKED, GOOD).total > scored(TITLE, ASKED, worse).total, worse


def test_the_reasons_say_what_is_missing() -> None:
    assert "passed on" in said(scored(TITLE, ASKED, PASSED_ON), "answers")
    assert "look into it" in said(scored(TITLE, ASKED, STUDY), "answers")
    assert "whom to ask" in said(scored(TITLE, ASKED, REFER), "answers")
    assert "《四川省户口登记管理规定》" in said(scored(TITLE, ASKED, GOOD), "basis")
    assert "no law" in said(scored(TITLE, ASKED, "材料齐全的当场可以办好，带户口簿。"), "basis")


def test_length_alone_does_not_help() -> None:
    padding = "我们将一如既往地做好各项服务工作并感谢您长期以来的关心与支持。" * 20
    assert points(PASSED_ON + padding)["answers"] < 1
    assert points(GOOD + "为进一步做好工作，" * 200)["readable"] < points(GOOD)["readable"]


def test_greetings_notes_and_dates_are_no_substance() -> None:
    took = taken(PASSED_ON)
    assert (took.forwarded, took.body) == (True, "")
    two = taken(f"{GOOD}2019年3月1日网友您好：您反映的问题已转公安局调查核处。")
    assert two.forwarded
    assert two.body.startswith("1、新生儿落户")


def test_in_time_where_there_is_a_limit() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    assert scored(TITLE, ASKED, GOOD).in_time is None
    assert scored(TITLE, ASKED, GOOD, due=at, at=at).in_time is True
    assert scored(TITLE, ASKED, GOOD, due=at, at=at + timedelta(seconds=1)).in_time is False


@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=600))
def test_whatever_is_written_has_a_score(title: str, question: str, words: str) -> None:
    score = scored(title, question, words)
    assert 0 <= score.total <= 100
    for mark in score.marks:
        assert 0 <= mark.points <= MOST
        assert mark.level in ("good", "fair", "weak")
        assert all(reason.text % reason.facts for reason in mark.reasons)


@pytest.mark.parametrize("words", ["", "。" * 50_000, "好" * 50_000, "ok " * 9_000])
def test_odd_replies_do_no_harm(words: str) -> None:
    assert 0 <= scored(TITLE, ASKED, words).total <= 100
