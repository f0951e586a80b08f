"""Editing a rule: a draft that is checked, compared over past decisions, and becomes a file of a pack.

Nothing is kept: the draft is the form. Packs stay files: a draft is downloaded, or laid beside the other files of its
pack as a pack to look at and apply (`admin/packs.py`).
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID, uuid5

import yaml
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shanzhi.admin.access import with_right
from shanzhi.admin.rules import head, in_words, label, labels
from shanzhi.base.clock import BEIJING, now
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.packs import queries as packs
from shanzhi.packs import staging
from shanzhi.rules import queries
from shanzhi.rules.check import check
from shanzhi.rules.comparing import Change, Difference, Past, compare
from shanzhi.rules.diagram import TooComplex
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.reading import Finding
from shanzhi.rules.schema import RuleSpec
from shanzhi.rules.writing import Body, Line, as_yaml, draft, kept, lines_of, written

STREAM = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0021")
PAST = 500
SHOWN = 50
SPARE = 3
LONGEST = 60_000


def edit(request: HttpRequest, id_: str, version: int) -> HttpResponse:
    """A version as a table to edit; checked when sent, then downloaded or proposed as a pack."""
    actor = with_right(request, "pack.apply")
    spec = queries.rule(id_, version=version).spec
    number = max(known for known, _since, _to in queries.versions(id_)) + 1
    sent = request.POST if request.method == "POST" else None
    lines = _lines(spec, sent)
    parts = {name: _text(spec, name, sent) for name in _parts(spec)}
    since = str(sent.get("since", "")) if sent else ""
    since = since or now().astimezone(BEIJING).date().isoformat()
    context: dict[str, Any] = {**head(spec), "number": number, "since": since}
    if sent is not None:
        body, findings = _drafted(spec, number, since, parts, lines)
        made = _spec(body, findings) if not findings else None
        if made and sent.get("action") == "download":
            return _file(made.id, body)
        if made and sent.get("action") == "propose" and offered():
            return redirect("admin-pack", staging.stage_folder(offered(), {_name(spec.id): as_yaml(body)}))
        context |= {"checked": True, "findings": [_found(each, lines) for each in findings]}
        context |= {"difference": _difference(actor, spec, Rule(made))} if made else {}
    context |= {
        "columns": [(name, label(name, fact)) for name, fact in spec.facts.items()],
        "outputs": [(name, label(name, one)) for name, one in spec.outputs.items()],
        "rows": [_shown(spec, i, line, context.get("findings", [])) for i, line in enumerate(lines or [])],
        "parts": parts,
        "offered": offered(),
    }
    return render(request, "admin/rule_edit.html", context, status=422 if context.get("findings") else 200)


def offered() -> str:
    """The name of the pack in force, if its folder lies beside the installation; else empty."""
    name = str(packs.head().get("name", ""))
    return name if name in staging.offered() else ""


def _name(id_: str) -> str:
    """The file of a rule in the folder of the pack."""
    return staging.file_with(offered(), "rules/*.yaml", f"id: {id_}") or f"rules/{id_}.yaml"


def _file(id_: str, body: Body) -> HttpResponse:
    answer = HttpResponse(as_yaml(body), content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{id_}.yaml"'
    return answer


def _parts(spec: RuleSpec) -> list[str]:
    """What is edited as text beside the rows."""
    return ["otherwise", "examples"] if spec.rows else ["when", "examples"]


def _text(spec: RuleSpec, name: str, sent: Any) -> str:
    if sent is not None:
        return str(sent.get(name, ""))[:LONGEST]
    part = spec.body.get(name)
    return "" if part is None else as_yaml(part) if isinstance(part, dict | list) else str(part).lower()


def _lines(spec: RuleSpec, sent: Any) -> list[Line] | None:
    """The rows as they are, or as they were sent, with some empty ones to add to."""
    if not spec.rows:
        return None
    if sent is None:
        lines = lines_of(spec)
        return lines + [Line(place=len(lines) + 1.0 + i) for i in range(SPARE)]
    old = len(spec.rows)
    count = min(_number(sent.get("rows", "")), old + 200)
    lines = [
        Line(
            place=_place(sent.get(f"p{i}", ""), i + 1.0),
            origin=i if i < old else None,
            when={
                name: sent.get(f"w{i}-{name}", "")
                for name in spec.facts
                if sent.get(f"w{i}-{name}", "").strip()
            },
            then={name: sent.get(f"t{i}-{name}", "") for name in spec.outputs},
            zh=sent.get(f"z{i}", ""),
            en=sent.get(f"e{i}", ""),
            basis=sent.get(f"b{i}", ""),
            dropped=f"d{i}" in sent,
        )
        for i in range(count)
    ]
    free = sum(line.empty and line.origin is None for line in lines)
    return lines + [Line(place=len(lines) + 1.0 + i) for i in range(SPARE - free)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def _place(text: str, otherwise: float) -> float:
    try:
        found = float(text)
    except ValueError:
        return otherwise
    return found if abs(found) < 1e6 else otherwise


def _drafted(
    spec: RuleSpec, number: int, since: str, parts: dict[str, str], lines: list[Line] | None
) -> tuple[Body, list[Finding]]:
    """The body of the draft, and what cannot be read in its parts."""
    found: dict[str, Any] = {}
    findings = []
    for name, text in parts.items():
        try:
            found[name] = yaml.safe_load(text) if text.strip() else None
        except yaml.YAMLError as error:
            findings.append(Finding((name,), "yaml", str(error).split("\n")[0]))
    return draft(spec, number, since, found, lines), findings


def _spec(body: Body, findings: list[Finding]) -> RuleSpec | None:
    """The draft as a rule; None, and what is wrong with it, if it is none yet."""
    try:
        made = RuleSpec.model_validate(body)
    except ValidationError as error:
        findings += [Finding(tuple(one["loc"]), one["type"], one["msg"]) for one in error.errors()]
        return None
    try:
        findings += check(made)
    except TooComplex as error:
        findings.append(Finding((), error.code, error.message % {"rule": made.id}))
    return None if findings else made


def _found(finding: Finding, lines: list[Line] | None) -> dict[str, str]:
    """A finding with the field it is about."""
    path = finding.path
    place = ""
    if lines is not None and len(path) > 1 and path[0] == "rows" and isinstance(path[1], int):
        i = next(i for i, line in enumerate(lines) if line is kept(lines)[path[1]])
        part = {"when": "w", "then": "t"}.get(str(path[2]), "") if len(path) > 3 else ""
        place = f"{part}{i}-{path[3]}" if part else f"p{i}"
    elif path and path[0] in ("when", "otherwise", "examples"):
        place = str(path[0])
    elif path and path[0] == "valid":
        place = "since"
    return {
        "place": place,
        "code": finding.code,
        "message": finding.message,
        "path": ".".join(map(str, path)),
    }


def _shown(spec: RuleSpec, i: int, line: Line, findings: list[dict[str, str]]) -> dict[str, Any]:
    wrong = {each["place"] for each in findings}

    def cell(name: str, text: str, title: str) -> dict[str, Any]:
        return {"name": name, "text": text, "title": title, "wrong": name in wrong}

    return {
        "i": i,
        "place": cell(f"p{i}", f"{line.place:g}", _("Order")),
        "when": [cell(f"w{i}-{n}", line.when.get(n, ""), label(n, fact)) for n, fact in spec.facts.items()],
        "then": [cell(f"t{i}-{n}", line.then.get(n, ""), label(n, one)) for n, one in spec.outputs.items()],
        "zh": line.zh,
        "en": line.en,
        "basis": line.basis,
        "dropped": line.dropped,
    }


def decided(rule: str) -> Iterator[Past]:
    """What the rooms of this installation have decided by a rule, the newest."""
    for config in apps.get_app_configs():
        if config.name.startswith("shanzhi.") and find_spec(f"{config.name}.decided"):
            yield from import_module(f"{config.name}.decided").past(rule, PAST)


def _difference(actor: Actor, spec: RuleSpec, after: Rule) -> dict[str, Any]:
    """Who would be decided differently by the draft; that the facts of so many were read for it is an entry."""
    before = queries.rule(spec.id, version=spec.version)
    found: Difference = compare(before, after, decided(spec.id))
    if found.total:
        told = {"rule": spec.id, "version": spec.version, "cases": found.total}
        append(actor.ref, uuid5(STREAM, spec.id), "rule.compared", told)
    titles = labels(spec) | {n: label(n, one) for n, one in spec.outputs.items()}
    truth = {True: _("yes"), False: _("no"), None: _("unknown")}
    return {
        "total": found.total,
        "changed": len(found.changes),
        "strange": len(found.strange),
        "verdicts": [
            (truth[a], truth[b], n) for (a, b), n in sorted(found.verdicts.items(), key=str) if a is not b
        ],
        "sums": [(titles.get(name, name), *pair) for name, pair in found.sums.items()],
        "changes": [_change(change, truth) for change in found.changes[:SHOWN]],
        "more": max(0, len(found.changes) - SHOWN),
    }


def _change(change: Change, truth: dict[bool | None, str]) -> dict[str, Any]:
    def said(result: Any) -> str:
        outputs = ", ".join(written(list(v) if isinstance(v, tuple) else v) for v in result.outputs.values())
        return f"{truth[result.verdict]}: {outputs}" if outputs else truth[result.verdict]

    return {
        "id": change.id,
        "before": said(change.before),
        "after": said(change.after),
        "why": "；".join(in_words(reason) for reason in change.after.reasons),
    }
