"""Reading files. Who may open one is decided by the room whose thing it belongs to."""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.conf import settings

from shanzhi.base.errors import NotFound
from shanzhi.files.models import StoredFile
from shanzhi.files.vault import Vault
from shanzhi.orgs.actor import Actor

Copy = Literal["original", "public", "thumbnail"]
Visible = Callable[[Actor, UUID], Copy | None]
"""What an actor may see of the files of a case: everything, the public copies only, or nothing."""


@lru_cache(maxsize=1)
def vault() -> Vault:
    return Vault(Path(settings.HOME.path) / "files")


def of_cases(cases: Iterable[UUID]) -> dict[UUID, list[StoredFile]]:
    """The files of cases, oldest first, in one statement."""
    found: dict[UUID, list[StoredFile]] = {case: [] for case in cases}
    for file in StoredFile.objects.filter(case__in=list(found)).order_by("id"):
        if file.case is not None:
            found[file.case].append(file)
    return found


def get(ids: Iterable[UUID]) -> dict[UUID, StoredFile]:
    return StoredFile.objects.in_bulk(list(ids))


def sent_by(actor: Actor, ids: Collection[UUID]) -> bool:
    """Whether files are there and the actor has sent each of them himself."""
    wanted = set(ids)
    return StoredFile.objects.filter(pk__in=wanted, uploaded_by=actor.ref).count() == len(wanted)


def opened(actor: Actor, id_: UUID, wanted: Copy, visible: Visible) -> tuple[StoredFile, bytes, str]:
    """A file, its content and its media type, in the copy wanted. Raises NotFound for who may not see it.

    Until it belongs to a case, a file is visible to the account or client that sent it only.
    """
    file = StoredFile.objects.filter(pk=id_).first()
    if file is None or not _may_open(actor, file, wanted, visible):
        raise NotFound()
    sha256 = {"original": file.sha256, "public": file.public_sha256, "thumbnail": file.thumbnail_sha256}[
        wanted
    ]
    if not sha256:
        raise NotFound()
    data = vault().get(sha256)
    if wanted == "original":
        return file, data, file.media_type
    return file, data, "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


def _may_open(actor: Actor, file: StoredFile, wanted: Copy, visible: Visible) -> bool:
    if actor.kind == "system" or (actor.id is not None and actor.ref == file.uploaded_by):
        return True
    allowed = visible(actor, file.case) if file.case is not None else None
    return allowed == "original" or (allowed == "public" and wanted != "original")
