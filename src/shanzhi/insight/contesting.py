"""Contesting a number or a case (异议), looking at samples, recording training: what changes, each with its entry."""

import csv
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from shanzhi.base.clock import now
from shanzhi.base.codes import span
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, NotSignedIn, gettext_noop
from shanzhi.base.sampling import draw, frame, shared_but
from shanzhi.cases import queries as cases
from shanzhi.insight import people
from shanzhi.insight.figures import Value
from shanzhi.insight.measures import CODES, TITLES
from shanzhi.insight.models import Contest, LeftOut, QualityPick, QualitySample, Training
from shanzhi.insight.periods import Period
from shanzhi.journal.actions import append
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.orgs.staffing import usernames

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0022")
MOST = 500
MOST_COUNTED = 1_000_000
COLUMNS = ("username", "day", "hours", "title")
MOST_LINES = 5_000


def _stream(account: int) -> UUID:
    return uuid5(SPACE, f"account:{account}")


@transaction.atomic
def contest(actor: Actor, measure: str, period: Period, words: str, case: UUID | None = None) -> Contest:
    """Contests one of one's own numbers, or one case behind it. Raises NotFound, Invalid, Conflict."""
    if actor.account is None:
        raise NotSignedIn()
    if measure not in TITLES or (case is not None and not people.had_part(actor.account, case, measure)):
        raise NotFound()
    if not words.strip():
        raise Invalid(errors=[FieldError("words", gettext_noop("Say what is wrong"))])
    try:
        with transaction.atomic():
            made = Contest.objects.create(
                account=actor.account,
                measure=measure,
                case=case,
                first=period.first,
                last=period.last,
                words=words.strip(),
                at=now(),
            )
    except IntegrityError as error:
        raise Conflict(gettext_noop("You have contested this case already")) from error
    facts = {"contest": made.pk, "measure": measure, "case": str(case) if case else None}
    append(actor.ref, _stream(actor.account), "performance.contested", facts)
    return made


@dataclass(frozen=True, slots=True)
class Right:
    """What a number should be: so many, of so many where it is a share."""

    n: int
    of: int | None = None


@transaction.atomic
def answer(
    actor: Actor,
    contest_id: int,
    *,
    left_out: bool,
    words: str,
    named: Sequence[UUID] = (),
    right: Right | None = None,
) -> Contest:
    """The leader's answer with a reason. `left_out`: it is granted. One case is left out of all his numbers; a whole
    number names the cases behind it that are, or is put `right`, which is shown beside it.

    Raises NotFound, Conflict, Invalid.
    """
    found = Contest.objects.select_for_update().filter(pk=contest_id).first()
    if found is None or not people.leads(actor, found.account):
        raise NotFound()
    if found.answered_at is not None:
        raise Conflict(gettext_noop("This has been answered already"))
    if not words.strip():
        raise Invalid(errors=[FieldError("answer", gettext_noop("Give a reason"))])
    cases_out = _granted(found, named, right) if left_out else []
    found.left_out, found.answer = left_out, words.strip()
    found.answered_by, found.answered_at = actor.ref, now()
    found.save()
    made = [LeftOut(account=found.account, case=one, contest=found) for one in cases_out]
    LeftOut.objects.bulk_create(made, ignore_conflicts=True)
    facts = {
        "contest": found.pk, "left_out": left_out, "case": str(found.case) if found.case else None,
        "named": [str(one) for one in cases_out], "n_more": found.n_more, "of_more": found.of_more,
    }  # fmt: skip
    append(actor.ref, _stream(found.account), "performance.answered", facts)
    return found


def _granted(found: Contest, named: Sequence[UUID], right: Right | None) -> list[UUID]:
    """The cases that are left out; what puts the number right is written on the contest. Raises Invalid."""
    if found.case is not None:
        return [found.case]
    if bool(named) == (right is not None):
        message = gettext_noop("Name the cases that are left out, or say what the number should be")
        raise Invalid(errors=[FieldError("left_out", message)])
    if right is not None:
        found.n_more, found.of_more = _difference(found, right)
        return []
    strange = [one for one in named if not people.had_part(found.account, one, found.measure)]
    if strange:
        raise Invalid(
            errors=[FieldError("named", gettext_noop("Only cases behind this number are left out"))]
        )
    return list(dict.fromkeys(named))


def _difference(found: Contest, right: Right) -> tuple[int, int | None]:
    """By how much a number is to be put right, beside what is counted now. Raises Invalid for what is no number."""
    value = people.numbers(Period(found.first, found.last), [found.account]).get(found.account, {})
    share = found.measure not in CODES or bool(CODES[found.measure].whole)
    seen = value.get(found.measure, Value(0, 0 if share else None))
    if not 0 <= right.n <= MOST_COUNTED or (share and not right.n <= (right.of or 0) <= MOST_COUNTED):
        raise Invalid(errors=[FieldError("n", gettext_noop("A share is so many of at least as many"))])
    more = right.n - seen.n, (right.of or 0) - (seen.of or 0) if share else None
    if more in ((0, 0), (0, None)):
        raise Invalid(errors=[FieldError("n", gettext_noop("This is what is counted already"))])
    return more


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn: so many of the cases that people handled in a period, within an area."""

    title: str
    period: Period
    area: str
    size: int


@transaction.atomic
def draw_sample(actor: Actor, wanted: Plan, checkers: Sequence[int]) -> QualitySample:
    """Draws handled cases for second persons to look at, by a seed that nobody chose and everybody may read."""
    if not require(actor, "figures.view").covers(wanted.area):
        raise Denied(right="figures.view")
    _check(wanted, checkers)
    doers, seed = _handled(wanted), secrets.token_hex(16)
    picked = draw(list(doers), wanted.size, seed)
    given = shared_but([(case, doers[case]) for case in picked], list(checkers))
    if not given:
        raise Invalid(
            errors=[FieldError("first", gettext_noop("Nothing was handled there that they could look at"))]
        )
    sample = QualitySample.objects.create(
        title=wanted.title, first=wanted.period.first, last=wanted.period.last, area=wanted.area,
        size=wanted.size, seed=seed, population=len(doers), frame=frame(list(doers)), drawn_by=actor.ref,
        drawn_at=now(),
    )  # fmt: skip
    QualityPick.objects.bulk_create(
        QualityPick(sample=sample, number=n, case=case, handler=doer, checker=checker)
        for n, (case, doer, checker) in enumerate(given, 1)
    )
    facts = {
        "sample": sample.pk, "seed": seed, "population": len(doers), "frame": sample.frame, "size": len(given),
    }  # fmt: skip
    append(actor.ref, uuid5(SPACE, f"sample:{sample.pk}"), "performance.sampled", facts)
    return sample


def _check(wanted: Plan, checkers: Sequence[int]) -> None:
    """Raises Invalid for a sample of nothing, or one that nobody looks at."""
    wrong = []
    if not checkers:
        wrong.append(FieldError("checkers", gettext_noop("Choose at least one who looks at them")))
    if not 1 <= wanted.size <= MOST:
        wrong.append(FieldError("size", gettext_noop("From 1 to 500 cases")))
    if wrong:
        raise Invalid(errors=wrong)


def _handled(wanted: Plan) -> dict[UUID, int]:
    """The cases to draw from, with who handled each."""
    sql = """SELECT case_id, handled_by FROM insight_fact WHERE day BETWEEN %s AND %s AND area >= %s AND area < %s
        AND handled_by LIKE 'account:%%' AND NOT open"""
    found = run(sql, [wanted.period.first, wanted.period.last, *span(wanted.area)])
    return {case: int(ref.partition(":")[2]) for case, ref in found}


@transaction.atomic
def judge(actor: Actor, pick_id: int, *, good: bool, words: str) -> None:
    """What the second person found. Raises NotFound for a case that is not his to look at, or that he may not see."""
    pick = QualityPick.objects.select_for_update().filter(pk=pick_id, checker=actor.account or 0).first()
    if pick is None or not cases.may_see(actor, cases.state_of(pick.case)):
        raise NotFound()
    if pick.judged_at is not None:
        raise Conflict(gettext_noop("This has been answered already"))
    if not good and not words.strip():
        raise Invalid(errors=[FieldError("words", gettext_noop("Say what is wrong"))])
    pick.good, pick.words, pick.judged_at = good, words.strip(), now()
    pick.save(update_fields=["good", "words", "judged_at"])
    facts = {"sample": pick.sample_id, "number": pick.number, "case": str(pick.case), "good": good}
    append(actor.ref, uuid5(SPACE, f"sample:{pick.sample_id}"), "performance.judged", facts)


@dataclass
class Taken:
    """What a table of training brings: how many rows, or why it is refused, all of it."""

    n: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def take_training(actor: Actor, text: str) -> Taken:
    """Hours of training from a table (username, day, hours, title), all of it or nothing; complaints by line."""
    reader = csv.DictReader(io.StringIO(text.replace("\0", "")))
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        return Taken(faults=[(1, gettext_noop("The columns are: username, day, hours, title"))])
    led = people.people(actor)
    known = {name: one for name, one in usernames(led).items()}
    found, rows = Taken(), list[Training]()
    for row in reader:
        if reader.line_num > MOST_LINES:
            found.faults.append((reader.line_num, gettext_noop("At most 5,000 lines")))
            break
        given = {name: (row.get(name) or "").strip() for name in COLUMNS}
        made = _trained(actor, given, known)
        if isinstance(made, str):
            found.faults.append((reader.line_num, made))
        else:
            rows.append(made)
    if not found.faults and rows:
        Training.objects.bulk_create(rows, ignore_conflicts=True)
        found.n = len(rows)
        append(actor.ref, uuid5(SPACE, "training"), "performance.trained", {"n": len(rows)})
    return found


def _trained(actor: Actor, given: dict[str, str], known: dict[str, int]) -> Training | str:
    """One row, or why it is refused."""
    account = known.get(given["username"].lower())
    if account is None:
        return gettext_noop("There is no such person, or you do not lead him")
    try:
        day, hours = date.fromisoformat(given["day"]), Decimal(given["hours"])
    except (ValueError, InvalidOperation):
        return gettext_noop("A day is written 2026-11-25, hours 1.5")
    if not (hours.is_finite() and 0 < hours <= 24):
        return gettext_noop("Hours are more than 0 and at most 24")
    if not 1 <= len(given["title"]) <= 120:
        return gettext_noop("Say what it was in at most 120 letters")
    return Training(
        account=account,
        day=day,
        hours=round(hours, 1),
        title=given["title"],
        recorded_by=actor.ref,
        recorded_at=now(),
    )
