"""The readers of all installed rooms, and trying again what one of them has set aside."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from uuid import UUID, uuid5

from django.apps import apps
from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, NotFound, gettext_noop
from shanzhi.journal.actions import append
from shanzhi.journal.follow import Reader
from shanzhi.journal.models import ReaderPosition, SetAside
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0009")
GONE = gettext_noop("This reader is no longer installed")


def discovered() -> dict[str, Reader]:
    """The readers that the installed rooms have in their `jobs.py`, by name."""
    found: list[Reader] = []
    for app in apps.get_app_configs():
        if app.name.startswith("shanzhi.") and find_spec(f"{app.name}.jobs"):
            found += getattr(import_module(f"{app.name}.jobs"), "READERS", [])
    return {reader.name: reader for reader in found}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of trying again: how many entries were digested, and how many failed once more."""

    done: int = 0
    failed: int = 0


def try_again(actor: str, ids: list[int], readers: dict[str, Reader]) -> Outcome:
    """Lets the readers digest what they have set aside, oldest first, each in a transaction of its own."""
    known = SetAside.objects.filter(pk__in=ids).order_by("at", "pk").values_list("pk", "reader")
    outcomes = [_tried(actor, pk, readers.get(name)) for pk, name in known]
    return Outcome(outcomes.count(True), outcomes.count(False))


def _tried(actor: str, pk: int, reader: Reader | None) -> bool | None:
    """Whether it was digested; None when somebody else has done it meanwhile."""
    try:
        return _digested(actor, pk, reader)
    except NotFound:
        return None
    except Exception as error:
        SetAside.objects.filter(pk=pk).update(error=(str(error) or type(error).__name__)[:2000], at=now())
        return False


@transaction.atomic
def _digested(actor: str, pk: int, reader: Reader | None) -> bool:
    """The reader is held while it does so: it digests one thing at a time, here as in a worker."""
    if reader is None:
        raise Conflict(GONE)
    list(ReaderPosition.objects.select_for_update().filter(pk=reader.name))
    row = SetAside.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound
    found = run(f"SELECT {FIELDS} FROM journal_entry WHERE id = %s", [row.entry])
    reader.handle([entry(one) for one in found])
    row.delete()
    append(
        actor, uuid5(SPACE, reader.name), "reader.retried", {"reader": reader.name, "entry": str(row.entry)}
    )
    return True


@transaction.atomic
def let_go(actor: str, ids: list[int]) -> int:
    """Takes entries off the list for good, because somebody has put right by hand what they stand for."""
    rows = list(SetAside.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    for row in rows:
        row.delete()
        append(
            actor, uuid5(SPACE, row.reader), "reader.let_go", {"reader": row.reader, "entry": str(row.entry)}
        )
    return len(rows)


@transaction.atomic
def wake_up(actor: str, name: str) -> bool:
    """Ends the pause of a reader that waits after a failure; False when it does not wait."""
    waiting = ReaderPosition.objects.filter(pk=name, failures__gt=0, moved_at__gt=now())
    if not waiting.update(moved_at=now()):
        return False
    append(actor, uuid5(SPACE, name), "reader.woken", {"reader": name})
    return True
