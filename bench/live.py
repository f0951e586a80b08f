"""Live changes: 500 open desks while 100 moves a second happen. How soon does each see its change?

Run: make bench NAME=live. The moves are made in this process at a steady pace; `shanzhi live` is the real
process; each desk is a connection of a dispatcher, so that each hears of every move. The limit: the same moves
without anybody listening, for the processor time of the database and the mover.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from bench import stand

DESKS, PACE, SECONDS = 500, 100, 10


def listener(port: int, cookie: str) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), 30)
    one.sendall(
        f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={cookie}\r\n\r\n".encode()
    )
    return one


class Desks(threading.Thread):
    """Reads all connections and notes when each first hears of each move."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        super().__init__(daemon=True)
        self.sockets, self.heard, self.stop = sockets, list[tuple[float, str]](), False

    def run(self) -> None:
        watch = selectors.DefaultSelector()
        left = {one.fileno(): b"" for one in self.sockets}
        for one in self.sockets:
            watch.register(one, selectors.EVENT_READ)
        while not self.stop:
            for key, _ in watch.select(0.2):
                data = left[key.fd] + key.fileobj.recv(262_144)  # type: ignore[union-attr]
                *lines, left[key.fd] = data.split(b"\n")
                at = time.time()
                for line in lines:
                    if line.startswith(b'data: {"'):
                        told = json.loads(line[6:])
                        self.heard.append((at, f"{told['id']}.{told['seq']}"))


def moves(cases: list[Any], seconds: float) -> tuple[dict[str, float], float]:
    """Moves at the pace, each noted when it is committed; and the processor seconds of the mover."""
    from shanzhi.cases import actions
    from shanzhi.cases.tests.district import actor
    from shanzhi.cases.workflow import Inputs

    who, done, used = actor("sunpaiqian"), dict[str, float](), time.thread_time()
    begin = time.perf_counter()
    for n, (case, org) in enumerate(zip(cycle(cases), cycle(("ecology", "water", "market")))):
        wait = begin + n / PACE - time.perf_counter()
        if n / PACE > seconds:
            break
        if wait > 0:
            time.sleep(wait)
        state = actions.move(who, case.id, "transfer", inputs=Inputs(reason="改派", org=org))
        done[f"{case.id}.{state['version']}"] = time.time()
    return done, time.thread_time() - used


def main() -> None:
    stand.home()
    stand.district()
    from django.conf import settings
    from django.db import connection

    from shanzhi.cases.tests.district import brought_to
    from shanzhi.run.serving import wait_until_ready
    from shanzhi.web.tests.demo import signed_in

    settings.ALLOWED_HOSTS = ["*"]
    cases = [brought_to("dispatched") for _ in range(40)]
    cookie = signed_in("sunpaiqian").cookies["sessionid"].value
    _alone, cpu_alone = moves(cases, SECONDS / 2)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "shanzhi"), "live", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ)
    try:
        if not wait_until_ready(port, process):
            raise RuntimeError("the server of live streams did not start")
        desks = Desks([listener(port, cookie) for _ in range(DESKS)])
        desks.start()
        time.sleep(3)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        before = sum(sum(one.cpu_times()[:2]) for one in family)
        done, cpu = moves(cases, SECONDS)
        time.sleep(3)
        live_cpu = sum(sum(one.cpu_times()[:2]) for one in family) - before
        desks.stop = True
        desks.join(5)
    finally:
        process.terminate()
        process.wait(30)
        connection.close()
    report(done, desks.heard, live_cpu, cpu / SECONDS, cpu_alone / (SECONDS / 2))


def report(
    done: dict[str, float], heard: list[tuple[float, str]], live_cpu: float, cpu: float, alone: float
) -> None:
    waits = sorted(at - done[key] for at, key in heard if key in done)
    last = len(done) * DESKS  # a case that moves twice within a gathering is told once
    p50, p95 = (waits[int(len(waits) * q)] if waits else float("inf") for q in (0.5, 0.95))
    table = Table("what", "value", title=f"live: {DESKS} desks, {PACE} moves a second")
    for name, value in (
        ("moves", f"{len(done)}"),
        ("told", f"{len(waits):,} of at most {last:,}"),
        ("median wait", f"{p50:.2f} s"),
        ("95 % wait", f"{p95:.2f} s"),
        ("processor of shanzhi live", f"{live_cpu / SECONDS:.2f} of one core"),
        ("processor of the mover, with and without desks", f"{cpu:.2f} / {alone:.2f}"),
    ):
        table.add_row(name, value)
    Console(stderr=True).print(table)
    line = {"bench": "live", "ratio": round((cpu + live_cpu / SECONDS) / alone, 2), "p50_s": round(p50, 3)}
    line |= {"p95_s": round(p95, 3), "goal_p95_s": 2, "told": round(len(waits) / last, 3)}
    line |= {"live_cpu": round(live_cpu / SECONDS, 3)}
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
