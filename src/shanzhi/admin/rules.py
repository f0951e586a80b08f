"""Rules: which there are, how each reads, trying one with facts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shanzhi.admin.factform import FactForm
from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Denied, Invalid, NotSignedIn
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import scope
from shanzhi.rules import queries
from shanzhi.rules.diagram import TooComplex
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.expression import Branch, Expression, Leaf
from shanzhi.rules.facts import Title, Typed
from shanzhi.rules.guiding import ask
from shanzhi.rules.reviewing import checklist
from shanzhi.rules.running import run
from shanzhi.rules.schema import RuleSpec
from shanzhi.rules.serial import serialised
from shanzhi.rules.writing import written
from shanzhi.web import names


def reader(request: HttpRequest) -> Actor:
    """Who asks, and may see what is in force; rules are the same for every area."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    if not scope(actor, "pack.view"):
        raise Denied(right="pack.view")
    return actor


def rules(request: HttpRequest) -> HttpResponse:
    """All rules on offer."""
    reader(request)
    today = now().astimezone(BEIJING).date()
    found = [
        {
            "spec": spec,
            "title": in_words(spec.title),
            "source": str(spec.source),
            "rows": len(spec.rows),
            "in_force": spec.valid.since <= today and (spec.valid.to is None or today < spec.valid.to),
            "versions": queries.versions(spec.id),
        }
        for spec in queries.rules()
    ]
    return render(request, "admin/rules.html", {"rules": found, "here": "rules"})


def rule(request: HttpRequest, id_: str, version: int) -> HttpResponse:
    """A version as a table: facts, rows with articles, golden examples."""
    actor = reader(request)
    spec = queries.rule(id_, version=version).spec
    context = {
        **head(spec),
        "edits": scope(actor, "pack.apply").everything,
        "facts": [fact_row(name, fact) for name, fact in spec.facts.items()],
        "groups": [
            {
                "name": name,
                "title": in_words(group.title),
                "facts": [fact_row(n, f) for n, f in group.facts.items()],
            }
            for name, group in spec.groups.items()
        ],
        "table": table(spec),
        "policy": policies()[spec.policy],
        "tree": tree(spec, queries.rule(id_, version=version).reading.expression),
        "examples": [example(one) for one in spec.model_dump()["examples"]],
    }
    return render(request, "admin/rule.html", context)


def trial(request: HttpRequest, id_: str, version: int) -> HttpResponse:
    """A version tried with facts, all of which may be left out."""
    reader(request)
    ready = queries.rule(id_, version=version)
    form = FactForm(ready.spec, request.POST if request.method == "POST" else request.GET or None)
    context: dict[str, Any] = {**head(ready.spec), "form": form, "walked": walked(ready)}
    if form.is_bound and form.is_valid():
        try:
            context |= tried(ready, form)
        except Invalid as error:
            for one in error.errors:
                form.add_error(one.field if one.field in form.fields else None, one.message)
    return render(
        request, "admin/rule_try.html", context, status=422 if form.is_bound and form.errors else 200
    )


def walked(ready: Rule) -> dict[str, Any] | None:
    """What the page needs to follow what is typed; None for a rule with facts that only the server computes."""
    if ready.derivations or ready.spec.groups:
        return None
    try:
        diagram = serialised(ready)
    except TooComplex:
        return None
    words = {name: fact.words for name, fact in ready.spec.facts.items() if fact.words}
    return {"diagram": diagram, "titles": labels(ready.spec), "words": words}


def tried(ready: Rule, form: FactForm) -> dict[str, Any]:
    """What the rule says of what was typed."""
    day, given = form.cleaned_data["on"], form.given()
    result = run(ready, given, day)
    question = ask(ready, given, day)
    titles = labels(ready.spec)
    return {
        "result": result,
        "outputs": [(label(n, ready.spec.outputs[n]), written(v)) for n, v in result.outputs.items()],
        "rows": [str(row or _("otherwise")) for row in result.rows],
        "reasons": [in_words(reason) for reason in result.reasons],
        "missing": [named(name, titles) for name in result.missing],
        "used": [named(name, titles) for name in result.used],
        "next": named(question.name, titles) if question else "",
        "checks": [
            {
                "number": check.number,
                "fact": titles.get(check.fact, check.fact),
                "cell": written(check.cell),
                "value": "" if check.value is None else written(value_of(check.value)),
                "holds": check.holds,
                "basis": check.basis,
                "reason": in_words(check.reason) if check.reason else "",
            }
            for check in checklist(ready, given, day)
        ],
    }


def policies() -> dict[str, str]:
    """How the rows of a table decide."""
    return {
        "first": _("the first row that matches decides"),
        "unique": _("exactly one row may match"),
        "collect": _("all rows that match count"),
    }


def value_of(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def head(spec: RuleSpec) -> dict[str, Any]:
    """What every page of a rule begins with."""
    return {
        "spec": spec,
        "title": in_words(spec.title),
        "note": in_words(spec.note) if spec.note else "",
        "source": str(spec.source),
        "versions": queries.versions(spec.id),
        "here": "rules",
    }


def in_words(title: Title) -> str:
    return title.en if names.language() == "en" else title.zh


def label(name: str, slot: Typed) -> str:
    """The title of a fact or output, or its name."""
    return in_words(slot.title) if slot.title else name


def labels(spec: RuleSpec) -> dict[str, str]:
    """Titles of facts and groups by name."""
    return {n: label(n, fact) for n, fact in spec.facts.items()} | {
        n: in_words(group.title) for n, group in spec.groups.items()
    }


def named(name: str, titles: dict[str, str]) -> str:
    """`members.2.income` as people read it."""
    first, *rest = name.split(".")
    return " ".join([titles.get(first, first), *rest])


def fact_row(name: str, fact: Any) -> dict[str, Any]:
    limits = (
        [str(end) for end in (fact.min, fact.max)] if fact.min is not None or fact.max is not None else []
    )
    over = fact.over
    made = f"= {fact.formula}" if fact.formula else ""
    if over:
        made = f"= {over.how} {over.of} {over.group} " + ", ".join(
            f"{n} {written(c)}" for n, c in over.where.items()
        )
    return {
        "name": name,
        "title": label(name, fact),
        "type": fact.type + (" …" if fact.many else ""),
        "values": ", ".join(fact.values) or " – ".join("" if end == "None" else end for end in limits),
        "made": made,
    }


def table(spec: RuleSpec) -> dict[str, Any]:
    """The rows of a table under the facts that some row asks; empty for an expression."""
    asked = [name for name in spec.facts if any(name in row.when for row in spec.rows)]
    rows = [
        {
            "number": str(i + 1),
            "cells": [written(row.when[name]) if name in row.when else "" for name in asked],
            "outputs": [written(row.then.get(name, "")) for name in spec.outputs],
            "reason": in_words(row.reason) if row.reason else "",
            "remedy": in_words(row.remedy) if row.remedy else "",
            "basis": row.basis,
        }
        for i, row in enumerate(spec.rows)
    ]
    if spec.otherwise:
        rows.append(
            {
                "number": _("otherwise"),
                "cells": ["" for _name in asked],
                "outputs": [written(spec.otherwise.then.get(name, "")) for name in spec.outputs],
                "reason": in_words(spec.otherwise.reason) if spec.otherwise.reason else "",
                "remedy": "",
                "basis": spec.otherwise.basis,
            }
        )
    return {
        "facts": [label(name, spec.facts[name]) for name in asked],
        "outputs": [label(name, output) for name, output in spec.outputs.items()],
        "rows": rows,
    }


def tree(spec: RuleSpec, part: Expression | None) -> dict[str, Any] | None:
    """An expression as nested lists."""
    if isinstance(part, Branch):
        ops = {"all": _("all of"), "any": _("one of"), "not": _("not")}
        return {"op": ops[part.op], "parts": [tree(spec, each) for each in part.parts]}
    return leaf(spec, part) if part else None


def leaf(spec: RuleSpec, part: Leaf) -> dict[str, Any]:
    raw: Any = spec.when
    for step in part.path[1:]:
        raw = raw[step]
    return {
        "number": part.number,
        "fact": label(part.fact, spec.facts[part.fact]),
        "cell": written(raw),
        "reason": in_words(part.reason) if part.reason else "",
        "remedy": in_words(part.remedy) if part.remedy else "",
        "basis": part.basis,
    }


def example(one: dict[str, Any]) -> dict[str, Any]:
    """A golden example as a page shows it."""
    wanted = {k: v for k, v in one["then"].items()}
    if one["truth"] is not None:
        wanted = {_("truth"): one["truth"], **wanted}
    if one["missing"] is not None:
        wanted[_("missing")] = ", ".join(one["missing"]) or "—"
    return {
        "name": one["name"],
        "given": [(name, written(value)) for name, value in one["given"].items()],
        "wanted": [(name, written(value)) for name, value in wanted.items()],
        "row": one["row"],
    }
