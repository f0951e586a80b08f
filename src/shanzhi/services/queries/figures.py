"""The figures that services publish (政务服务指标), each over the applications of a time, each opening into them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require

QUICK = "a.sent_at - a.started_at <= interval '20 minutes'"  # what Shanghai holds itself to
# code: (what counts, out of what), both conditions over `a` (services_application) and `late` (a promised clock broken)
SHARES = {
    "prefilled": ("sum(a.prefilled)", "sum(a.fields)", "a.fields > 0"),
    "right_first": ("count(*) FILTER (WHERE a.supplement_at IS NULL)", "count(*)", "a.verdict <> ''"),
    "promised": ("count(*) FILTER (WHERE NOT late.late)", "count(*)", "a.verdict <> ''"),
    "online": ("count(*) FILTER (WHERE a.channel <> 'counter')", "count(*)", "true"),
    "at_once": ("count(*) FILTER (WHERE a.by = 'machine')", "count(*)", "a.verdict <> ''"),
    "spared": ("sum(a.spared)", "sum(a.needed)", "a.needed > 0"),
    "collected": ("sum(a.prefilled + a.spared)", "sum(a.fields + a.needed)", "a.fields + a.needed > 0"),
    "in_time": (f"count(*) FILTER (WHERE {QUICK})", "count(*)", "true"),
}
NOT = {
    "prefilled": "a.prefilled < a.fields",
    "right_first": "a.verdict <> '' AND a.supplement_at IS NOT NULL",
    "promised": "a.verdict <> '' AND late.late",
    "online": "a.channel = 'counter'",
    "at_once": "a.verdict <> '' AND a.by <> 'machine'",
    "spared": "a.spared < a.needed",
    "collected": "a.prefilled + a.spared < a.fields + a.needed",
    "in_time": f"NOT ({QUICK})",
}
FROM = """FROM services_application a CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM cases_clock k WHERE k.case_id = a.case_id AND k.name = 'promised'
                   AND k.breached_at IS NOT NULL) AS late) late
    WHERE a.sent_at >= %s AND a.sent_at < %s"""


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of`; none where there is nothing to count."""

    n: int
    of: int

    @property
    def value(self) -> float | None:
        return self.n / self.of if self.of else None


def shares(actor: Actor, first: datetime, last: datetime) -> dict[str, Share]:
    """All shares of a time, in one statement."""
    require(actor, "figures.view")
    columns = ", ".join(
        part for n, of, over in SHARES.values() for part in (_filtered(n, over), _filtered(of, over))
    )
    [row] = run(f"SELECT {columns} {FROM}", [first, last])
    numbers = [int(value or 0) for value in row]
    return {code: Share(numbers[2 * i], numbers[2 * i + 1]) for i, code in enumerate(SHARES)}


def _filtered(count: str, over: str) -> str:
    """A count over a part of the rows."""
    if " FILTER (WHERE " in count:
        return count.replace("(WHERE ", f"(WHERE {over} AND ")
    return f"{count} FILTER (WHERE {over})"


def minutes(actor: Actor, first: datetime, last: datetime) -> float | None:
    """Minutes from the beginning of the form to its sending: the median."""
    require(actor, "figures.view")
    sql = f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.sent_at - a.started_at)) {FROM}"
    [(seconds,)] = run(sql, [first, last])
    return None if seconds is None else float(seconds) / 60


def behind(
    actor: Actor, code: str, first: datetime, last: datetime, *, limit: int = 200
) -> list[dict[str, Any]]:
    """The applications that keep a figure from being whole, the latest first."""
    require(actor, "figures.view")
    sql = (
        f"SELECT a.case_id, a.item, a.org, a.sent_at {FROM} AND {NOT[code]} ORDER BY a.sent_at DESC LIMIT %s"
    )
    return [
        {"case": UUID(str(case)), "item": item, "org": org, "sent_at": at}
        for case, item, org, at in run(sql, [first, last, limit])
    ]
