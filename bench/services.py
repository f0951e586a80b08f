"""Instant approvals a second end to end, beside new cases through the same server (bench/intake), in one run; how
much of all forms is filled without asking; the catalogue at 2,000 services.

Run: make bench NAME=services. Each approval is authenticated, read from the one record, decided by the rule on
authoritative facts, written as a case with its move, its facts, its document and its receipt.
"""

import itertools
import json
import random
import time
from collections.abc import Iterator
from datetime import date
from statistics import mean
from typing import Any
from uuid import UUID, uuid4

from bench import intake, stand

SECONDS = 8
TURNS = 2
PEOPLE = 24_000
ITEMS = 2_000


def people(count: int) -> list[UUID]:
    """Invented people whom the police register knows: all old enough, registered here."""
    from shanzhi.base.clock import now
    from shanzhi.base.ids import new_id
    from shanzhi.journal.tables import write
    from shanzhi.residents.actions import facts, rows
    from shanzhi.residents.person import Contact, row
    from shanzhi.residents.queries import keys

    dice, at, made = random.Random(5), now(), []
    for start in range(0, count, 2_000):
        listed, values = [], []
        for _ in range(start, min(start + 2_000, count)):
            person = row(keys(), Contact(name="高老人"), at=at)
            person["id"] = str(new_id())
            listed.append(person)
            made.append(UUID(person["id"]))
            born = str(date(dice.randrange(1920, 1940), dice.randrange(1, 13), dice.randrange(1, 29)))
            given = [facts.Given("birth_date", born), facts.Given("hukou", "510107005")]
            values += facts.rows(made[-1], given, "police", at=at)
        write([rows(listed), facts.insert(values)])
    return made


def approvals(key: str, who: Iterator[UUID]) -> Iterator[bytes]:
    for person in who:
        body = {
            "item": "MZ-001", "person": str(person), "consent": "同意使用登记信息办理",
            "answers": {"payee": "social_card", "told_by": "sms"},
        }  # fmt: skip
        content = json.dumps(body, ensure_ascii=False).encode()
        yield stand.post("/api/v1/services/applications", content, key, f"Idempotency-Key: {uuid4()}\r\n")


def recollection() -> dict[str, Any]:
    """Fields and papers filled without asking, over the services for people, for residents whom the registers know."""
    from shanzhi.orgs.actor import Actor
    from shanzhi.residents.actions import contact
    from shanzhi.residents.queries.facts import today
    from shanzhi.run import registers
    from shanzhi.services.queries import catalogue
    from shanzhi.services.recollection import collected

    dice, found = random.Random(7), []
    items = [one for one in catalogue.current().values() if one.audience == "person"]
    for number, age in enumerate((9, 28, 35, 45, 62, 71, 82, 90)):
        person = contact(Actor.system(), name="样例居民", phone=f"1700009{number:04d}")
        list(registers.enter(person, registers.told(today(), age=age, dice=dice)))
        found.append(collected(person, items))
    return {
        "items": len(items),
        "people": len(found),
        "fields": mean(one.filled / one.fields for one in found),
        "papers": mean(one.spared / one.papers for one in found),
        "share": mean(one.share for one in found),
        "beyond_identity": mean(one.beyond for one in found),
    }


def catalogue_of(count: int) -> dict[str, float]:
    """Seconds to load so many services and their index, and for one search."""
    from shanzhi.services.finding import Index
    from shanzhi.services.item import Item
    from shanzhi.services.models import ItemRow
    from shanzhi.services.pack import row_of
    from shanzhi.services.queries import catalogue

    real = list(catalogue.current().values())
    many = [real[n % len(real)].model_copy(update={"code": f"X{n}"}) for n in range(count)]
    bodies = [row_of(one)["body"] for one in many]
    assert ItemRow.objects.exists()
    began = time.perf_counter()
    index = Index.of([Item.model_validate(body) for body in bodies])
    loaded = time.perf_counter() - began
    words = ("我妈八十多了能领什么钱", "开面馆", "低保", "孩子上学", "补办身份证")
    began = time.perf_counter()
    for text in words * 20:
        index.find(text)
    return {"load_s": loaded, "search_ms": (time.perf_counter() - began) / (len(words) * 20) * 1000}


def main() -> None:
    stand.home()
    stand.district()
    opener = stand.key_for([("operator", "510107", "")])
    counter = stand.key_for([("window_clerk", "510107", "")])
    who = iter(people(PEOPLE))
    each = PEOPLE // (2 * stand.CONNECTIONS * TURNS)
    ahead = (itertools.islice(who, each) for _ in itertools.count())
    with stand.server() as port:
        stand.warm(port, [intake.single(opener, 900 + n) for n in range(stand.CONNECTIONS)])
        stand.load(port, [approvals(counter, next(ahead)) for _ in range(stand.CONNECTIONS)], 4)
        opened, granted = [], []
        for turn in range(TURNS):
            rate, bad = stand.load(
                port, [intake.single(opener, 100 * turn + n) for n in range(stand.CONNECTIONS)], SECONDS
            )
            opened.append(rate)
            rate, worse = stand.load(
                port, [approvals(counter, next(ahead)) for _ in range(stand.CONNECTIONS)], SECONDS
            )
            granted.append(rate)
            stand.complain(bad or worse)
    from shanzhi.services.models import Application

    decided = Application.objects.filter(by="machine", verdict="granted").count()
    rows = {"new cases over HTTP (bench/intake)": mean(opened), "instant approvals over HTTP": mean(granted)}
    more = {"granted": decided, "recollection": recollection(), f"catalogue_{ITEMS}": catalogue_of(ITEMS)}
    stand.show("services", rows, {"ratio": mean(granted) / mean(opened)}, **more)


if __name__ == "__main__":
    main()
