"""Reading many messages, a line of JSON each: what `shanzhi classify` and imports answer."""

from collections.abc import Sequence
from typing import Any

import orjson

from shanzhi.language.deciding import Costs, decide
from shanzhi.language.features import Text
from shanzhi.language.understanding import Understanding
from shanzhi.learning import queries

MOST = 1_000_000  # characters of a text


def answers(lines: Sequence[bytes]) -> list[dict[str, Any]]:
    """An answer for each line, in their order; for a line that cannot be read, an object with `error`."""
    read = [_read(line) for line in lines]
    understood = iter(queries.understand_many([text for _, text in read if isinstance(text, Text)]))
    costs = queries.costs()
    return [
        {"id": id_, **(plain(next(understood), costs) if isinstance(text, Text) else {"error": text})}
        for id_, text in read
    ]


def _read(line: bytes) -> tuple[Any, Text | str]:
    """The id of a line, and its text or what is wrong with it."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return None, f"not JSON: {error}"
    if not isinstance(value, dict):
        return None, "not an object"
    id_, text, title = value.get("id"), value.get("text"), value.get("title") or ""
    if not isinstance(text, str) or not isinstance(title, str):
        return id_, "text must be a text"
    if len(text) > MOST:
        return id_, f"longer than {MOST} characters"
    return id_, Text(text, title)


def plain(one: Understanding, costs: Costs) -> dict[str, Any]:
    """What was understood, for JSON."""
    best = one.category
    likeliest = {best.label: best.probability} if best else {}
    return {
        "category": best.label if best else None,
        "probability": round(best.probability, 4) if best else None,
        "alternatives": [
            {"category": other.label, "probability": round(other.probability, 4)}
            for other in one.categories[1:]
        ],
        "decision": decide(likeliest, costs, raised=one.raised).decision,
        "urgency": {"level": one.urgency.level, "respond": one.urgency.respond, "reason": one.urgency.reason},
        "address": _address(one),
        "entities": [
            {"kind": e.kind, "start": e.start, "end": e.end, "text": e.text, "value": e.value}
            for e in one.entities
        ],
        "sentiment": None if one.sentiment is None else round(one.sentiment, 3),
        "flags": [danger.flag for danger in one.dangers],
    }


def _address(one: Understanding) -> dict[str, Any] | None:
    found = one.address
    if found is None:
        return None
    return {
        "area": found.area,
        "lon": found.lon,
        "lat": found.lat,
        "words": list(found.words),
        "sure": round(found.sure, 3),
    }
