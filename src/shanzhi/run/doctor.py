"""Looking over an installation: each finding says what is so and, where it is not well, what to do."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from shanzhi.base.clock import BEIJING, Calendar, now
from shanzhi.run.home import Home

GIB = 1 << 30
LITTLE_SPACE = 2 * GIB
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    state: Literal["ok", "warn", "fail"]
    what: str
    advice: str = ""


Look = Callable[[Home], Iterator[Finding]]


def examine() -> list[Finding]:
    """Looks at everything; what lies behind a database that cannot be reached is left out."""
    import django

    home = Home.from_environment()
    found = [finding for look in (python, disk, secrets, pages) for finding in look(home)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanzhi.settings")
    django.setup()
    for look in (database, tables, clock, calendar, partitions, readers, pack):
        try:
            found += look(home)
        except Exception as error:
            found.append(Finding("fail", f"{look.__name__}: {error}", "See docs/operating.md."))
            if look is database:
                break
    return found


def python(home: Home) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    well = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding("ok" if well else "warn", f"Python {version}", "" if well else "Use Python 3.11 to 3.13.")


def disk(home: Home) -> Iterator[Finding]:
    free = shutil.disk_usage(home.path).free
    what = f"{free / GIB:.1f} GiB free for {home.path}"
    if free < LITTLE_SPACE:
        yield Finding("fail", what, "Make room: PostgreSQL stops when the disk is full.")
    else:
        yield Finding("ok", what)
    if (home.path / "restoring").exists():
        yield Finding("fail", "a restore broke off", "Empty SHANZHI_HOME and the database, restore again.")


def secrets(home: Home) -> Iterator[Finding]:
    folder = home.path / "secrets"
    paths = [folder, *sorted(folder.glob("*"))] if folder.is_dir() else []
    loose = [path for path in paths if path.stat().st_mode & 0o077]
    for path in loose:
        yield Finding("fail", f"others may read {path}", f"chmod go= {path}")
    if not loose:
        yield Finding("ok", f"the keys in {folder} are private")


def pages(home: Home) -> Iterator[Finding]:
    package = Path(__file__).resolve().parent.parent
    for what, file in (
        ("style and scripts", package / "static" / "built" / "manifest.json"),
        ("the translations", package / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"),
    ):
        there = file.is_file()
        yield (
            Finding("ok", f"{what} are built")
            if there
            else Finding("fail", f"{what} are not built", "make setup")
        )


def database(home: Home) -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
        cursor.execute("SHOW fsync")
        durable = cursor.fetchone()[0] == "on"
    kind = "embedded" if home.embedded else "of DATABASE_URL"
    old = int(version.split(".")[0]) < 16
    advice = "Use PostgreSQL 16 or later." if old else ""
    yield Finding("fail" if old else "ok", f"PostgreSQL {version} ({kind}), {size / GIB:.2f} GiB", advice)
    if not durable:
        yield Finding("fail", "fsync is off", "Turn it on: a power cut loses what was acknowledged.")


def tables(home: Home) -> Iterator[Finding]:
    from shanzhi.run.migrating import missing

    names = missing()
    if names:
        yield Finding("fail", f"{len(names)} migrations are missing: {names[0]} …", "shanzhi migrate")
    else:
        yield Finding("ok", "the tables are up to date")


def clock(home: Home) -> Iterator[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - now()).total_seconds())
    advice = "" if apart < 2 else "Let both machines follow the same time server (chrony)."
    yield Finding(
        "ok" if apart < 2 else "fail", f"our clock and the database's are {apart:.1f} s apart", advice
    )


def calendar(home: Home) -> Iterator[Finding]:
    today = now().astimezone(BEIJING).date()
    known = Calendar.default()
    for year, state in ((today.year, "fail"), (today.year + 1, "warn")):
        late = year == today.year or today.month == 12
        if known.is_working_day(today.replace(year=year, month=1, day=1)) is not None:
            yield Finding("ok", f"the working days of {year} are known")
        elif late:
            advice = "Put the State Council's notice into the pack's calendar and apply it."
            yield Finding(
                "fail" if state == "fail" else "warn", f"the working days of {year} are not known", advice
            )


def partitions(home: Home) -> Iterator[Finding]:
    from shanzhi.journal.queries import months
    from shanzhi.journal.tables import run

    names = [name for name, _, _ in months(now(), 2)]
    absent = [n for n in names if run("SELECT to_regclass(%s)", [f"journal_entry_{n}"]) == [(None,)]]
    if absent:
        yield Finding("warn", f"the journal has no partition for {', '.join(absent)}", "Run `shanzhi work`.")
    else:
        yield Finding("ok", "the journal has partitions for this month and the next")


def readers(home: Home) -> Iterator[Finding]:
    from shanzhi.journal.queries import lags

    for row in lags():
        name, behind, since = row["reader"], row["behind"], row["waiting_since"]
        if row["failures"]:
            advice = f"It is tried again; the last error: {row['error'][:200]}"
            yield Finding("fail", f"the reader {name} has failed {row['failures']} times", advice)
        elif behind and since and now() - row["moved_at"] > LATE:
            yield Finding("warn", f"the reader {name} is {behind} entries behind", "Does `shanzhi work` run?")
        else:
            yield Finding("ok", f"the reader {name} is {behind} entries behind")
        if row["set_aside"]:
            count = row["set_aside"]
            yield Finding(
                "warn", f"the reader {name} has set {count} entries aside", "See docs/operating.md."
            )


def pack(home: Home) -> Iterator[Finding]:
    from shanzhi.packs.queries import head

    applied = head()
    if applied:
        yield Finding("ok", f"the pack {applied.get('name')} is in force")
    else:
        yield Finding("warn", "no pack is in force", "shanzhi pack apply PATH")
