"""What is counted of a person's work (个人绩效), and what it may be compared with. Pure.

Nobody is ranked by mere counts. A share comes with its denominator and its interval; beside it stands the middle half
of colleagues who did enough of the same for a share to say something, or nothing where these are too few. Points are
declared in the pack: what gives how many, up to which cap.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from pydantic import BaseModel, ConfigDict, Field

from shanzhi.base.errors import gettext_noop
from shanzhi.base.shares import interval
from shanzhi.insight.figures import Value

POSTS = ("collected_by", "verified_by", "handled_by")


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a person: of the cases in which he held a post (`by`), those of `part` among those of `whole`.

    `part` and `whole` are SQL conditions over the columns of `insight_fact`; without `whole` it is a plain count.
    """

    code: str
    by: str
    title: str
    says: str
    part: str
    whole: str = ""
    more_is_better: bool = True

    @property
    def spoilt(self) -> str:
        """The condition of the cases that one looks into first: those that count against him."""
        against = f"NOT ({self.part})" if self.more_is_better else f"({self.part})"
        return f"({self.whole}) AND {against}" if self.whole else self.part


MEASURES = (
    Measure(
        "found",
        "collected_by",
        gettext_noop("Found and reported"),
        gettext_noop(
            "Cases that he reported himself. A count says how much there was, not how well it was done."
        ),
        "TRUE",
    ),
    Measure(
        "found_valid",
        "collected_by",
        gettext_noop("Valid reports"),
        gettext_noop("Neither refused, voided nor merged, of those that have been looked at."),
        "valid",
        "valid IS NOT NULL",
    ),
    Measure(
        "verified",
        "verified_by",
        gettext_noop("Looked at on the spot"),
        gettext_noop(
            "Cases whose result he verified. A count says how much there was, not how well it was done."
        ),
        "TRUE",
    ),
    Measure(
        "verified_on_time",
        "verified_by",
        gettext_noop("Verified on time"),
        gettext_noop("The clock for verifying was not breached. It runs also while others hold the case."),
        "verify_on_time",
        "verify_on_time IS NOT NULL",
    ),
    Measure(
        "handled",
        "handled_by",
        gettext_noop("Handled"),
        gettext_noop(
            "Cases that he handled last. A count says how much there was, not how well it was done."
        ),
        "TRUE",
    ),
    Measure(
        "handled_on_time",
        "handled_by",
        gettext_noop("Handled on time"),
        gettext_noop("The clock for handling was not breached. It runs also while others hold the case."),
        "handle_on_time",
        "handle_on_time IS NOT NULL",
    ),
    Measure(
        "rework",
        "handled_by",
        gettext_noop("Done again"),
        gettext_noop("Sent back at least once because it was not solved, of those handled."),
        "reworks > 0",
        "handled_at IS NOT NULL",
        more_is_better=False,
    ),
    Measure(
        "solved",
        "handled_by",
        gettext_noop("Solved, says the reporter"),
        gettext_noop("Of those handled whose reporter answered this question."),
        "solved",
        "solved IS NOT NULL",
    ),
)
CODES = {one.code: one for one in MEASURES}
QUALITY = "quality"
TITLES = {one.code: one.title for one in MEASURES} | {QUALITY: gettext_noop("Good in the sample")}


def quartiles(shares: Sequence[float]) -> tuple[float, float]:
    """The ends of the middle half of some shares: at least half of them lie between."""
    ordered, last = sorted(shares), len(shares) - 1
    return ordered[floor(last / 4)], ordered[ceil(last * 3 / 4)]


@dataclass(frozen=True, slots=True)
class Told:
    """A number as a page says it: the interval of a share, and the middle half of comparable colleagues, if any.

    `enough` is false where the denominator is too small for a share to say anything.
    """

    value: Value
    low: float | None = None
    high: float | None = None
    enough: bool = False
    others: tuple[float, float] | None = None


def told(own: Value, others: Iterable[Value], *, minimum: int, peers: int) -> Told:
    """What is said of one number. Colleagues count who did `minimum`, and only when there are `peers` of them."""
    if not own.of:
        return Told(own)
    low, high = interval(own.n, own.of)
    shares = [one.n / one.of for one in others if one.of and one.of >= minimum]
    half = quartiles(shares) if len(shares) >= peers else None
    return Told(own, low, high, own.of >= minimum, half)


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Model):
    zh: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class Points(Model):
    """What gives points (积分项): so many for each of a number, up to a cap in thirty days."""

    code: str = Field(pattern=r"^[a-z][a-z_]{0,39}$")
    title: Title
    counts: str = Field(pattern=r"^[a-z_]+$")
    each: float = Field(gt=0, le=100)
    cap: float = Field(gt=0, le=10_000)
    basis: str = ""


class Setting(Model):
    """The part `performance` of a pack: from how many on a share is compared, with how many colleagues, whose grids
    differ by at most which factor, and points."""

    minimum: int = Field(default=20, ge=5, le=1000)
    peers: int = Field(default=5, ge=3, le=100)
    alike: float = Field(default=2.0, ge=1.1, le=10)
    points: tuple[Points, ...] = ()
    source: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Earned:
    """Points for one item: of how many, and whether the cap cut them."""

    item: Points
    n: float
    points: float
    capped: bool


def earned(items: Iterable[Points], counts: Mapping[str, float], days: int) -> list[Earned]:
    """The points for a period of so many days; the caps are in proportion to it."""
    found = []
    for item in items:
        n, cap = counts.get(item.counts, 0), item.cap * days / 30
        found.append(Earned(item, n, min(n * item.each, cap), n * item.each > cap))
    return found
