"""What the dispatch says of a task, in the language of the page: phrases are kept, sentences are made when read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanzhi.dispatch.explain import Phrase, sentence
from shanzhi.dispatch.inforce import setting

Plain = Mapping[str, Any]


def plain(phrases: Sequence[Phrase]) -> list[dict[str, Any]]:
    """Phrases as they are kept beside the plan and in the entry of the case."""
    return [{"message": one.message, "facts": dict(one.facts)} for one in phrases]


def said(why: Sequence[Plain]) -> str:
    """One sentence: "8 minutes away, has pump, 3 open tasks; next best 14 minutes"."""
    language = get_language() or "zh"
    comma, last = (", ", "; ") if language.startswith("en") else ("，", "；")
    phrases = [Phrase(str(one.get("message", "")), _facts(one.get("facts", {}), language)) for one in why]
    return sentence(phrases, _, comma, last)


def _facts(facts: Plain, language: str) -> dict[str, Any]:
    """Skills by their titles."""
    skills = facts.get("skills")
    return dict(facts) if skills is None else {**facts, "skills": skills_said(skills, language)}


def skills_said(skills: Sequence[str], language: str = "") -> str:
    """The titles of skills."""
    found = setting()
    known = found.skills if found else {}
    language = language or get_language() or "zh"
    mark = ", " if language.startswith("en") else "、"
    return mark.join(known[one].said(language) if one in known else one for one in skills)
