"""What is known of a PostgreSQL server from its data folder and from the processes working in it."""

import time
from contextlib import suppress
from pathlib import Path

import psutil

ORPHAN_SECONDS = 20.0


def pid_in_file(data: Path) -> int | None:
    """The pid in `postmaster.pid`, whatever process that is."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def alive(data: Path) -> int | None:
    """The pid of the running server; None when there is none, or only a stale file of a dead one."""
    pid = pid_in_file(data)
    return pid if pid and pid > 0 and works_in(pid, data) else None  # negative: it is being made


def ready(data: Path) -> bool:
    """Whether the server says that it accepts connections."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def works_in(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL one of this data folder: all of them work in it."""
    try:
        process = psutil.Process(pid)
        return (
            process.name().startswith("postgres")
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()).resolve() == data
        )
    except (psutil.Error, OSError):
        return False


def clear_stale(data: Path, sockets: Path, deadline: float) -> None:
    """Removes the lock files of a dead server once none of its children lives on.

    Children outlive a killed server for moments; PostgreSQL refuses to start until they are gone. The
    stale files must go too, because their pid may meanwhile belong to another process of the same user, or
    to the dead server itself where nobody collects the dead (containers without an init).
    """
    until = min(deadline, time.monotonic() + ORPHAN_SECONDS)
    while orphans := [p for p in psutil.process_iter() if works_in(p.pid, data)]:
        if time.monotonic() > until:
            for orphan in orphans:
                with suppress(psutil.NoSuchProcess):
                    orphan.terminate()
        time.sleep(0.05)
        if time.monotonic() > until + ORPHAN_SECONDS:
            return
    for file in (data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        file.unlink(missing_ok=True)


def last_words(data: Path, lines: int = 8) -> str:
    """The end of the server's log."""
    try:
        text = (data / "log").read_text(errors="replace")
    except OSError as error:
        return str(error)
    return "\n".join(text.splitlines()[-lines:])
