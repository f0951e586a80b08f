"""Bringing a pack into force."""

from pathlib import Path
from uuid import UUID, uuid5

from django.db import connection, transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Invalid, gettext_noop
from shanzhi.journal.actions import append
from shanzhi.packs import queries
from shanzhi.packs.files import Pack, digest_of
from shanzhi.packs.models import Applied, SectionVersion
from shanzhi.packs.section import Rows, sections

STREAM = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0001")
CHANGED = gettext_noop("What is in force has changed since you looked: look at the differences again")


class Faulty(Invalid):
    """The pack has faults and was not applied; they are in `faults`."""

    code = "faulty_pack"

    def __init__(self, pack: Pack) -> None:
        super().__init__("The pack has %(count)s faults and was not applied", count=len(pack.faults))
        self.faults = pack.faults


def apply(actor: str, path: Path, *, seen: str = "") -> dict[str, dict[str, int]]:
    """Applies a pack in one transaction; what changed in each section (nothing the second time).

    Raises Faulty with every fault when there is one; then nothing is changed. With `seen` (what `queries.mark`
    made of the differences somebody looked at) it raises Conflict when there would be others by now.
    """
    pack = Pack(path)
    everything = queries.read(pack)
    if pack.faults:
        raise Faulty(pack)
    changes = _apply(actor, pack, everything, seen)
    queries.forget()
    return changes


@transaction.atomic
def _apply(actor: str, pack: Pack, everything: dict[str, Rows], seen: str) -> dict[str, dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('packs.apply'))")
    found = queries.differences(everything)
    if seen and found and queries.mark(found) != seen:
        raise Conflict(CHANGED, code="stale")
    changes = {}
    for section in sections():
        difference = queries.difference(section, everything[section.name])
        if difference:
            section.apply(difference.add, difference.change, difference.remove)
            changes[section.name] = difference.counts()
            raise_version(section.name)
    if changes or queries.head() != pack.head:
        digest = digest_of(pack.root)
        name = pack.head.get("name", pack.root.name)
        Applied.objects.create(
            name=name, digest=digest, head=pack.head, changes=changes, actor=actor, at=now()
        )
        append(
            actor, uuid5(STREAM, name), "pack.applied", {"name": name, "digest": digest, "changes": changes}
        )
    return changes


def raise_version(name: str) -> None:
    """Makes all processes forget what they remember of a section; for who changes it other than by a pack."""
    known, _ = SectionVersion.objects.select_for_update().get_or_create(name=name, defaults={"version": 0})
    known.version += 1
    known.save()
