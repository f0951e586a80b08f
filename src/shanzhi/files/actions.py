"""Keeping files that were sent in."""

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO, Literal, Protocol
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import FULL, NotFound, TooLarge, Unavailable, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.files.check import LARGEST, MB, TOO_LARGE, check
from shanzhi.files.models import StoredFile
from shanzhi.files.picture import copies
from shanzhi.files.queries import vault
from shanzhi.orgs.actor import Actor

NO_ROOM = gettext_noop("There is no room for files just now: send it without them, or try again later")


class Upload(Protocol):
    """Something with a name that can be read: Django's uploaded file, or any binary file."""

    @property
    def name(self) -> str | None: ...

    def read(self, size: int = ..., /) -> bytes: ...


def store(
    actor: Actor,
    upload: Upload | BinaryIO,
    *,
    case: UUID | None = None,
    kind: Literal["before", "after", "other"] = "other",
    name: str = "",
    at: datetime | None = None,
) -> StoredFile:
    """Checks a file and keeps it, with its public copies: contents first, then the row that names them.

    A crash in between leaves contents without a row, which nobody can open. Raises Unsupported or TooLarge, or
    Unavailable when the disk is full.
    That a file was put to a case is an entry of that case, written by who puts it there.
    """
    data = upload.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise TooLarge(TOO_LARGE, most=LARGEST // MB)
    checked = check(data, name or upload.name or "")
    made = copies(data) if checked.is_picture else None
    return StoredFile.objects.create(
        id=new_id(),
        sha256=_put(data),
        media_type=checked.media_type,
        size=len(data),
        name=checked.name,
        kind=kind,
        case=case,
        uploaded_by=actor.ref,
        public_sha256=_put(made.public) if made else "",
        thumbnail_sha256=_put(made.thumbnail) if made else "",
        created_at=at or now(),
    )


def _put(data: bytes) -> str:
    try:
        return vault().put(data)
    except OSError as error:
        if error.errno in FULL:
            raise Unavailable(NO_ROOM) from error
        raise


def copied(actor: Actor, ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """The same files once more, for another case: rows of their own, the contents stay where they are. Raises
    NotFound unless each is the actor's."""
    wanted = list(dict.fromkeys(ids))
    found = StoredFile.objects.in_bulk(wanted)
    if any(one not in found or found[one].uploaded_by != actor.ref for one in wanted):
        raise NotFound()
    made = tuple(new_id() for _one in wanted)
    for one, id_ in zip(wanted, made, strict=True):
        row = found[one]
        row.pk, row.case, row._state.adding = id_, None, True
        row.save(force_insert=True)
    return made


@transaction.atomic
def put_to(
    actor: Actor, ids: Iterable[UUID], case: UUID, *, kind: Literal["before", "after", "other"] | None = None
) -> None:
    """Puts files that the actor has sent to a case. Raises NotFound unless each is the actor's and free."""
    wanted = set(ids)
    if not wanted:
        return
    free = StoredFile.objects.filter(pk__in=wanted, case=None)
    if actor.kind != "system":
        free = free.filter(uploaded_by=actor.ref)
    changed = free.update(case=case) if kind is None else free.update(case=case, kind=kind)
    if changed != len(wanted):
        raise NotFound()
