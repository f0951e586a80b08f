"""What the forms of a case page do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from shanzhi.base.errors import Invalid, Problem, gettext_noop
from shanzhi.base.ids import parse_number
from shanzhi.cases import actions, queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.sides import Ask
from shanzhi.cases.workflow import Inputs
from shanzhi.desk.sheet import Sheet
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.web.forms import ManyFiles, Sent, kept_files

Work = Callable[[Actor, UUID, str, dict[str, Any]], object]
FIELDS = {"seconds": "hours"}


def done(request: HttpRequest, sheet: Sheet, name: str, form: Sent) -> Problem | None:
    """Does what the form asks for, once; what is wrong is put on the form and returned."""
    given = form.cleaned_data if form.is_valid() else {}
    for field in [n for n, f in form.fields.items() if isinstance(f, ManyFiles)]:
        given[field] = kept_files(request, sheet.actor, form, field)
    if form.errors:
        return Invalid()
    kind, _dash, what = name.partition("-")
    work = WORK.get(kind)
    if work is None:
        return Invalid()
    try:
        if kind == "look":
            sheet.contacts = actions.look(sheet.actor, sheet.id, reason=given["reason"])
        else:
            key, mark = form.idempotency_key, form.mark(f"{sheet.id}:{name}")
            once(sheet.actor.ref, key, mark, lambda: answered(work(sheet.actor, sheet.id, what, given)))
    except Problem as error:
        form.refuse(error, {"number": "number", **FIELDS})
        return error
    return None


def answered(_done: object) -> dict[str, Any]:
    return {"done": True}


def move(actor: Actor, case: UUID, what: str, given: dict[str, Any]) -> object:
    known = {"reason", "result", "org", "helpers", "person", "photo_after", "files"}
    declared = {n: v for n, v in given.items() if n not in known | {"version", "key"} and v not in (None, "")}
    inputs = Inputs(
        reason=given.get("reason", ""),
        result=given.get("result", ""),
        org=given.get("org", ""),
        person=given.get("person"),
        helpers=tuple(given.get("helpers", ())),
        photo_after=tuple(given.get("photo_after", ())),
        files=tuple(given.get("files", ())),
        fields={n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in declared.items()},
    )
    return actions.move(actor, case, what, inputs=inputs, seen=given.get("version"))


def _ask(actor: Actor, case: UUID, what: str, given: dict[str, Any]) -> object:
    hours = given.get("hours")
    seconds = hours * 3600 if hours else None
    ask = Ask(what, given["reason"], given.get("until"), seconds, tuple(given.get("orgs", ())))
    return actions.ask(actor, case, ask, seen=given.get("version"))


def _decide(actor: Actor, case: UUID, what: str, given: dict[str, Any]) -> object:
    return actions.decide(actor, case, what, granted=given["granted"] == "yes", decision=given["decision"])


def _merge(actor: Actor, case: UUID, what: str, given: dict[str, Any]) -> object:
    main = queries.by_number(actor, parse_number(given["number"]))
    return actions.merge(actor, case, main)


def _part(actor: Actor, case: UUID, what: str, given: dict[str, Any]) -> object:
    main = queries.state_of(case)["merged_into"]
    return actions.part(actor, case, main if isinstance(main, UUID) else UUID(str(main)))


def _split(actor: Actor, case: UUID, what: str, given: dict[str, Any]) -> object:
    parts = [part.strip() for part in given["parts"].splitlines() if part.strip()]
    if len(parts) < 2:
        raise Invalid(gettext_noop("One part in each line, at least two"))
    return actions.split(actor, case, parts)


def _rate(actor: Actor, case: UUID, what: str, given: dict[str, Any]) -> object:
    said = {"yes": True, "no": False}
    answers = Answers(
        said.get(given["contacted"]), said.get(given["solved"]), given["satisfied"], given["words"]
    )
    return actions.evaluate(actor, case, answers, source=what)


WORK: dict[str, Work] = {
    "move": move,
    "ask": _ask,
    "decide": _decide,
    "merge": _merge,
    "part": _part,
    "split": _split,
    "rate": _rate,
    "look": lambda actor, case, what, given: None,
    "note": lambda actor, case, what, given: actions.note(
        actor, case, given["words"], public=given["public"]
    ),
    "attach": lambda actor, case, what, given: actions.attach(
        actor, case, given["photos"], phase=given["phase"]
    ),
    "task": lambda actor, case, what, given: actions.finish_task(actor, case, what, result=given["result"]),
    "supervise": lambda actor, case, what, given: actions.supervise(
        actor, case, given["level"], words=given["words"]
    ),
    "take_up": lambda actor, case, what, given: actions.take_up(actor, case),
}
