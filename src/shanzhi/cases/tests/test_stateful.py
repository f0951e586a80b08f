"""Over random valid types, whatever legal and illegal things are done in whatever order:

the case is what its journal adds up to, its clocks have counted what passed while they ran and nothing
else, and what the server says may be done is exactly what it then accepts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.base.clock import Calendar
from shanzhi.base.errors import Problem
from shanzhi.cases import actions, clocks, opening, queries, timing, types, workflow
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.models import CaseTypeVersion
from shanzhi.cases.moment import Moment
from shanzhi.cases.opening import Report, Ruling
from shanzhi.cases.sides import Ask, Share, asked, decided, taken_up
from shanzhi.cases.state import NEW, PARTS, Change, State, applied, fold, plain, usual
from shanzhi.cases.tests.district import clean
from shanzhi.cases.tests.random_types import case_types
from shanzhi.cases.ticker import tick
from shanzhi.cases.workflow import Inputs
from shanzhi.orgs.actor import Actor, Grant

CALENDAR = Calendar.default()
START = datetime(2025, 9, 24, 1, 0, tzinfo=UTC)  # a week before eight days off
CASE = UUID(int=7)
PLACE = "510107005001001"
ACTORS = (
    Actor("account", 1, "王大妈", (Grant("resident"),)),
    Actor("account", 2, "李网格", (Grant("grid_worker", PLACE[:9]),)),
    Actor("account", 3, "吴立案", (Grant("registrar", "510107"),)),
    Actor("account", 4, "孙派遣", (Grant("dispatcher", "510107"),)),
    Actor("account", 5, "赵处置", (Grant("handler", org="urban-management"),)),
    Actor("account", 6, "代办员", (Grant("handler", org="centre"),)),
)
DISPATCHER, HANDLER = ACTORS[3], ACTORS[4]
INPUTS = (
    Inputs(),
    Inputs(reason="有原因"),
    Inputs(reason="有原因", result="好了"),
    Inputs(reason="有原因", result="好了", org="urban-management", helpers=("water",)),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["move", "legal", "legal", "tick", "extend", "suspend", "send_back", "void", "take_up"]
        ),
        st.sampled_from(ACTORS),
        st.integers(0, 20),
        st.sampled_from(INPUTS),
        st.integers(0, 400_000),
    ),
    min_size=3,
    max_size=15,
)
Step = tuple[str, Actor, int, Inputs, int]


@dataclass
class Model:
    """A case in memory beside what a simple reckoning says of its clocks."""

    type_: CaseType
    at: datetime
    state: State
    entries: list[Change]
    ran: dict[str, int]

    @classmethod
    def opened(cls, type_: CaseType) -> "Model":
        report = Report("random", "油烟", account=1)
        ruling = Ruling("normal", "urban-management", "centre", True, {}, {})
        first = opening.first_state(type_, report, ruling, id_=CASE, number=1, area=PLACE, at=START)
        change = workflow.opened(type_, first, Moment(START, CALENDAR))
        return cls(type_, START, applied(first, change), [change], {})

    def pass_time(self, seconds: int) -> None:
        later = self.at + timedelta(seconds=seconds)
        for name, clock in self.state.clocks.items():
            if clock.status == "running":
                self.ran[name] = self.ran.get(name, 0) + CALENDAR.between(self.at, later, clock.working)
        self.at = later

    def take(self, change: Change | None) -> None:
        if change is not None:
            self.state = applied(self.state, change)
            self.entries.append(change)

    def check(self) -> None:
        rebuilt = fold(plain(change.plain(first=not n)) for n, change in enumerate(self.entries))
        rebuilt["set"] = {**dict.fromkeys(self.state.columns), **rebuilt["set"]}
        assert rebuilt == {
            "set": plain(self.state.columns), **{part: plain(getattr(self.state, part)) for part in PARTS}
        }  # fmt: skip
        assert self.state["org"]
        state, dues = self.type_.states[self.state["state"]], []
        assert self.state["open"] == state.open
        for name, clock in self.state.clocks.items():
            assert clocks.spent(clock, self.at, CALENDAR) == self.ran.get(name, 0)
            assert clock.status == self.status(name)
            dues += [clock.due] if clock.due else []
        assert self.state["due_at"] == min(dues, default=None)

    def status(self, name: str) -> str:
        if self.state["state"] not in self.type_.clocks[name].runs_in:
            return "stopped"
        return "paused" if self.state["suspended_until"] else "running"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(type_=case_types(), steps=STEPS)
def test_whatever_is_done_the_case_is_what_its_journal_says(type_: CaseType, steps: list[Step]) -> None:
    model = Model.opened(type_)
    for kind, actor, number, inputs, seconds in steps:
        model.pass_time(seconds)
        _agreed(model, actor)
        try:
            _done(model, kind, actor, number, inputs)
        except Problem:
            pass
        model.check()


def _agreed(model: Model, actor: Actor) -> None:
    """What is offered is what is accepted, apart from what is missing or waited for."""
    offered = workflow.allowed(model.type_, model.state, actor, model.at)
    full = Inputs(reason="有", result="有")
    for name in model.type_.moves:
        try:
            moment = Moment(model.at, CALENDAR)
            workflow.moved(model.type_, model.state, actor, name, full, moment)
            accepted = True
        except Problem as error:
            accepted = error.code == "not_joined"
        assert accepted == (name in offered)


def _done(model: Model, kind: str, actor: Actor, number: int, inputs: Inputs) -> None:
    type_, state, moment = model.type_, model.state, Moment(model.at, CALENDAR)
    if kind in ("move", "legal"):
        names = list(type_.moves) if kind == "move" else workflow.allowed(type_, state, actor, model.at)
        if names:
            name = names[number % len(names)]
            model.take(workflow.moved(type_, state, actor, name, inputs, moment))
    elif kind == "tick":
        model.take(timing.ticked(state, model.at, CALENDAR))
    elif kind == "take_up":
        if state["suspended_until"] is not None:
            model.take(taken_up(state, moment))
    else:
        until = model.at + timedelta(hours=number + 1)
        model.take(asked(type_, state, HANDLER, Ask(kind, "有原因", until, 3_600 * (number + 1)), moment))
        verdict = (number % 3 > 0, "理由")
        name = list(model.state.requests)[-1]
        model.take(decided(type_, model.state, DISPATCHER, name, verdict, moment, Share(0, 10)))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(type_=case_types(), steps=STEPS, version=st.integers(1_000, 10**9))
def test_the_same_through_the_database(
    district: None, type_: CaseType, steps: list[Step], version: int
) -> None:
    body = type_.model_dump(mode="json", by_alias=True) | {"version": version}
    CaseTypeVersion.objects.filter(type="random").delete()
    CaseTypeVersion.objects.create(type="random", version=version, body=body, current=True)
    types._all.cache_clear()
    types.version.cache_clear()
    case = actions.open_case(ACTORS[0], Report("random", "油烟", area=PLACE, at=START)).id
    at = START
    for kind, actor, number, inputs, seconds in steps:
        at += timedelta(seconds=seconds)
        try:
            _done_there(case, kind, actor, number, inputs, at)
        except Problem as error:
            assert error.status < 500
    clean()
    types._all.cache_clear()


def _done_there(case: UUID, kind: str, actor: Actor, number: int, inputs: Inputs, at: datetime) -> None:
    state = queries.state_of(case)
    if kind in ("move", "legal"):
        type_ = types.current("random")
        names = list(type_.moves) if kind == "move" else workflow.allowed(type_, state, actor, at)
        if names:
            actions.move(actor, case, names[number % len(names)], inputs=inputs, at=at)
    elif kind == "tick":
        tick(at)
    elif kind == "take_up":
        actions.take_up(DISPATCHER, case, at=at)
    else:
        wanted = Ask(kind, "有原因", at + timedelta(hours=number + 1), 3_600 * (number + 1))
        actions.ask(DISPATCHER, case, wanted, at=at)
        name = list(queries.state_of(case).requests)[-1]
        actions.decide(Actor.system(), case, name, granted=number % 3 > 0, decision="理由", at=at)


def test_what_goes_without_saying_in_entries_stays_as_it_is() -> None:
    """Entries that are kept for good rely on it: a field may be added with a default, none may change its own."""
    said = {name: {key: value for key, value in usual(kind).items() if value} for name, kind in PARTS.items()}
    assert said == {
        "clocks": {"on_breach": "escalate", "status": "running"},
        "tasks": {},
        "requests": {},
        "reporters": {"active": True},
        "ratings": {},
    }
    assert NEW == {"address": "", "performers": {}, "bounces": 0, "reworks": 0, "data": {}}


def test_an_entry_of_before_that_says_everything_adds_up_to_the_same() -> None:
    lean = {"set": {"title": "井盖"}, "reporters": {"r1": {"channel": "web", "account": None}}}
    full = {
        "set": {"title": "井盖", **NEW},
        "reporters": {"r1": {"name": "r1", "channel": "web", "account": None, "active": True}},
    }
    rebuilt, before = fold([lean]), fold([full])
    assert rebuilt["set"] == before["set"]
    assert rebuilt["reporters"]["r1"] == {"origin": None} | before["reporters"]["r1"]
