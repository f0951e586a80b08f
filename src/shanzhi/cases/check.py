"""What is wrong between the parts of a case type: found before it is ever applied."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from shanzhi.cases.casetype import TELLS, CaseType, Clock, Move
from shanzhi.cases.who import Who

Path = tuple[str | int, ...]
INPUTS = ("reason", "result", "org", "person", "helpers", "photo_after", "files")


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint, and the part of the declaration that it is about."""

    path: Path
    code: str
    message: str


def findings(
    type_: CaseType, *, roles: Collection[str], rules: Mapping[str, Collection[str]], orgs: Collection[str]
) -> Iterator[Finding]:
    """Everything that is wrong with a type, given the roles, rules (with their outputs) and organisations."""
    yield from _names(type_)
    yield from _refers(type_)
    yield from _reach(type_)
    yield from _clocks(type_)
    yield from _ambiguous(type_)
    yield from _needs(type_)
    yield from _roles(type_, roles)
    for purpose, rule in type_.rules.items():
        if rule not in rules:
            yield Finding(("rules", purpose), "missing-rule", f"there is no rule {rule!r}")
    if all(rule in rules for rule in type_.rules.values()):
        said = {out for rule in type_.rules.values() for out in rules[rule]}
        yield from _limits(type_, said | set(type_.brings))
    if type_.desk not in orgs and type_.desk != "street":
        yield Finding(("desk",), "missing-org", f"there is no organisation {type_.desk!r}")


def _names(type_: CaseType) -> Iterator[Finding]:
    for path, state in _states_named(type_):
        if state not in type_.states:
            yield Finding(path, "unknown-state", f"there is no state {state!r}")
    for name, move in type_.moves.items():
        for other in move.apart_from:
            if other not in type_.moves:
                yield Finding(("moves", name, "apart_from"), "unknown-move", f"there is no move {other!r}")


def _refers(type_: CaseType) -> Iterator[Finding]:
    """What moves and tasks name besides states and moves: clocks and kinds of tasks."""
    for name, move in type_.moves.items():
        if move.counts_from is not None and move.counts_from not in type_.clocks:
            message = f"there is no clock {move.counts_from!r}"
            yield Finding(("moves", name, "counts_from"), "unknown-clock", message)
        if move.calls not in (*type_.tasks, "help"):
            yield Finding(
                ("moves", name, "calls"), "unknown-task", f"there is no kind of task {move.calls!r}"
            )
    for name, task in type_.tasks.items():
        if task.then is not None and task.then not in type_.tasks:
            yield Finding(("tasks", name, "then"), "unknown-task", f"there is no kind of task {task.then!r}")


def _states_named(type_: CaseType) -> Iterator[tuple[Path, str]]:
    """Every mention of a state, and where it is."""
    for name, move in type_.moves.items():
        yield from ((("moves", name, "from"), state) for state in move.source)
        yield ("moves", name, "to"), move.to
    for name, clock in type_.clocks.items():
        yield from ((("clocks", name, "runs_in"), state) for state in clock.runs_in)
    for kind, side in type_.sides.items():
        if side.to is not None:
            yield ("sides", kind, "to"), side.to


def _edges(type_: CaseType) -> dict[str, set[str]]:
    """Where the moves lead from each state (side procedures may fail, so they count for reaching only)."""
    edges: dict[str, set[str]] = {state: set() for state in type_.states}
    for move in type_.moves.values():
        for state in move.source:
            if state in edges and move.to in edges:
                edges[state].add(move.to)
    return edges


def _closure(edges: dict[str, set[str]], start: Collection[str]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        fresh = edges.get(todo.pop(), set()) - seen
        seen |= fresh
        todo += fresh
    return seen


def _reach(type_: CaseType) -> Iterator[Finding]:
    edges = _edges(type_)
    targets = {side.to for side in type_.sides.values() if side.to in type_.states}
    reached = _closure(edges, [type_.start, *(t for t in targets if t)])
    for state in type_.states:
        if state not in reached:
            yield Finding(("states", state), "unreachable", f"no move leads to the state {state!r}")
    back: dict[str, set[str]] = {state: set() for state in type_.states}
    for state, following in edges.items():
        for target in following:
            back[target].add(state)
    ends = _closure(back, [name for name, state in type_.states.items() if not state.open])
    for name in type_.open_states():
        if name not in ends:
            yield Finding(
                ("states", name), "dead-end", f"from the open state {name!r} no way leads to an end"
            )


def _clocks(type_: CaseType) -> Iterator[Finding]:
    for name, clock in type_.clocks.items():
        for state in clock.runs_in:
            if state in type_.states and not type_.states[state].open:
                message = f"the clock {name!r} never stops: it runs in {state!r}, where the case is over"
                yield Finding(("clocks", name, "runs_in"), "endless-clock", message)
        yield from _timer(type_, name, clock)


def _timer(type_: CaseType, name: str, clock: Clock) -> Iterator[Finding]:
    """A clock that moves the case names a move that the platform may make from where the clock runs."""
    move = type_.moves.get(clock.on_breach)
    where = ("clocks", name, "on_breach")
    if clock.on_breach in TELLS:
        return
    if move is None:
        yield Finding(where, "unknown-move", f"there is no move {clock.on_breach!r}")
    elif not set(clock.runs_in) & set(move.source) or not Who.parse(move.who).admits_system():
        yield Finding(
            where, "no-timer", f"{clock.on_breach!r} is not a move of the platform from these states"
        )


def _limits(type_: CaseType, outputs: Collection[str]) -> Iterator[Finding]:
    for part in ("clocks", "tasks"):
        for name, one in getattr(type_, part).items():
            if one.rule_output and one.rule_output not in outputs:
                message = f"no rule of this type says {one.rule_output!r}"
                yield Finding((part, name, "rule_output"), "missing-output", message)


def _ambiguous(type_: CaseType) -> Iterator[Finding]:
    """Two buttons that look the same to the same person in the same state."""
    seen: dict[tuple[str, str], str] = {}
    for name, move in type_.moves.items():
        for state in move.source:
            for title in (move.title.zh, move.title.en):
                other = seen.setdefault((state, title), name)
                if other != name and _overlap(move, type_.moves[other]):
                    message = f"{name!r} and {other!r} are both called {title!r} in the state {state!r}"
                    yield Finding(("moves", name, "title"), "ambiguous", message)


def _overlap(one: Move, other: Move) -> bool:
    return bool(set(Who.parse(one.who).terms) & set(Who.parse(other.who).terms))


def _needs(type_: CaseType) -> Iterator[Finding]:
    for name, move in type_.moves.items():
        for kind in ("needs", "takes"):
            for need in getattr(move, kind):
                if need not in INPUTS and need not in move.fields:
                    yield Finding(
                        ("moves", name, kind), "unknown-need", f"there is no input or field {need!r}"
                    )
        if (move.bounce or (not type_.states[move.to].open if move.to in type_.states else False)) and (
            _refuses(move) and "reason" not in move.needs
        ):
            yield Finding(("moves", name), "no-reason", f"the move {name!r} refuses and so needs a reason")


def _refuses(move: Move) -> bool:
    return move.bounce or move.danger


def _roles(type_: CaseType, roles: Collection[str]) -> Iterator[Finding]:
    told: list[tuple[Path, str]] = [(("moves", n, "who"), m.who) for n, m in type_.moves.items()]
    told += [(("sides", kind, "ask"), side.ask) for kind, side in type_.sides.items()]
    told += [(("sides", kind, "approve"), side.approve) for kind, side in type_.sides.items()]
    told.append((("supervise",), type_.supervise))
    for path, who in told:
        for role in sorted(Who.parse(who).roles() - set(roles)):
            yield Finding(path, "unknown-role", f"nobody can hold the role {role!r}")
