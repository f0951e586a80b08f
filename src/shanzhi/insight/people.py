"""Reading what people did (个人绩效): one's own numbers, those of the people one leads, the cases behind each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Sum

from shanzhi.base.errors import NotFound
from shanzhi.insight.figures import Value
from shanzhi.insight.measures import (
    CODES,
    MEASURES,
    POSTS,
    QUALITY,
    Earned,
    Measure,
    Setting,
    Told,
    earned,
    told,
)
from shanzhi.insight.models import Contest, QualityPick, SettingRow, Training
from shanzhi.insight.periods import Period
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.orgs.staffing import led
from shanzhi.packs.queries import version

LEFT_OUT = """NOT EXISTS (SELECT 1 FROM insight_contest x WHERE x.case_id = f.case_id AND x.left_out
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


def numbers(period: Period, accounts: Iterable[int] | None = None) -> dict[int, dict[str, Value]]:
    """The numbers of some people, or of everybody, by account; a statement for each post."""
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
    out = set(Contest.objects.filter(left_out=True).values_list("account", "case"))
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


def sheet(actor: Actor, account: int, period: Period) -> Sheet:
    """One's own sheet, or that of somebody one leads; raises NotFound."""
    require_sees(actor, account)
    whole, checked, rule = numbers(period), quality(period), setting()
    own = whole.get(account, {})
    said = {}
    for one in MEASURES:
        others = [found[one.code] for who, found in whole.items() if who != account and one.code in found]
        said[one.code] = told(
            own.get(one.code, Value(0, 0 if one.whole else None)),
            others,
            minimum=rule.minimum,
            peers=rule.peers,
        )
    rest = [value for who, value in checked.items() if who != account]
    said[QUALITY] = told(checked.get(account, Value(0, 0)), rest, minimum=rule.minimum, peers=rule.peers)
    hours = training_hours(period, [account]).get(account, 0.0)
    counts = {code: float(value.n) for code, value in own.items()} | {"training_hours": hours}
    return Sheet(said, earned(rule.points, counts, period.days), hours, contests_of(account))


def contests_of(account: int) -> list[Contest]:
    """What somebody contested, the latest first."""
    return list(Contest.objects.filter(account=account).order_by("-at", "-pk")[:100])


def waiting(actor: Actor) -> list[Contest]:
    """What the people that somebody leads contest and nobody has answered, the longest waiting first."""
    return list(
        Contest.objects.filter(account__in=people(actor), answered_at=None).order_by("at", "pk")[:100]
    )


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
    out = Contest.objects.filter(account=account, left_out=True).values("case")
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


def rows(actor: Actor, period: Period) -> list[Row]:
    """The people that somebody leads, by name: in no order of merit. Some statements, however many people."""
    known, rule = people(actor), setting()
    found, checked = numbers(period, known), quality(period, known)
    hours = training_hours(period, known)
    open_: dict[int, int] = defaultdict(int)
    for account in Contest.objects.filter(account__in=known, answered_at=None).values_list(
        "account", flat=True
    ):
        open_[account] += 1
    listed = []
    for account, name in known.items():
        values = found.get(account, {}) | ({QUALITY: checked[account]} if account in checked else {})
        said = {
            code: told(value, (), minimum=rule.minimum, peers=rule.peers) for code, value in values.items()
        }
        if said or hours.get(account) or open_[account]:
            listed.append(Row(account, name, said, hours.get(account, 0.0), open_[account]))
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
