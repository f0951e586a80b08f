"""Reading what people did (个人绩效): one's own numbers, those of the people one leads, the cases behind each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from shanzhi.base.errors import NotFound
from shanzhi.insight.alike import Compared, compared
from shanzhi.insight.figures import Value
from shanzhi.insight.grounds import grounds
from shanzhi.insight.measures import (
    CODES,
    MEASURES,
    POSTS,
    QUALITY,
    TITLES,
    Earned,
    Measure,
    Setting,
    Told,
    earned,
    told,
)
from shanzhi.insight.models import Contest, LeftOut, QualityPick, SettingRow, Training
from shanzhi.insight.periods import Period
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.orgs.staffing import led
from shanzhi.packs.queries import version

LEFT_OUT = """NOT EXISTS (SELECT 1 FROM insight_left_out x WHERE x.case_id = f.case_id
    AND f.{by} = 'account:' || x.account)"""


def setting() -> Setting:
    return _setting(version("performance"))


@lru_cache(maxsize=2)
def _setting(_: int) -> Setting:
    row = SettingRow.objects.filter(name="performance").first()
    return Setting.model_validate(row.body) if row else Setting()


def leads(actor: Actor, account: int) -> bool:
    """Whether somebody leads a person: sees figures of an area in which that person holds a role; never himself."""
    return account != actor.account and account in people(actor)


def people(actor: Actor) -> dict[int, str]:
    """The people that somebody leads, by name."""
    reach = scope(actor, "figures.view")
    found = led(reach) if reach else {}
    return {one: name for one, name in found.items() if one != actor.account}


def require_sees(actor: Actor, account: int) -> None:
    """One's own numbers, or those of somebody one leads; raises NotFound."""
    if actor.account is None or (account != actor.account and not leads(actor, account)):
        raise NotFound()


def _condition(measure: Measure) -> str:
    return f"({measure.whole}) AND ({measure.part})" if measure.whole else measure.part


Numbers = dict[int, dict[str, Value]]


def numbers(period: Period, accounts: Iterable[int] | None = None) -> Numbers:
    """The numbers of some people, or of everybody, by account, put right where that was granted."""
    chosen = None if accounts is None else list(accounts)
    found = counted(period, chosen)
    for account, value in quality(period, chosen).items():
        found.setdefault(account, {})[QUALITY] = value
    return righted(found, corrections(period, chosen), period)


def corrections(period: Period, accounts: Iterable[int] | None = None) -> list[Contest]:
    """What was put right by answers to contests, of numbers of some time within a period or around its ends."""
    right = Contest.objects.filter(n_more__isnull=False, first__lte=period.last, last__gte=period.first)
    right = right if accounts is None else right.filter(account__in=list(accounts))
    return list(right.order_by("answered_at", "pk"))


def whole(one: Contest, period: Period) -> bool:
    """Whether the whole time of a number lies in a period: only then what was put right can be added."""
    return period.first <= one.first and one.last <= period.last


def righted(found: Numbers, given: Iterable[Contest], period: Period) -> Numbers:
    """The same numbers with what was put right; never below nothing, never more than all."""
    for one in given:
        if whole(one, period):
            value = found.setdefault(one.account, {}).get(one.measure)
            found[one.account][one.measure] = _righted(value, one)
    return found


def _righted(value: Value | None, one: Contest) -> Value:
    of = None if one.of_more is None else max((value.of or 0 if value else 0) + one.of_more, 0)
    n = max((value.n if value else 0) + (one.n_more or 0), 0)
    return Value(n if of is None else min(n, of), of)


def counted(period: Period, accounts: Iterable[int] | None = None) -> Numbers:
    """The numbers as they are counted, by account; a statement for each post."""
    refs = None if accounts is None else [f"account:{one}" for one in accounts]
    found: dict[int, dict[str, Value]] = defaultdict(dict)
    for by in POSTS:
        chosen = [one for one in MEASURES if one.by == by]
        counts = ", ".join(
            f"count(*) FILTER (WHERE {_condition(one)}), count(*) FILTER (WHERE {one.whole or 'TRUE'})"
            for one in chosen
        )
        who = f"f.{by} = ANY(%s)" if refs is not None else f"f.{by} LIKE 'account:%%'"
        sql = f"""SELECT f.{by}, {counts} FROM insight_fact f
            WHERE f.day BETWEEN %s AND %s AND {who} AND {LEFT_OUT.format(by=by)} GROUP BY 1"""
        for ref, *row in run(sql, [period.first, period.last, *([refs] if refs is not None else [])]):
            for n, one in enumerate(chosen):
                of = row[2 * n + 1] if one.whole else None
                found[int(ref.partition(":")[2])][one.code] = Value(row[2 * n], of)
    return dict(found)


def quality(period: Period, accounts: Iterable[int] | None = None) -> dict[int, Value]:
    """How many of those looked at in samples were good, by who handled them; cases that are left out do not count."""
    picks = QualityPick.objects.filter(judged_at__isnull=False)
    picks = picks.filter(sample__last__range=(period.first, period.last))
    if accounts is not None:
        picks = picks.filter(handler__in=list(accounts))
    out = set(LeftOut.objects.values_list("account", "case"))
    good: dict[int, list[bool]] = defaultdict(list)
    for handler, case, was_good in picks.values_list("handler", "case", "good"):
        if (handler, case) not in out:
            good[handler].append(bool(was_good))
    return {handler: Value(sum(found), len(found)) for handler, found in good.items()}


def training_hours(period: Period, accounts: Iterable[int]) -> dict[int, float]:
    rows = Training.objects.filter(account__in=list(accounts), day__range=(period.first, period.last))
    found = rows.values_list("account").annotate(hours=Sum("hours"))
    return {account: float(hours) for account, hours in found}


@dataclass(frozen=True)
class Sheet:
    """What is said of one person's work in a period."""

    told: dict[str, Told]
    points: list[Earned]
    hours: float
    contests: list[Contest]
    compared: Compared
    counted: dict[str, Value]  # before anything was put right
    out: dict[int, int]  # how many cases were left out, by contest
    right: list[Contest]  # what was, also in a time that reaches beyond this one: that is only said


def sheet(actor: Actor, account: int, period: Period) -> Sheet:
    """One's own sheet, or that of somebody one leads; raises NotFound."""
    require_sees(actor, account)
    everybody, rule, own_only = numbers(period), setting(), [account]
    own = everybody.get(account, {})
    peers = compared(account, grounds(period), everybody, rule.alike)
    said = {}
    for code in TITLES:
        others = [everybody[who][code] for who in peers.alike if code in everybody[who]]
        none = Value(0, None if code in CODES and not CODES[code].whole else 0)
        said[code] = told(own.get(code, none), others, minimum=rule.minimum, peers=rule.peers)
    hours = training_hours(period, own_only).get(account, 0.0)
    counts = {code: float(value.n) for code, value in own.items()} | {"training_hours": hours}
    points = earned(rule.points, counts, period.days)
    bare = counted(period, own_only).get(account, {})
    bare |= {QUALITY: quality(period, own_only).get(account, Value(0, 0))}
    right = corrections(period, own_only)
    out = LeftOut.objects.filter(account=account).values_list("contest").annotate(n=Count("case"))
    return Sheet(said, points, hours, contests_of(account), peers, bare, dict(out), right)


def contests_of(account: int) -> list[Contest]:
    """What somebody contested, the latest first."""
    return list(Contest.objects.filter(account=account).order_by("-at", "-pk")[:100])


def waiting(actor: Actor) -> list[Contest]:
    """What the people that somebody leads contest and nobody has answered, the longest waiting first."""
    return list(
        Contest.objects.filter(account__in=people(actor), answered_at=None).order_by("at", "pk")[:100]
    )


def contested(actor: Actor, id_: int) -> Contest | None:
    """What somebody whom the actor leads contests."""
    found = Contest.objects.filter(pk=id_).first() if id_ < 2**62 else None
    return found if found is not None and leads(actor, found.account) else None


def behind(account: int, code: str, period: Period, *, spoilt: bool, limit: int = 100) -> list[UUID]:
    """The cases behind a number, the latest first: all that are counted, or those that count against him."""
    if code == QUALITY:
        return _looked_at(account, period, spoilt)[:limit]
    measure = CODES[code]
    counted = measure.spoilt if spoilt else (measure.whole or measure.part)
    sql = f"""SELECT f.case_id FROM insight_fact f WHERE f.day BETWEEN %s AND %s AND f.{measure.by} = %s
        AND ({counted}) AND {LEFT_OUT.format(by=measure.by)} ORDER BY f.opened_at DESC, f.case_id LIMIT %s"""
    return [row[0] for row in run(sql, [period.first, period.last, f"account:{account}", limit])]


def _looked_at(account: int, period: Period, spoilt: bool) -> list[UUID]:
    """The cases of somebody that a second person has looked at, those left out aside."""
    picks = QualityPick.objects.filter(handler=account, judged_at__isnull=False)
    picks = picks.filter(sample__last__range=(period.first, period.last)).order_by("-judged_at")
    out = LeftOut.objects.filter(account=account).values("case")
    picks = picks.filter(good=False) if spoilt else picks
    return list(picks.exclude(case__in=out).values_list("case", flat=True))


def had_part(account: int, case: UUID, measure: str) -> bool:
    """Whether a case is behind a number of somebody, whenever it was."""
    if measure == QUALITY:
        return QualityPick.objects.filter(case=case, handler=account, judged_at__isnull=False).exists()
    by = CODES[measure].by
    sql = f"SELECT 1 FROM insight_fact f WHERE f.case_id = %s AND f.{by} = %s"
    return bool(run(sql, [case, f"account:{account}"]))


@dataclass(frozen=True)
class Row:
    """One of the people that somebody leads: his numbers with intervals, and what he contests."""

    account: int
    name: str
    told: dict[str, Told]
    hours: float
    contested: int
    right: frozenset[str] = frozenset()  # the numbers that were put right


def rows(actor: Actor, period: Period) -> list[Row]:
    """The people that somebody leads, by name: in no order of merit. Some statements, however many people."""
    known, rule = people(actor), setting()
    found = numbers(period, known)
    right = {(one.account, one.measure) for one in corrections(period, known) if whole(one, period)}
    hours = training_hours(period, known)
    open_: dict[int, int] = defaultdict(int)
    for account in Contest.objects.filter(account__in=known, answered_at=None).values_list(
        "account", flat=True
    ):
        open_[account] += 1
    listed = []
    for account, name in known.items():
        values = found.get(account, {})
        said = {
            code: told(value, (), minimum=rule.minimum, peers=rule.peers) for code, value in values.items()
        }
        if said or hours.get(account) or open_[account]:
            mended = frozenset(code for who, code in right if who == account)
            listed.append(Row(account, name, said, hours.get(account, 0.0), open_[account], mended))
    return listed


def samples(actor: Actor) -> list[dict[str, Any]]:
    """The samples that concern somebody: drawn by him, or with cases for him to look at, the latest first."""
    picks = QualityPick.objects.select_related("sample").order_by("-sample", "number")
    mine = picks.filter(checker=actor.account or 0) | picks.filter(sample__drawn_by=actor.ref)
    grouped: dict[int, dict[str, Any]] = {}
    for pick in mine[:500]:
        one = grouped.setdefault(pick.sample_id, {"sample": pick.sample, "picks": []})
        one["picks"].append(pick)
    return list(grouped.values())
