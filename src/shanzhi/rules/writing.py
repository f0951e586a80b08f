"""Rules as people edit them: cells as short texts and back, a draft made from an edited table, and its file.

A cell is written `>= 60`, `[18, 60)`, `a | b` (any of them), `a & b` (all of them), `not a`; an output that is
computed `= 800 - income`. What does not fit into this is written as YAML in braces.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import yaml

from shanzhi.rules.conditions import COMPARISON, INTERVAL
from shanzhi.rules.facts import ORDERED, FactSpec, OutputSpec
from shanzhi.rules.schema import RuleSpec

Body = dict[str, Any]
WHOLE = re.compile(r"-?[0-9]{1,18}")


def written(raw: Any) -> str:
    """A raw cell or output as a text."""
    if isinstance(raw, dict):
        if set(raw) == {"not"} and not isinstance(raw["not"], dict):
            return f"not {written(raw['not'])}"
        if set(raw) == {"all"} and all(_plain(each) for each in raw["all"]):
            return " & ".join(written(each) for each in raw["all"]) + (" &" if len(raw["all"]) == 1 else "")
        return f"= {raw['formula']}" if set(raw) == {"formula"} else _flow(raw)
    if isinstance(raw, list | tuple):
        if all(_plain(each) for each in raw):
            return " | ".join(written(each) for each in raw) + (" |" if len(raw) == 1 else "")
        return _flow(list(raw))
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def typed(fact: FactSpec, text: str) -> Any:
    """The raw cell that a text says; what it cannot be is found by `check`."""
    text = text.strip()
    if text.startswith("{"):
        return _loaded(text)
    if text.startswith("not "):
        return {"not": typed(fact, text[4:])}
    if "|" in text:
        return [_scalar(fact, part) for part in text.split("|") if part.strip()]
    if "&" in text:
        return {"all": [_scalar(fact, part) for part in text.split("&") if part.strip()]}
    return _scalar(fact, text)


def output(spec: OutputSpec, text: str) -> Any:
    """The raw output that a text says."""
    text = text.strip()
    if text.startswith("="):
        return {"formula": text[1:].strip()}
    if spec.many:
        return [part.strip() for part in text.split("|") if part.strip()]
    if spec.type == "bool":
        return {"true": True, "false": False}.get(text, text)
    return int(text) if spec.type == "int" and WHOLE.fullmatch(text) else text


@dataclass
class Line:
    """A row as somebody has typed it: cells and outputs by name; `place` orders the rows, `origin` is the row of
    the version it was made from."""

    place: float = 0.0
    origin: int | None = None
    when: dict[str, str] = field(default_factory=dict)
    then: dict[str, str] = field(default_factory=dict)
    zh: str = ""
    en: str = ""
    basis: str = ""
    dropped: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        typed = [*self.when.values(), *self.then.values(), self.zh, self.en, self.basis]
        return self.dropped or not any(text.strip() for text in typed)


def lines_of(spec: RuleSpec) -> list[Line]:
    """The rows of a table as lines to edit."""
    return [
        Line(
            place=float(i + 1),
            origin=i,
            when={name: written(cell) for name, cell in row.when.items()},
            then={name: written(value) for name, value in row.then.items()},
            zh=row.reason.zh if row.reason else "",
            en=row.reason.en if row.reason else "",
            basis=row.basis,
        )
        for i, row in enumerate(spec.rows)
    ]


def draft(
    spec: RuleSpec, version: int, since: str, parts: Mapping[str, Any], lines: list[Line] | None
) -> Body:
    """The body of a new version: `parts` (when, otherwise, examples) and, for a table, the lines that are kept."""
    body = deepcopy(spec.body)
    body["version"] = version
    body["valid"] = {"from": since}
    for name, part in parts.items():
        if part is None:
            body.pop(name, None)
        else:
            body[name] = part
    if lines is not None:
        old = body["rows"]
        body["rows"] = [
            _row(spec, line, {} if line.origin is None else old[line.origin]) for line in kept(lines)
        ]
    return body


def kept(lines: list[Line]) -> list[Line]:
    """The lines that become rows, in their order."""
    return sorted((line for line in lines if not line.empty), key=lambda line: line.place)


def _row(spec: RuleSpec, line: Line, old: Body) -> Body:
    row: Body = {
        "when": {n: typed(spec.facts[n], text) for n, text in line.when.items() if text.strip()},
        "then": {n: output(spec.outputs[n], text) for n, text in line.then.items() if text.strip()},
    }
    if "then" in old and {n: written(v) for n, v in old["then"].items()} == line.then:
        row["then"] = old["then"]  # an empty list is as empty as a cell that was left out
    if line.zh.strip() or line.en.strip():
        row["reason"] = {"zh": line.zh.strip(), "en": line.en.strip()}
    if line.basis.strip():
        row["basis"] = line.basis.strip()
    return row | ({"remedy": old["remedy"]} if old.get("remedy") else {})


def as_yaml(body: Body | list[Any]) -> str:
    """The file of a rule, or a part of it."""
    return yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    """Writes what is short in one line, as rules are written by hand."""


def _in_line(dumper: yaml.SafeDumper, value: Any, tag: str, make: Any) -> yaml.Node:
    node: yaml.Node = make(tag, value)
    short = len(yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)) < 100
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = short
    return node


_Dumper.add_representer(
    dict, lambda d, v: _in_line(d, v, "tag:yaml.org,2002:map", lambda t, x: d.represent_mapping(t, x.items()))
)
_Dumper.add_representer(list, lambda d, v: _in_line(d, v, "tag:yaml.org,2002:seq", d.represent_sequence))


def _scalar(fact: FactSpec, text: str) -> Any:
    text = text.strip()
    if fact.type == "bool":
        return {"true": True, "false": False}.get(text, text)
    if fact.type in ORDERED and not (COMPARISON.fullmatch(text) or INTERVAL.fullmatch(text)):
        return int(text) if fact.type == "int" and WHOLE.fullmatch(text) else text
    return text


def _plain(raw: Any) -> bool:
    return not isinstance(raw, dict | list | tuple) and not any(sign in str(raw) for sign in "|&{")


def _flow(raw: Any) -> str:
    text = yaml.safe_dump({"yaml": raw}, default_flow_style=True, allow_unicode=True, width=10_000)
    return text.strip()


def _loaded(text: str) -> Any:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    return found["yaml"] if isinstance(found, dict) and set(found) == {"yaml"} else found
