"""What is in force, and what a pack would change."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from shanzhi.packs import head as heads
from shanzhi.packs.files import Fault, Pack
from shanzhi.packs.models import Applied, SectionVersion
from shanzhi.packs.section import Comparing, Rows, Section, sections

TTL = 2.0
SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
_seen: tuple[float, dict[str, int]] = (-TTL, {})


def version(section: str) -> int:
    """The version of a section, at most two seconds old; what is computed from it may be kept till it changes."""
    global _seen
    if time.monotonic() - _seen[0] >= TTL:
        _seen = (time.monotonic(), dict(SectionVersion.objects.values_list("name", "version")))
    return _seen[1].get(section, 0)


def forget() -> None:
    """Makes this process look at the versions again."""
    global _seen
    _seen = (-TTL, {})


def head() -> dict[str, Any]:
    """The head (`pack.yaml`) of the pack applied last; empty before the first."""
    last = Applied.objects.order_by("-id").first()
    return last.head if last else {}


def applied(limit: int = 20) -> list[dict[str, Any]]:
    """The packs applied, newest first: name, version, digest, who, when, and how many rows changed."""
    return [
        {
            "name": one.name,
            "version": one.head.get("version", ""),
            "digest": one.digest,
            "actor": one.actor,
            "at": one.at,
            "changes": sum(sum(counts.values()) for counts in one.changes.values()),
        }
        for one in Applied.objects.order_by("-id")[:limit]
    ]


@dataclass
class Difference:
    """What applying would change in one section."""

    section: str
    add: Rows = field(default_factory=dict)
    change: Rows = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    was: Rows = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.add or self.change or self.remove)

    def counts(self) -> dict[str, int]:
        return {"add": len(self.add), "change": len(self.change), "remove": len(self.remove)}


def read(pack: Pack) -> dict[str, Rows]:
    """All sections of a pack, checked, also against what is in force; complaints are in `pack.faults`, sorted."""
    everything = _offline(pack)
    for section in sections():
        if isinstance(section, Comparing):
            section.compare(everything[section.name], pack)
    pack.faults = sorted(set(pack.faults))
    return everything


def check(pack: Pack) -> list[Fault]:
    """Everything that is wrong with a pack in itself; needs no database."""
    _offline(pack)
    pack.faults = sorted(set(pack.faults))
    return pack.faults


def _offline(pack: Pack) -> dict[str, Rows]:
    everything: dict[str, Rows] = {}
    heads.check(pack)
    for section in sections():
        pack.asked = []
        everything[section.name] = section.read(pack)
        pack.files[section.name] = list(dict.fromkeys(pack.asked))
    for section in sections():
        section.check(everything[section.name], pack, everything)
    for file in pack.unread():
        pack.note(file, 1, "unread", "nothing reads this file: is its name right?")
    return everything


def differences(everything: dict[str, Rows]) -> list[Difference]:
    """What would change, section by section, in the order of applying; those that stay as they are left out."""
    return [found for one in sections() if (found := difference(one, everything[one.name]))]


def mark(found: Sequence[Difference]) -> str:
    """A short name for exactly these differences, by which a confirmation says what was confirmed."""
    plain = [
        [one.section, one.add, one.change, one.remove, {k: one.was[k] for k in one.change}] for one in found
    ]
    return hashlib.sha256(orjson.dumps(plain, default=str, option=SORTED)).hexdigest()[:32]


def difference(section: Section, rows: Rows) -> Difference:
    """What would change if these rows came into force."""
    current = section.current()
    return Difference(
        section.name,
        add={k: v for k, v in rows.items() if k not in current},
        change={k: v for k, v in rows.items() if k in current and current[k] != v},
        remove=[k for k in current if k not in rows],
        was=current,
    )
