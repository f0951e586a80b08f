"""The approved answers in force, kept in the process until the pack changes them."""

from datetime import date
from functools import lru_cache

from shanzhi.hotline.answers import Answer, Found, Index
from shanzhi.hotline.models import AnswerRow
from shanzhi.packs.queries import version

SECTION = "answers"


def ask(text: str, day: date) -> list[Found]:
    """The answers that fit what was asked, the nearest first; none when nothing is near enough."""
    return _index(version(SECTION)).ask(text, day)


def answer(key: str) -> Answer | None:
    """One answer; None when the pack has it no more."""
    row = AnswerRow.objects.filter(key=key).first()
    return Answer.model_validate(row.body) if row else None


def question(key: str) -> str:
    """The first wording of an answer; its key when the pack has it no more."""
    return next((asked for one, asked in _index(version(SECTION)).wordings if one.id == key), key)


@lru_cache(maxsize=1)
def _index(_: int) -> Index:
    rows = AnswerRow.objects.order_by("key")
    return Index.of(Answer.model_validate(row.body) for row in rows)
