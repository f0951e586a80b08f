"""A form of 200 fields: statements to save and to send it; and the processor time that drawing 40 fields takes.

Run: make bench NAME=form. The fields are generated in the kinds and numbers of the pack's own registry (yes or no,
choices, dates, numbers, places, words), bound and unbound. The limit beside the drawing is the same HTML put
together by one format string, which is what no form library can beat.
"""

import json
import sys
import time
from itertools import cycle, islice
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import stand

FIELDS, DRAWN, TIMES = 200, 40, 60
GOAL_MS = 15.0
VALUES = {"bool": True, "date": "2001-02-03", "area": "510107005", "text": "样例"}


def registry() -> dict[str, Any]:
    """The pack's own types again and again under other names, until there are enough."""
    from shanzhi.residents.queries import facts

    own = [one for one in facts.types().values() if one.since is None and one.subject == "person"]
    return {f"field_{n}": one for n, one in enumerate(islice(cycle(own), FIELDS))}


def declared(types: dict[str, Any]) -> None:
    """The types and a service that asks for all of them, in the tables as a pack would put them there."""
    from shanzhi.residents.models import FactTypeRow
    from shanzhi.residents.queries import facts
    from shanzhi.services.models import ItemRow
    from shanzhi.services.pack import row_of
    from shanzhi.services.queries import catalogue

    bodies = {key: one.model_dump(mode="json", exclude_unset=True) for key, one in types.items()}
    FactTypeRow.objects.bulk_create(
        FactTypeRow(key=f"type:{key}", kind="type", body=body) for key, body in bodies.items()
    )
    real = catalogue.current()["MZ-001"]
    changed = {
        "code": "B-200",
        "version": 1,
        "rule": "",
        "conditions": None,
        "instant": False,
        "asks": tuple(types),
        "materials": (),
    }
    one = real.model_copy(update=changed)
    ItemRow.objects.create(**row_of(one) | {"code": one.code, "version": 1})
    for kept in (facts._registry, catalogue._versions, catalogue._current):
        kept.cache_clear()


def said(type_: Any) -> Any:
    """An answer that the type takes."""
    if type_.type == "enum":
        return [type_.values[0]] if type_.many else type_.values[0]
    if type_.type in ("int", "decimal"):
        return int(max(type_.min or 0, 3))
    return VALUES.get(type_.type, "样例")


def statements(types: dict[str, Any]) -> dict[str, list[str]]:
    """What is written when the last of 200 answers is saved, and when the whole is sent."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shanzhi.orgs.queries import actors
    from shanzhi.services.actions import drafting

    [who] = actors(usernames=["wangdama"])
    draft = drafting.begin(who, "B-200")
    for key, type_ in types.items():
        with CaptureQueriesContext(connection) as saving:
            draft = drafting.answer(who, draft.pk, key, said(type_), seen=draft.version)
    with CaptureQueriesContext(connection) as sending:
        drafting.send(who, draft.pk, consent="样例", anyway=True)
    found = {"saving": saving, "sending": sending}
    return {what: [q["sql"] for q in one.captured_queries] for what, one in found.items()}


def writes(listed: list[str]) -> int:
    return sum(sql.lstrip("( ").upper().startswith(("INSERT", "UPDATE", "WITH W0")) for sql in listed)


def drawing(types: dict[str, Any], bound: bool) -> tuple[float, float]:
    """Milliseconds of processor to make and draw 40 fields, and to format the same HTML."""
    from django import forms
    from django.template import Context, Template

    from shanzhi.portal.services.questions import field_of

    template = Template("{% for one in form %}{% field one %}{% endfor %}")
    shown = dict(list(types.items())[:DRAWN])
    typed = {key: said(type_) for key, type_ in shown.items()}
    data = {key: "yes" if value is True else value for key, value in typed.items()} if bound else None

    def page() -> str:
        fields = {key: field_of(type_) for key, type_ in shown.items()}
        form = type("Form", (forms.Form,), fields)(data)
        return str(template.render(Context({"form": form})))

    text = page()
    parts = text.split('name="')
    pattern = "{}".join(part.replace("{", "{{").replace("}", "}}") for part in parts)
    return processor(page), processor(lambda: pattern.format(*['name="'] * (len(parts) - 1)))


def processor(work: Any) -> float:
    """The median of many: this machine has other work to do."""
    times = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    return median(times)


def main() -> None:
    stand.home()
    stand.district()
    types = registry()
    declared(types)
    made = statements(types)
    drawn = {name: drawing(types, bound) for name, bound in (("empty", False), ("filled in", True))}
    table = Table("what", "ours", "goal", title="form")
    for what, listed in made.items():
        table.add_row(
            f"{what} {FIELDS} fields: writing statements (all)", f"{writes(listed)} ({len(listed)})", "1"
        )
    for name, (ours, _) in drawn.items():
        table.add_row(f"drawing {DRAWN} fields, {name}: ms of processor", f"{ours:.1f}", f"{GOAL_MS:.0f}")
    Console(stderr=True).print(table)
    worst, bare = max(drawn.values())
    line = {"bench": "form", "ratio": round(worst / GOAL_MS, 2), "goal": 1, "bare_ms": round(bare, 3),
            "drawing_ms": {name: round(ours, 1) for name, (ours, _) in drawn.items()},
            "writes": {what: writes(listed) for what, listed in made.items()},
            "statements": {what: len(listed) for what, listed in made.items()}}  # fmt: skip
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
