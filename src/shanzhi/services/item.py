"""A service item (政务服务事项) as packs declare it: the fields of the national basic catalogue (基本目录) and of
the implementation list (实施清单), with its conditions as a rule.

Nothing is invented: a field that is not known stays empty. `sample` says that it is made for a demonstration.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from shanzhi.base.clock import Span
from shanzhi.residents.fact import FactType, Labelled
from shanzhi.rules.facts import FactName, FactSpec, Model, Title
from shanzhi.rules.schema import Example, Group, RuleSpec, Source, Validity

Kind = Literal["permission", "payment", "confirmation", "registration", "reward", "ruling", "public", "other"]
KINDS: Mapping[Kind, Title] = {
    "permission": Title(zh="行政许可", en="Licence"),
    "payment": Title(zh="行政给付", en="Benefit"),
    "confirmation": Title(zh="行政确认", en="Confirmation"),
    "registration": Title(zh="行政登记", en="Registration"),
    "reward": Title(zh="行政奖励", en="Award"),
    "ruling": Title(zh="行政裁决", en="Ruling"),
    "public": Title(zh="公共服务", en="Public service"),
    "other": Title(zh="其他行政权力", en="Other"),
}
NAME = re.compile(r"[a-z][a-z0-9_]*")
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]{1,19}$")]


def _span(value: str) -> str:
    Span.parse(value)
    return value


SpanText = Annotated[str, BeforeValidator(_span)]


class Material(Model):
    """What an applicant brings (申请材料). `proves`: the facts it shows; where they are known from an
    authoritative source nobody brings it (免提交). `when`: the facts that make it necessary. `kinds`: which papers
    a picture of it may show (`reading.kinds`); `whose`: whether it has to name the applicant."""

    key: FactName
    name: str = Field(min_length=1, max_length=200)
    proves: tuple[FactName, ...] = ()
    form: Literal["original", "copy", "original_copy", "digital", "filled"] = "original"
    count: int = Field(1, ge=1)
    issuer: str = ""
    optional: bool = False
    when: dict[FactName, Any] = Field(default_factory=dict)
    note: str = ""
    kinds: tuple[str, ...] = ()
    whose: Literal["applicant", "anyone"] = "applicant"


class Window(Model):
    """Where and when one may come (办理窗口)."""

    name: str
    address: str = ""
    hours: str = ""
    phone: str = ""


class Result(Model):
    """What one gets (办理结果)."""

    name: str
    kind: Literal["certificate", "approval", "payment", "record", "service", "other"] = "other"


class Item(Model):
    """One item in one version.

    `conditions` is an expression over fact types of the registry (each leaf with its reason and article), or
    `rule` names a rule of the pack that says more than yes or no. `examples` hold for the conditions. Without both
    a person judges (可申请，待人工判断).
    `asks` are facts that the decision does not turn on but the result needs (where to pay). `instant`: decided at
    once where the rule says yes on authoritative facts alone; `once`: nobody is granted it twice; `checked`: the
    share of instant approvals that a person looks at afterwards. `catalogue` is the code of the national basic
    catalogue, empty where it is not known.
    """

    code: Code
    version: int = Field(1, ge=1, le=2_147_483_647)
    name: Title
    says: Title
    kind: Kind
    audience: Literal["person", "organisation"] = "person"
    org: str
    level: str = "县级"
    catalogue: str = ""
    basis: tuple[str, ...] = Field(min_length=1)
    conditions: dict[str, Any] | None = None
    rule: str = ""
    examples: tuple[Example, ...] = ()
    asks: tuple[FactName, ...] = ()
    materials: tuple[Material, ...] = ()
    steps: tuple[str, ...] = ("申请", "受理", "审查", "决定", "送达")
    legal: SpanText | None = None
    promised: SpanText | None = None
    fee: str = "不收费"
    fee_basis: str = ""
    windows: tuple[Window, ...] = ()
    results: tuple[Result, ...] = ()
    online: bool = True
    instant: bool = False
    once: bool = False
    checked: float = Field(0.05, ge=0, le=1)
    life: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    sample: bool = True
    open: bool = True
    valid: Validity

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if self.conditions is not None and self.rule:
            raise ValueError("an item has either conditions or the name of a rule")
        if self.instant and self.conditions is None and not self.rule:
            raise ValueError("without a rule nothing can be decided at once")
        keys = [material.key for material in self.materials]
        if len(set(keys)) != len(keys):
            raise ValueError("two materials have the same key")
        return self

    @property
    def ref(self) -> str:
        """`MZ-001@2`, for journals and cases."""
        return f"{self.code}@{self.version}"


def facts_named(expression: Any) -> set[str]:
    """The facts that an expression speaks of, whatever else may be wrong with it."""
    if isinstance(expression, list | tuple):
        return set().union(*map(facts_named, expression)) if expression else set()
    if not isinstance(expression, dict):
        return set()
    found: set[str] = set()
    for name, part in expression.items():
        if name in ("all", "any", "not", "if"):
            found |= facts_named(part)
        elif name not in ("reason", "basis"):
            found.add(str(name))
    return found


def rule_of(item: Item, registry: Mapping[str, FactType]) -> RuleSpec | None:
    """The conditions of an item as a rule: its facts typed by the registry; None where it has none of its own.

    Raises KeyError naming a fact that the registry does not know.
    """
    if item.conditions is None:
        return None
    named = with_sources(facts_named(item.conditions), registry)
    order = [key for key in registry if key in named and not registry[key].members]
    if missing := sorted(named - set(registry)):
        raise KeyError(missing[0])
    groups = [key for key in registry if key in named and registry[key].members]
    return RuleSpec(
        id=f"item-{item.code.lower()}",
        version=item.version,
        title=item.name,
        sample=item.sample,
        valid=item.valid,
        source=Source(kind="sample" if item.sample else "law", document=item.basis[0]),
        facts={key: plain_spec(registry[key]) for key in order},
        groups={key: group_of(registry[key]) for key in groups},
        when=item.conditions,
        examples=item.examples,
    )


def with_sources(named: set[str], registry: Mapping[str, FactType]) -> set[str]:
    """Facts with those that they are computed from: of a formula its facts, of an aggregate its group."""
    found, left = set[str](), set(named)
    while left:
        key = left.pop()
        found.add(key)
        type_ = registry.get(key)
        if type_ is not None and type_.derived:
            words = {type_.over.group} if type_.over else set(NAME.findall(type_.formula)) & set(registry)
            left |= words - found
    return found


def group_of(type_: FactType) -> Group:
    """A group of the registry as rules declare groups."""
    return Group(title=type_.title, facts={key: plain_spec(one) for key, one in type_.members.items()})


def plain_spec(type_: Labelled) -> FactSpec:
    """A fact type as rules declare facts."""
    given = {
        name: value
        for name in ("type", "values", "many", "unit", "min", "max", "formula", "over")
        if (value := getattr(type_, name)) not in (None, (), "", False)
    }
    return FactSpec(title=type_.title, question=type_.question, **given)


def in_force(versions: list[Item], day: date) -> Item | None:
    """The newest version that is in force on a day."""
    found = [
        one for one in versions if one.valid.since <= day and (one.valid.to is None or day < one.valid.to)
    ]
    return max(found, key=lambda one: one.version, default=None)
