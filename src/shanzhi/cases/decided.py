"""Cases as the rules of their type decided them: what a draft of a rule is tried on. Other rooms that decide by rules
have a module of this name, too; the administration finds them by it."""

from typing import Any

from shanzhi.base.clock import BEIJING
from shanzhi.base.ids import format_number
from shanzhi.cases import types
from shanzhi.cases.models import Case
from shanzhi.rules.comparing import Past

COLUMNS = ("number", "category", "area", "channel", "opened_at", "title", "text", "urgency", "data")


def past(rule: str, limit: int) -> list[Past]:
    """The newest cases that a rule was asked about, with the facts that `ruling.rule_on` gives it."""
    asked = [name for name, type_ in types.everything().items() if rule in type_.rules.values()]
    if not asked:
        return []
    rows = Case.objects.filter(type__in=asked).order_by("-opened_at").values(*COLUMNS)[:limit]
    return [
        Past(format_number(row["number"]), _facts(row), row["opened_at"].astimezone(BEIJING).date())
        for row in rows
    ]


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "category": row["category"] or None,
        "area": row["area"],
        "channel": row["channel"],
        "hour": row["opened_at"].astimezone(BEIJING).hour,
        "text": f"{row['title']}\n{row['text']}",
        "urgency": row["urgency"],
    }
    return facts | {name: value for name, value in row["data"].items() if name not in facts}
