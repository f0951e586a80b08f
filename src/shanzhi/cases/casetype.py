"""Case types (案件类型) as packs declare them: states, moves, clocks, forms and side procedures.

A running case keeps the version of its type that it began with. Everything here is plain values; what is
wrong between the parts of a type is found by `check.py`.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shanzhi.base.clock import Span
from shanzhi.cases.who import Who

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _span(value: str) -> str:
    Span.parse(value)
    return value


def _limit(value: str) -> str:
    if not Span.parse(value).seconds:
        raise ValueError("a limit of no time has passed before anybody could keep it")
    return value


Names = Annotated[tuple[Name, ...], BeforeValidator(_listed)]
SpanText = Annotated[str, BeforeValidator(_span)]
LimitText = Annotated[str, BeforeValidator(_limit)]
WhoText = Annotated[str, BeforeValidator(lambda value: Who.parse(value) and value)]
Stage = Literal["report", "register", "dispatch", "handle", "feedback", "verify", "evaluate", "ended"]
ClockKind = Literal["accept", "dispatch", "contact", "handle", "verify", "call_back", "case"]
Purpose = Literal["urgency", "responsibility", "limits", "public"]
OnBreach = Name  # escalate, tell, or the move that the platform then makes (超时即视为)
TELLS = ("escalate", "tell")
Marks = tuple[Annotated[float, Field(gt=0, lt=1)], ...]
SideKind = Literal["extend", "suspend", "send_back", "void", "consult"]


class Model(BaseModel):
    """What all parts of a declaration have in common: no unknown keys, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class Title(Model):
    """A title in the languages of the pages."""

    zh: str = Field(min_length=1, max_length=100)
    en: str = Field(min_length=1, max_length=100)


class FieldSpec(Model):
    """A field of the form (表单项) of a type or of a move; `says`: what its choices are called, where a code is kept;
    `asked`: whoever reports it is asked for it.

    A field of a move that the form of the type has too is written into the case: what is not given is emptied.
    """

    type: Literal["text", "long_text", "integer", "decimal", "bool", "date", "choice"] = "text"
    title: Title
    required: bool = False
    choices: tuple[str, ...] = ()
    says: dict[str, Title] = {}
    asked: bool = False
    max: int | None = None

    @model_validator(mode="after")
    def _choices_said(self) -> "FieldSpec":
        if unknown := set(self.says) - set(self.choices):
            raise ValueError(f"says names what is no choice: {', '.join(sorted(unknown))}")
        return self


class State(Model):
    """A state (状态); `open` while somebody owes the resident something.

    `tells`: as what those who reported it are told of it, where the stage does not say it (`granted`, `declined`).
    """

    title: Title
    open: bool = False
    stage: Stage = "handle"
    tells: Name | None = None


class Move(Model):
    """A move (流转): who may take the case from which states to which one, and what it needs and does.

    `within` counts from the end of the case, or from the start of the clock that `counts_from` names. `calls` is
    the kind of task that its helpers are given; `rated` asks that all tasks that are to be rated are. `once`: at
    most one time in a case.
    """

    title: Title
    source: Names = Field(alias="from")
    to: Name
    who: WhoText
    needs: Names = ()
    takes: Names = ()
    sets: Literal["owner", "person", "nobody", "desk", "none"] = "none"
    joins: bool = False
    apart_from: Names = ()
    bounce: bool = False
    rework: bool = False
    within: SpanText | None = None
    then: Literal["evaluate"] | None = None
    fields: dict[Name, FieldSpec] = {}
    danger: bool = False
    counts_from: Name | None = None
    calls: Name = "help"
    rated: bool = False
    once: bool = False


class Clock(Model):
    """A clock (时限): runs in some states, in natural or working time, warns and acts on breach.

    It is never set back, unless it is counted `per_owner`: then each organisation has the time anew.
    """

    title: Title
    kind: ClockKind
    runs_in: Names
    within: LimitText
    rule_output: Name | None = None
    warn_at: Marks = (0.8,)
    on_breach: OnBreach = "escalate"
    per_owner: bool = False


class TaskKind(Model):
    """A kind of task for helpers (协办任务): how soon it is due, what follows it, whether the owner rates it."""

    title: Title
    within: LimitText | None = None
    rule_output: Name | None = None
    warn_at: Marks = (0.8,)
    on_breach: OnBreach = "escalate"
    then: Name | None = None
    rated: bool = False


class Side(Model):
    """A side procedure (特殊流程): who may ask, who decides, and how large its share may grow.

    `before`: an extension is asked for at least so long before the end of what it extends.
    """

    ask: WhoText
    approve: WhoText
    most: SpanText | None = None
    cap: Annotated[float, Field(gt=0, le=1)] | None = None
    times: int = 1
    to: Name | None = None
    before: SpanText | None = None


class CaseType(Model):
    """One kind of work (案件类型) on the engine, in one version.

    `brings`: limits that come with each case (from the item applied for), not from a rule.
    """

    type: Name
    version: int = Field(ge=1, le=2_147_483_647)
    title: Title
    start: Name
    desk: Name
    form: dict[Name, FieldSpec] = {}
    opens: tuple[Name, ...] = ("anonymous", "resident", "operator", "grid_worker")
    rules: dict[Purpose, Name] = {}
    states: dict[Name, State] = Field(min_length=2)
    moves: dict[Name, Move] = Field(min_length=1)
    clocks: dict[Name, Clock] = {}
    tasks: dict[Name, TaskKind] = {}
    sides: dict[SideKind, Side] = {}
    bounces: int = Field(default=2, ge=0)
    supervise: WhoText = "street_leader@area | dispatcher@area"
    evaluate_within: SpanText = "30d"
    brings: tuple[Name, ...] = ()
    migrate: dict[str, dict[Name, Name]] = {}

    @model_validator(mode="after")
    def _known(self) -> "CaseType":
        if self.start not in self.states:
            raise ValueError(f"start names the state {self.start!r}, which is not declared")
        return self

    @cached_property
    def spans(self) -> dict[str, Span]:
        """The limits of the clocks, parsed."""
        return {name: Span.parse(clock.within) for name, clock in self.clocks.items()}

    @cached_property
    def ruled(self) -> tuple[str, ...]:
        """What its rules are to say of the limits: of clocks and of helpers' tasks."""
        named = [clock.rule_output for clock in self.clocks.values()]
        named += [task.rule_output for task in self.tasks.values()]
        return tuple(sorted({name for name in named if name}))

    @cached_property
    def leaving(self) -> dict[str, tuple[str, ...]]:
        """For each state the moves that leave from it, those that lead on to a later stage first."""
        found = {s: [n for n, m in self.moves.items() if s in m.source] for s in self.states}
        return {s: tuple(sorted(names, key=lambda n: not self._leads_on(s, n))) for s, names in found.items()}

    def _leads_on(self, state: str, move: str) -> bool:
        before, after = (self.states.get(one) for one in (state, self.moves[move].to))
        stages = get_args(Stage)
        return bool(before and after and stages.index(after.stage) > stages.index(before.stage))

    def open_states(self) -> Sequence[str]:
        return [name for name, state in self.states.items() if state.open]
