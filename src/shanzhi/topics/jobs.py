"""The readers: each new case finds its topic, each result that is sent gets its score.

The index of recent cases lives in the memory of the process that reads; what another process added meanwhile, or
what was there before this one began, is read from the tables when it is missed. Nothing in it is needed twice: a
case keeps the topic it once joined.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.journal.tables import Insert, run, write
from shanzhi.language.reply import scored
from shanzhi.language.similar import Index, Kept, kept, near
from shanzhi.language.topics import JOIN
from shanzhi.topics.models import Member, Reply

RECENT = timedelta(days=60)
TEXTS = "SELECT id, title, text, area, opened_at FROM cases_case WHERE id = ANY(%s::uuid[])"
MEMBERS = "SELECT case_id, topic FROM topics_member WHERE at > %s"
ASKED = """SELECT c.id, c.title, c.text, c.area, c.org, k.n, k.breached, v.body->'states' FROM cases_case c
    JOIN cases_casetypeversion v ON v.type = c.type AND v.version = c.type_version
    CROSS JOIN LATERAL (SELECT count(*) AS n, min(breached_at) AS breached FROM cases_clock
        WHERE case_id = c.id AND kind IN ('handle', 'case')) k
    WHERE c.id = ANY(%s::uuid[])"""
PUT_RIGHT = ("topic.joined", "topic.split")
ANSWERING = ("dispatch", "handle")  # stages in which a result is an answer; a verifier's result is none
Row = Sequence[Any]


class Recent:
    """The recent cases by their words, and the topic of each."""

    def __init__(self) -> None:
        self.index = Index()
        self.topic: dict[UUID, UUID] = {}

    def catch_up(self, at: datetime) -> None:
        """Takes in what the tables have and leaves out what is too old."""
        stands = {row[0]: row[1] for row in run(MEMBERS, [at - RECENT])}
        for old in self.topic.keys() - stands.keys():
            self.index.drop(old)
            del self.topic[old]
        missing = stands.keys() - self.topic.keys()
        self.topic.update({case: stands[case] for case in self.topic})  # a person may have put them right
        for row in _texts(missing):
            self.index.add(row[0], item(row))
            self.topic[row[0]] = stands[row[0]]

    def join(self, row: Row) -> tuple[UUID, float]:
        """The topic of a case, and how like the case is by which it joined; its own if there is none."""
        one = item(row)
        found = near(one, self.index, least=JOIN, most=1, leave=row[0])
        case: UUID = row[0]
        topic = self.topic[UUID(str(found[0].id))] if found else case
        self.index.add(case, one)
        self.topic[case] = topic
        return topic, found[0].score if found else 1.0


_recent = Recent()


def item(row: Row) -> Kept:
    return kept(row[1], row[2], row[3], row[4])


def _texts(cases: Iterable[UUID]) -> list[Row]:
    wanted = [str(case) for case in cases]
    return list(run(TEXTS, [wanted])) if wanted else []


def join(entries: Sequence[Entry]) -> None:
    """Puts new cases into topics, in the order in which they were reported; then what people have put right."""
    new = {entry.stream for entry in entries if entry.kind == "case.opened"}
    rows = sorted(_texts(new), key=lambda row: row[4])
    if rows:
        _joined(rows)
    for entry in entries:
        if entry.kind in PUT_RIGHT:
            Member.objects.filter(pk__in=entry.data["cases"]).update(topic=entry.data["topic"])


def _joined(rows: Sequence[Row]) -> None:
    _recent.catch_up(rows[-1][4])
    found = []
    for row in rows:
        if row[0] not in _recent.topic:
            topic, score = _recent.join(row)
            found.append(
                {"case_id": str(row[0]), "topic": str(topic), "at": row[4].isoformat(), "score": score}
            )
    write(
        [Insert(Member._meta.db_table, ("case_id", "topic", "at", "score"), found, ("case_id",), keep=True)]
    )


def mark(entries: Sequence[Entry]) -> None:
    """Scores the results that handlers sent."""
    found = [(e, str(e.data.get("facts", {}).get("result") or "")) for e in entries if e.kind == "case.moved"]
    sent = [(e, words) for e, words in found if words]
    wanted = [str(entry.stream) for entry, _ in sent]
    asked = {row[0]: row for row in run(ASKED, [wanted])} if wanted else {}
    rows = [_row(e, asked[e.stream], words) for e, words in sent if _answers(e, asked.get(e.stream))]
    columns = tuple(str(field.column) for field in Reply._meta.concrete_fields)
    write([Insert(Reply._meta.db_table, columns, rows, ("entry",), keep=True)])


def _answers(entry: Entry, asked: Row | None) -> bool:
    state = asked[-1].get(entry.data["facts"].get("from")) if asked else None
    return state is not None and state.get("stage") in ANSWERING


def _row(entry: Entry, asked: Row, words: str) -> dict[str, Any]:
    _id, title, text, area, org, clocks, breached, _states = asked
    score = scored(title, text, words)
    return {
        "entry": str(entry.id),
        "case_id": str(entry.stream),
        "at": entry.at.isoformat(),
        "org": org,
        "area": area,
        "in_time": (breached is None or breached >= entry.at) if clocks else None,
        **score.points(),
    }


READERS = [Reader("topics", join, batch=200), Reader("replies", mark, batch=200)]
