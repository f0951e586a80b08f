"""The figures (指标): what each counts, over how many, and how it is said. Pure.

The stages and their figures follow GB/T 30428 数字化城市管理信息系统, part 4 绩效评价 (performance
evaluation); the three rates are those of 接诉即办. A share is always given with what it is a share of: `part`
and `whole` are SQL conditions over the columns of `insight_fact`. Whatever is not decided yet (a clock that
still runs, a case that nobody has rated) is in neither.
"""

from dataclasses import dataclass
from typing import Literal

from shanzhi.base.errors import gettext_noop

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a number of cases, or a share (`whole` given)."""

    code: str
    stage: str
    title: str
    says: str
    part: str
    whole: str = ""
    better: Better = "more"

    @property
    def behind(self) -> str:
        """The condition of the cases one looks into: those that spoil a share, or all that are counted."""
        if not self.whole:
            return self.part
        return (
            f"({self.whole}) AND NOT ({self.part})"
            if self.better == "more"
            else f"({self.whole}) AND ({self.part})"
        )


@dataclass(frozen=True, slots=True)
class Value:
    """What came of it: `n` cases of `of`; a plain number has no `of`."""

    n: int
    of: int | None = None

    @property
    def share(self) -> float | None:
        """Between 0 and 1; none when it is over nothing."""
        return self.n / self.of if self.of else None


STAGES = {
    "collect": gettext_noop("Collect"),
    "register": gettext_noop("Register"),
    "dispatch": gettext_noop("Dispatch"),
    "handle": gettext_noop("Handle"),
    "verify": gettext_noop("Verify and close"),
    "evaluate": gettext_noop("Evaluate"),
}

FIGURES = [
    Figure(
        "reported",
        "collect",
        gettext_noop("Reported"),
        gettext_noop("Cases reported in the period."),
        "TRUE",
        better="neither",
    ),
    Figure(
        "valid",
        "collect",
        gettext_noop("Valid reports"),
        gettext_noop(
            "Neither refused, voided nor merged into another case, of those that have been looked at."
        ),
        "valid",
        "valid IS NOT NULL",
    ),
    Figure(
        "register_on_time",
        "register",
        gettext_noop("Registered on time"),
        gettext_noop("The clock for accepting was not breached, of those accepted or overdue."),
        "register_on_time",
        "register_on_time IS NOT NULL",
    ),
    Figure(
        "responded_on_time",
        "register",
        gettext_noop("Answered on time"),
        gettext_noop("The clock for the first contact was not breached, of those contacted or overdue."),
        "respond_on_time",
        "respond_on_time IS NOT NULL",
    ),
    Figure(
        "dispatch_on_time",
        "dispatch",
        gettext_noop("Dispatched on time"),
        gettext_noop("The clock for dispatching was not breached, of those dispatched or overdue."),
        "dispatch_on_time",
        "dispatch_on_time IS NOT NULL",
    ),
    Figure(
        "dispatch_accurate",
        "dispatch",
        gettext_noop("Dispatched to the right hands"),
        gettext_noop("One organisation only and never returned, of those dispatched."),
        "owners = 1 AND bounces = 0",
        "owners > 0",
    ),
    Figure(
        "ping_pong",
        "dispatch",
        gettext_noop("Passed to and fro"),
        gettext_noop("Returned to the centre twice or more, of those dispatched."),
        "bounces >= 2",
        "owners > 0",
        "less",
    ),
    Figure(
        "handle_on_time",
        "handle",
        gettext_noop("Handled on time"),
        gettext_noop("The clock for handling was not breached, of those handled or overdue."),
        "handle_on_time",
        "handle_on_time IS NOT NULL",
    ),
    Figure(
        "rework",
        "handle",
        gettext_noop("Done again"),
        gettext_noop("Sent back at least once because it was not solved, of those handled."),
        "reworks > 0",
        "handled_at IS NOT NULL",
        "less",
    ),
    Figure(
        "suspended",
        "handle",
        gettext_noop("Suspended"),
        gettext_noop("Allowed to wait for something, of those dispatched."),
        "granted_s > 0",
        "owners > 0",
        "less",
    ),
    Figure(
        "verify_on_time",
        "verify",
        gettext_noop("Verified on time"),
        gettext_noop("The clock for verifying was not breached, of those verified or overdue."),
        "verify_on_time",
        "verify_on_time IS NOT NULL",
    ),
    Figure(
        "closed",
        "verify",
        gettext_noop("Closed"),
        gettext_noop("Closed by now, of the valid ones."),
        "NOT open",
        "valid",
    ),
    Figure(
        "closed_in_time",
        "verify",
        gettext_noop("Closed in time"),
        gettext_noop(
            "The clock of the whole case was not breached, of those whose clock has stopped or is overdue."
        ),
        "case_on_time",
        "case_on_time IS NOT NULL",
    ),
    Figure(
        "contacted",
        "evaluate",
        gettext_noop("Response rate"),
        gettext_noop("The reporter says that he was contacted, of those who answered this question."),
        "contacted",
        "contacted IS NOT NULL",
    ),
    Figure(
        "solved",
        "evaluate",
        gettext_noop("Solution rate"),
        gettext_noop("The reporter says that it was solved, of those who answered this question."),
        "solved",
        "solved IS NOT NULL",
    ),
    Figure(
        "satisfied",
        "evaluate",
        gettext_noop("Satisfaction rate"),
        gettext_noop("The reporter gave 4 or 5 of 5, of those who answered this question."),
        "satisfied >= 4",
        "satisfied IS NOT NULL",
    ),
    Figure(
        "judged",
        "evaluate",
        gettext_noop("Solved, says the third party"),
        gettext_noop("A third party found it solved, of the sample it looked at."),
        "judged_solved",
        "judged_solved IS NOT NULL",
    ),
]
BY_CODE = {figure.code: figure for figure in FIGURES}
NOW = [  # of the open ones: whoever counts says so, and an index that holds only these answers alone
    Figure(
        "open",
        "collect",
        gettext_noop("Open now"),
        gettext_noop("Cases that are not closed, whenever they were reported."),
        "TRUE",
        better="neither",
    ),
    Figure(
        "overdue",
        "handle",
        gettext_noop("Overdue now"),
        gettext_noop("Open cases whose next clock is due already."),
        "due_at < now()",
        better="less",
    ),
    Figure(
        "soon",
        "handle",
        gettext_noop("Due within a day"),
        gettext_noop("Open cases whose next clock is due within 24 hours."),
        "due_at >= now() AND due_at < now() + interval '24 hours'",
        better="neither",
    ),
]
ALL = {figure.code: figure for figure in (*FIGURES, *NOW)}
POSTS = {
    "collected_by": (gettext_noop("Collectors"), ("reported", "valid")),
    "registered_by": (gettext_noop("Registrars"), ("register_on_time", "valid")),
    "dispatched_by": (gettext_noop("Dispatchers"), ("dispatch_on_time", "dispatch_accurate")),
    "handled_by": (gettext_noop("Handlers"), ("handle_on_time", "rework", "satisfied")),
    "verified_by": (gettext_noop("Verifiers"), ("verify_on_time",)),
}
