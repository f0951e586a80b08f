"""What chance alone would leave out of the generated month: something true to life on every page of the demo.

Requests that wait for a decision, the ladder of supervision, a duplicate, notes, clocks about to run out,
what the demo's residents reported themselves, and third-party evaluation. In the same way as all the rest:
through the actions, by the demo's accounts, after what has happened already.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shanzhi.base.errors import Problem
from shanzhi.cases import actions, queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.opening import Report
from shanzhi.cases.sides import Ask
from shanzhi.cases.state import State
from shanzhi.journal.queries import changed_at
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors
from shanzhi.run import words
from shanzhi.run.living import RATE, SCRIPTS, YULIN, Life, Step, place, turn
from shanzhi.surveys import actions as surveys

SAYS = "（演示数据，程序生成）"


def stage(life: Life) -> None:
    """All of them, each on cases of its own."""
    _own(life)
    _nearly_late(life)
    handled = _open(life, "handling")
    _requests(life, handled)
    _notes(life, handled)
    _ladder(life)
    _duplicates(life)
    _surveys(life)


def _person(username: str) -> Actor | None:
    return next(iter(actors(usernames=[username])), None)


def _open(life: Life, *states: str) -> list[State]:
    """The open cases in some states, those of Yulin first, in the order of their numbers."""
    found = queries.visible_to(Actor.system()).filter(open=True, state__in=states, merged_into=None)
    ids = list(found.order_by("number").values_list("pk", flat=True))
    by_id = queries.states_of(ids)
    return sorted((by_id[id_] for id_ in ids), key=lambda state: not state["area"].startswith(YULIN))


def _since(life: Life, state: State) -> datetime:
    """A moment after the last thing that happened to a case."""
    last = changed_at([state.id])[state.id]
    return last + (life.end - last) * life.dice.uniform(0.2, 0.95)


def _own(life: Life) -> None:
    """What the demo's residents reported themselves, each come as far as its line says."""
    for number, (username, type_, category, text, upto, hours) in enumerate(words.OWN):
        who = _person(username)
        if who is None:
            continue
        at = life.end - timedelta(hours=hours)
        lon, lat = place(life, life.yulin)
        title = text.partition("，")[0]
        report = Report(
            type=type_, text=text + SAYS, title=title, category=category, lon=lon, lat=lat, channel="web",
            external=f"demo-own-{number}", account=who.account, at=at, public=category != "E0113",
        )  # fmt: skip
        _bring(life, actions.open_case(who, report), upto, at, hours)


def _bring(life: Life, state: State, upto: str, at: datetime, hours: float) -> None:
    """Steps up to one of them, evenly over the first four fifths of the time there is."""
    steps: list[Step] = []
    if upto == "refuse":
        steps = [Step("refuse", "registrar", 1)]
    elif upto:
        script = [*SCRIPTS[state["type"]], RATE]
        steps = script[: [step.move for step in script].index(upto) + 1]
    for number, step in enumerate(steps, 1):
        state = turn(life, state, step, at + timedelta(hours=hours * 0.8 * number / len(steps)))


def _nearly_late(life: Life) -> None:
    """Reports of yesterday that nobody has taken up: their day is nearly over, or just was."""
    for number, hours in enumerate((19.6, 21.5, 23.2, 23.8, 24.4, 25.1)):
        lon, lat = place(life, life.yulin if number % 2 else life.bounds)
        where = life.dice.choice(words.PLACES)
        report = Report(
            type="street-issue", text=f"{where}：乱堆物堆料。{words.DETAILS[number]}{SAYS}", title=f"{where}乱堆物堆料",
            category="E0105", lon=lon, lat=lat, channel="web", external=f"demo-late-{number}",
            at=life.end - timedelta(hours=hours),
        )  # fmt: skip
        actions.open_case(Actor.system(), report)


def _requests(life: Life, handled: list[State]) -> None:
    """Each kind of request twice: most wait for a decision, some were decided."""
    kinds = [(kind, n) for n in range(2) for kind in words.ASKED]
    for number, (state, (kind, n)) in enumerate(zip(handled, kinds, strict=False)):
        owner, at = life.staff.who("owner", state), _since(life, state)
        if owner is None:
            continue
        try:
            after = actions.ask(owner, state.id, _wanted(life, state, kind, n), at=at)
        except Problem:
            continue  # this type of case knows no such procedure
        dispatcher = life.staff.who("dispatcher", state)
        if number in (5, 6) and dispatcher is not None:
            later = at + (life.end - at) / 2
            actions.decide(
                dispatcher, state.id, max(after.requests), granted=True, decision=words.GRANTED, at=later
            )


def _wanted(life: Life, state: State, kind: str, n: int) -> Ask:
    until = life.end + timedelta(days=10) if kind == "suspend" else None
    seconds = 3 * 86_400 if kind == "extend" else None
    orgs = (("water", "market")[n],) if kind == "consult" else ()
    return Ask(kind, words.ASKED[kind][n], until=until, seconds=seconds, orgs=orgs)


def _notes(life: Life, handled: list[State]) -> None:
    """What colleagues tell each other, and what handler and resident tell each other."""
    for state, said in zip(handled[2:], words.NOTES, strict=False):
        owner = life.staff.who("owner", state)
        if owner is not None:
            actions.note(owner, state.id, said, at=_since(life, state))
    for state in handled:
        owner = life.staff.who("owner", state)
        if owner is None or not state.party.reporters:
            continue
        at = _since(life, state)
        actions.note(owner, state.id, words.TOLD, public=True, at=at)
        [resident] = actors(ids=state.party.reporters[:1])
        actions.note(resident, state.id, words.ASKS_BACK, at=at + (life.end - at) / 2)
        return


def _ladder(life: Life) -> None:
    """Late cases raised step by step, in Yulin by the leader of the street."""
    leader = _person("zhangdudao")
    late = [s for s in _open(life, "dispatched", "handling") if s["due_at"] and s["due_at"] < life.end]
    for number, state in enumerate(late[:6]):
        at = _since(life, state)
        for level in range(max(1, state["level"]), max(state["level"], number % 3 + 1) + 1):
            who = leader if state["area"].startswith(YULIN) else life.staff.who("dispatcher", state)
            if who is not None:
                at += (life.end - at) / 3
                state = actions.supervise(who, state.id, level, words=words.LADDER[level], at=at)


def _duplicates(life: Life) -> None:
    """The same matter reported again: merged by the operator; and a neighbour who says: me too."""
    for number, (state, said) in enumerate(
        zip(_open(life, "dispatched", "registered"), words.DUPLICATES, strict=False)
    ):
        at = _since(life, state)
        report = Report(
            type=state["type"], text=said + SAYS, category=state["category"], lon=state["lon"], lat=state["lat"],
            channel="hotline", external=f"demo-again-{number}", at=at,
        )  # fmt: skip
        again, operator = actions.open_case(Actor.system(), report), life.staff.who("operator", state)
        if operator is not None and number:
            actions.merge(operator, again.id, state.id, at=at + (life.end - at) / 2)
    neighbour = _person("chenjumin")
    shown = [s for s in _open(life, "handling", "dispatched") if s["public"]]
    if neighbour is not None:
        for state in [s for s in shown if neighbour.account not in s.party.reporters][:2]:
            actions.join(neighbour, state.id)


def _surveys(life: Life) -> None:
    """Third-party evaluation: one that is over, one in which half is done."""
    auditor, evaluator = _person("shenji"), _person("pinggu")
    if auditor is None or evaluator is None or evaluator.account is None:
        return
    today = life.end.date()
    for title, first, last, size, done in (
        ("上月第三方评估（演示）", 28, 9, 16, 16),
        ("本周第三方评估（演示）", 8, 1, 12, 5),
    ):
        period = (today - timedelta(days=first), today - timedelta(days=last))
        try:
            survey = surveys.plan(auditor, surveys.Plan(title, *period, size), [evaluator.account])
            for number, answers in zip(range(1, done + 1), _answers(life), strict=False):
                surveys.judge(evaluator, survey.pk, number, answers)
        except Problem:
            continue  # a shorter life than a month has nothing to draw from
        if done == size:
            surveys.close(auditor, survey.pk)


def _answers(life: Life) -> Iterator[Answers]:
    """What an evaluator finds: a little sterner than residents are."""
    while True:
        stars = life.dice.choices((5, 4, 3, 2), (30, 35, 20, 15))[0]
        yield Answers(
            stars > 2, stars >= 3, stars, life.dice.choice(("现场已恢复。", "有整改痕迹，但不彻底。", ""))
        )
