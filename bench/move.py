"""Moves a second through the real API, beside the same statements by pgbench, in one run.

Run: make bench NAME=move. Each request is authenticated, locks its case, checks who, from where and what is
needed, decides the clocks, and writes the case, its clocks, its journal entry and its receipt. The limit does
the same reads and writes: lock, read, update, insert the entry and the receipt, one transaction each.
"""

import itertools
import json
from collections.abc import Iterator
from uuid import UUID, uuid4

from bench import stand

SECONDS = 8
CASES = 480


def cases() -> list[UUID]:
    """Complaints that the bench's organisation is to handle."""
    from shanzhi.cases import actions
    from shanzhi.cases.opening import Report
    from shanzhi.orgs.actor import Actor

    text = "菜市场东门口的人行道上堆了很多垃圾，已经三天没有人来清理。"
    reports = [Report("complaint", text, category="E0101", lon=104.04, lat=30.635) for _ in range(CASES)]
    return [state.id for state in actions.open_many(Actor.system(), reports)]


def there_and_back(cases: list[UUID], key: str) -> Iterator[bytes]:
    """Dispatch and transfer, case after case: every request is a move that succeeds."""
    for case in cases:
        yield move(case, {"move": "dispatch", "org": "sanitation"}, key)
    for turn in itertools.count():
        for case in cases:
            yield move(
                case, {"move": "transfer", "org": ("centre", "sanitation")[turn % 2], "reason": "改派"}, key
            )


def move(case: UUID, body: dict[str, str], key: str) -> bytes:
    content = json.dumps(body, ensure_ascii=False).encode()
    return stand.post(f"/api/v1/cases/{case}/moves", content, key, f"Idempotency-Key: {uuid4()}\r\n")


SCRIPT = """\\set n random(1, {cases})
\\set k random(1, 9000000000000000000)
BEGIN;
INSERT INTO journal_receipt (actor, key, request, answer, at)
    VALUES ('client:9', 'k' || :k, repeat('a', 64), '{{}}', now()) ON CONFLICT DO NOTHING;
SELECT id FROM cases_case WHERE number = :n + {first} FOR UPDATE;
SELECT to_jsonb(c), (SELECT jsonb_object_agg(p.name, to_jsonb(p)) FROM cases_clock p WHERE p.case_id = c.id),
    (SELECT jsonb_object_agg(p.name, to_jsonb(p)) FROM cases_reporter p WHERE p.case_id = c.id)
    FROM cases_case c WHERE number = :n + {first};
UPDATE cases_case SET org = 'sanitation', person = NULL, version = version + 1, state = 'dispatched', due_at = now(),
    performers = '{{"transfer": 1}}', seq = seq + 1, head = sha256('x') WHERE number = :n + {first};
INSERT INTO journal_entry (id, stream, seq, kind, county, at, actor, data, hash) VALUES (uuidv7(), uuidv7(), 2,
    'case.moved', '510107', now(), 'client:9', ('{{"set": {{"org": "sanitation", "state": "dispatched"}},
    "facts": {{"move": "transfer", "from": "dispatched", "to": "dispatched", "reason": "改派"}}}}')::jsonb,
    sha256('x'));
UPDATE journal_receipt SET answer = jsonb_build_object('id', :k::text, 'number', '1000 0012', 'state', 'dispatched',
    'version', 3, 'title', repeat('题', 30), 'org', 'sanitation') WHERE actor = 'client:9' AND key = 'k' || :k;
COMMIT;
"""


def main() -> None:
    stand.home()
    stand.district()
    key = stand.key_for([("dispatcher", "510107", "")])
    ids = cases()
    share = len(ids) // stand.CONNECTIONS
    from shanzhi.cases import queries

    first = min(queries.state_of(case)["number"] for case in ids[:1]) - 1
    script = SCRIPT.format(cases=len(ids), first=first)
    streams = [there_and_back(ids[n * share : (n + 1) * share], key) for n in range(stand.CONNECTIONS)]
    with stand.server() as port:
        stand.warm(port, streams)
        limits, rates = [], []
        for _ in range(2):
            limits.append(stand.pgbench(script, SECONDS))
            rate, bad = stand.load(port, streams, SECONDS)
            rates.append(rate)
            stand.complain(bad)
    limit, rate = sum(limits) / 2, sum(rates) / 2
    stand.show(
        "move", {"limit: the same by pgbench": limit, "moves over HTTP": rate}, {"ratio": rate / limit}
    )


if __name__ == "__main__":
    main()
