"""What a notice says: only known places are filled, and nothing in a fact can say more."""

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.notices.texts import PLACES, filled, unknown, written

FACTS = {"number": "1000 0012", "title": "井盖松动", "what": "新任务", "link": "http://x/1"}


def test_facts_are_put_into_their_places() -> None:
    assert filled("{what}：{title}（{number}）", FACTS) == "新任务：井盖松动（1000 0012）"
    assert unknown("{title} {password} {0.__class__} {name}") == ["name", "password"]


@given(st.dictionaries(st.sampled_from(PLACES), st.text()))
def test_a_fact_is_put_in_as_it_is(facts: dict[str, str]) -> None:
    assert filled("{title}", facts) == facts.get("title", "")


@given(st.text(), st.text())
def test_subjects_and_text_messages_are_one_line(title: str, subject: str) -> None:
    made = written({"zh": {"subject": subject}}, "zh", {"title": title})
    assert len(made.subject.splitlines()) <= 1
    assert len(made.sms.splitlines()) <= 1
    assert (len(made.subject) <= 200, len(made.sms) <= 500) == (True, True)


def test_what_a_template_leaves_out_is_said_as_usual() -> None:
    made = written({"zh": {"subject": "办结：{title}", "text": ""}}, "zh", FACTS)
    assert (made.subject, made.text) == ("办结：井盖松动", "新任务\n1000 0012 井盖松动\nhttp://x/1")
    assert written(None, "en", FACTS).subject == "[Shanzhi] 新任务: 井盖松动"
