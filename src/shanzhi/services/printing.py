"""The paper form of a service as PDF: what is still to be asked in large print, with boxes to tick, and one QR code.

It holds no name and no value of a fact: what we know is only named as known.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import typst

from shanzhi.base import qr
from shanzhi.orgs.queries import field_key, orgs
from shanzhi.residents.fact import FactType, Known, Labelled
from shanzhi.residents.queries import facts
from shanzhi.services import form, ticket
from shanzhi.services.item import Item
from shanzhi.services.queries import catalogue
from shanzhi.services.review import needed
from shanzhi.services.ticket import Ticket

TEMPLATE = Path(__file__).parent / "form.typ"
CONSENT = "我同意将以上信息用于办理“%s”，不作其他用途；所填内容属实。"
KEY = "paper-form"
ROWS = 6  # of a group; a sheet more can be added


def blank(item: Item) -> bytes:
    """The form of a service as it lies out for anybody."""
    return _pdf(item, {}, Ticket(item.code, item.version), "")


def of_draft(item: Item, known: Mapping[str, Known], printed: Ticket, short: str) -> bytes:
    """The form of a draft: without what authoritative sources say already."""
    return _pdf(item, {key: one for key, one in known.items() if one.authoritative}, printed, short)


def key() -> bytes:
    return field_key(KEY)


def _pdf(item: Item, known: Mapping[str, Known], printed: Ticket, short: str) -> bytes:
    registry, rule = facts.types(), catalogue.rule(item)
    asked = [one for one in form.fields(item, rule, registry) if one not in known]
    needs = needed(item, registry, known)
    told = {
        "title": item.name.zh,
        "item": f"{item.code} 第{item.version}版",
        "ref": item.ref,
        "org": "街道便民服务中心" if item.org == "street" else orgs().get(item.org, item.org),
        "short": f"{short[:5]}-{short[5:]}" if short else "",
        "known": [registry[one].title.zh for one in form.fields(item, rule, registry) if one in known],
        "questions": [question(registry[one]) for one in asked],
        "papers": [need.material.name for need in needs if need.needed and not need.proved],
        "consent": CONSENT % item.name.zh,
        "sample": item.sample,
    }
    code = qr.drawn(ticket.written(printed, key()))
    inputs = {"form": orjson.dumps(told).decode(), "qr": code}
    made = typst.compile(TEMPLATE, format="pdf", sys_inputs=inputs)
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def question(type_: FactType) -> dict[str, Any]:
    """One question as it stands on paper."""
    kind, choices = "text", list[str]()
    if type_.members:
        kind = "group"
    elif type_.type == "bool":
        kind, choices = "choice", ["是", "否"]
    elif type_.values:
        kind, choices = "choice", list(_labels(type_, type_.values))
    elif type_.type in ("int", "decimal"):
        kind = "number"
    elif type_.type == "date":
        kind = "date"
    hint = "可以多选" if type_.many else "写明省、市、区县和街道（乡镇）" if type_.type == "area" else ""
    return {
        "question": (type_.question or type_.title).zh,
        "kind": kind,
        "choices": choices,
        "unit": type_.measure("zh"),
        "hint": hint,
        "columns": [_column(one) for one in type_.members.values()],
        "rows": ROWS if type_.members else 0,
    }


def _column(type_: Labelled) -> str:
    """The head of a column: what is asked of each member, and in which unit or words."""
    said = "/".join(_labels(type_, type_.values)) or type_.measure("zh")
    return f"{type_.title.zh}（{said}）" if said else type_.title.zh


def _labels(type_: Labelled, values: Iterable[str]) -> Iterable[str]:
    return (type_.label(one, "zh") for one in values)
