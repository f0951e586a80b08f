"""Reading pictures of materials: asked for when they are sent in, done by a process of its own, told at once.

The worker only looks whether something waits and then starts that process; it opens the model, reads what there
is, stays a minute for more, and ends: the memory is given back, and whatever a picture does to it harms nobody else.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import F, Q

from shanzhi.base.clock import now
from shanzhi.files import queries as files
from shanzhi.reading import fields, legible, reader
from shanzhi.reading.sheets import sheets
from shanzhi.services.models import Reading
from shanzhi.services.queries.pictures import cipher

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=2)  # then whoever claimed it has died
KINDS = ("image/", "application/pdf")  # of files that are read
MOST_TRIES = 2  # a picture that ends the process twice is left to a person
LINGER = 60.0  # seconds that the process waits for more
PAUSE = 0.5
AGAIN = 5.0  # seconds between two starts
LOCK = 5_107_107_001  # of PostgreSQL: one process reads

_child: dict[str, Any] = {"process": None, "at": 0.0}


def ask(draft: UUID, chosen: Iterable[tuple[str, UUID]], *, at: datetime | None = None) -> None:
    """Asks for pictures and PDF files to be read; other files, and all where no reader is installed, are left to
    a person at once."""
    wanted, when = dict((file, key) for key, file in chosen), at or now()
    known = files.get(wanted)
    readable = reader.installed() and os.environ.get("SHANZHI_READER") != "none"
    Reading.objects.bulk_create(
        (
            Reading(
                file=file,
                draft=draft,
                material=wanted[file],
                asked_at=when,
                status="waiting" if readable and one.media_type.startswith(KINDS) else "unread",
                read_at=None if readable and one.media_type.startswith(KINDS) else when,
            )
            for file, one in known.items()
        ),
        ignore_conflicts=True,
    )


def forget(draft: UUID, file: UUID | None = None) -> None:
    """Forgets what was read for a draft that is thrown away, or from one file that is taken back."""
    found = Reading.objects.filter(draft=draft)
    (found if file is None else found.filter(pk=file)).delete()


def waiting() -> Q:
    """What is to be read: asked and not claimed, or claimed by somebody who has died."""
    return Q(status="waiting") | Q(status="reading", claimed_at__lt=now() - CLAIM)


@transaction.atomic
def claim() -> Reading | None:
    """The picture that waits longest, claimed; one that was tried too often is left to a person."""
    given_up = Reading.objects.filter(waiting(), tries__gte=MOST_TRIES)
    given_up.update(status="unread", read_at=now())
    found = Reading.objects.select_for_update(skip_locked=True).filter(waiting()).order_by("asked_at").first()
    if found is not None:
        found.status, found.claimed_at, found.tries = "reading", now(), found.tries + 1
        found.save(update_fields=["status", "claimed_at", "tries"])
    return found


def read_next(who: reader.Reader | None) -> bool:
    """Reads the picture that waits longest; False when none does."""
    found = claim()
    if found is None:
        return False
    began = time.monotonic()
    try:
        said = _said(who, found.file)
    except Exception:  # the decoders raise whatever they like on hostile input
        log.exception("a picture could not be read")
        said = None
    _finish(found, said, who.name if who is not None else "", time.monotonic() - began)
    return True


def _said(who: reader.Reader | None, file: UUID) -> dict[str, Any] | None:
    stored = files.get([file]).get(file)
    if who is None or stored is None:
        return None
    shots = [who.read(sheet) for sheet in sheets(files.vault().get(stored.sha256))]
    read = fields.together_on([fields.read(shot) for shot in shots])
    told = {key: [value.text, round(value.sure, 4)] for key, value in read.fields.items()}
    fullest = max(shots, key=lambda shot: shot.characters)
    return {"kinds": read.kinds, "fields": told, "fault": None if read.kinds else legible.fault(fullest)}


def _finish(found: Reading, said: dict[str, Any] | None, name: str, seconds: float) -> None:
    sealed = cipher().encrypt(orjson.dumps(said).decode(), found.file.bytes) if said is not None else None
    Reading.objects.filter(pk=found.pk).update(
        status="read" if said is not None else "unread",
        read_at=now(),
        said=sealed,
        reader=name,
        seconds=seconds,
        claimed_at=F("claimed_at"),
    )


def read_all(stop: Callable[[], bool] = lambda: False, *, linger: float = LINGER) -> int:
    """Reads what waits, and waits for more for a while; how many it were. One process does at a time."""
    if not _alone():
        return 0
    who, done, last = reader.best(), 0, time.monotonic()
    while not stop():
        if read_next(who):
            done, last = done + 1, time.monotonic()
        elif time.monotonic() - last >= linger:
            break
        else:
            time.sleep(PAUSE)
    return done


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def start() -> int:
    """Starts the process that reads, when something waits and it does not run; the worker does not wait for it."""
    running: subprocess.Popen[bytes] | None = _child["process"]
    if running is not None and running.poll() is None:
        return 0
    if time.monotonic() - _child["at"] < AGAIN or not Reading.objects.filter(waiting()).exists():
        return 0
    command = [sys.executable, "-m", "shanzhi", "pictures"]
    _child["process"] = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"}, process_group=0
    )
    _child["at"] = time.monotonic()
    return 1
