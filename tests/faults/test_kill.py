"""Kill -9 of server, worker and database during load: nothing acknowledged is lost, nothing is done twice."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from shanzhi.run import postmaster
from shanzhi.run.home import Home
from shanzhi.run.tests.command import ROOT, shanzhi

REPORTS = 150
SEED = 510107
OPEN_CLIENT = """
import django; django.setup()
from shanzhi.orgs.actions import open_client
from shanzhi.orgs.actor import Actor, Grant
print(open_client(Actor.system(), "12345", grants=[Grant("operator", "510107")], per_minute=1_000_000)[1])
"""


def until(true: Callable[[], object], seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Installation:
    """A real installation: a server with two processes, a worker, and the embedded database."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path, "")
        self.environment = {k: v for k, v in os.environ.items() if k not in ("SHANZHI_TEST", "PORT")}
        self.environment |= {"SHANZHI_HOME": str(path), "DJANGO_SETTINGS_MODULE": "shanzhi.settings"}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *arguments: str) -> None:
        command = [sys.executable, "-m", "shanzhi", name, *arguments]
        self.running[name] = subprocess.Popen(command, env=self.environment, cwd=ROOT)

    def start_all(self) -> None:
        self.start("serve", "--port", self.url.rsplit(":", 1)[1], "--workers", "2")
        self.start("work")

    def stop_all(self) -> None:
        for child in self.running.values():
            child.terminate()
        for child in self.running.values():
            child.wait(40)

    def key(self) -> str:
        made = subprocess.run(
            [sys.executable, "-c", OPEN_CLIENT],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.strip()

    def answers(self) -> bool:
        try:
            return httpx.get(self.url + "/accounts/login/", timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def kill(self, what: str, dice: random.Random) -> None:
        """Kills by pid, at once and without warning."""
        assert until(lambda: self.pids(what))
        os.kill(dice.choice(self.pids(what)), signal.SIGKILL)
        if what == "worker":
            self.running["work"].wait()
            self.start("work")

    def pids(self, what: str) -> list[int]:
        if what == "server":
            return [child.pid for child in psutil.Process(self.running["serve"].pid).children()]
        if what == "worker":
            return [self.running["work"].pid]
        return [pid] if (pid := postmaster.alive(self.home.pg)) else []

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.home.url) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    assert shanzhi("migrate", home=tmp_path, SHANZHI_TEST="").returncode == 0
    assert shanzhi("pack", "apply", "packs/wuhou", home=tmp_path, SHANZHI_TEST="").returncode == 0
    installation = Installation(tmp_path)
    try:
        yield installation
    finally:
        for child in installation.running.values():
            child.kill()
            child.wait()
        shanzhi("verify", home=tmp_path, SHANZHI_TEST="")  # whoever uses the database last stops it
        assert until(lambda: postmaster.alive(installation.home.pg) is None)


class Load:
    """Callers who repeat each call under its key until it is acknowledged."""

    def __init__(self, url: str, key: str) -> None:
        self.client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=10)
        self.acknowledged: dict[int, str] = {}
        self.done = threading.Event()

    def run(self) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self.one, range(REPORTS)))
        self.done.set()

    def one(self, number: int) -> None:
        report = {"text": f"油烟 {number}", "category": "E0107", "lon": 104.061964, "lat": 30.635818}
        case = self.insist("/api/v1/intake/reports", report, f"report-{number}")["id"]
        self.insist(f"/api/v1/cases/{case}/moves", {"move": "register"}, f"move-{number}")
        self.acknowledged[number] = case

    def insist(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        for _ in range(400):
            try:
                answer = self.client.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code < 300:
                given: dict[str, Any] = answer.json()
                return given
            assert answer.status_code >= 500, answer.text
            time.sleep(0.1)
        raise AssertionError(f"{path} was never acknowledged")


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(installation: Installation) -> None:
    key = installation.key()
    installation.start_all()
    assert until(installation.answers)
    load, dice = Load(installation.url, key), random.Random(SEED)
    thread = threading.Thread(target=load.run)
    thread.start()
    for number, what in enumerate(("server", "worker", "database", "server", "database", "worker"), 1):
        goal = min(number * REPORTS // 8, REPORTS - 10)
        assert until(lambda goal=goal: len(load.acknowledged) >= goal)  # type: ignore[misc]
        time.sleep(dice.random() / 5)
        installation.kill(what, dice)
    thread.join(60)
    assert len(load.acknowledged) == REPORTS
    installation.stop_all()

    installation.start_all()
    assert until(installation.answers)
    assert until(lambda: _notices(installation) >= REPORTS)
    cases = {
        str(row[0]): row[1:] for row in installation.ask("SELECT id, state, org, version FROM cases_case")
    }
    assert cases == dict.fromkeys(load.acknowledged.values(), ("registered", "centre", 2))
    assert len(cases) == REPORTS
    entries = "SELECT kind, count(*) FROM journal_entry WHERE kind LIKE 'case.%' GROUP BY kind"
    assert dict(installation.ask(entries)) == {"case.opened": REPORTS, "case.moved": REPORTS}
    assert _notices(installation) == REPORTS
    done = shanzhi("verify", "--json", home=installation.home.path, SHANZHI_TEST="")
    assert done.returncode == 0, done.stdout
    installation.stop_all()


def _notices(installation: Installation) -> int:
    """How often the one person at the desk was told of a new case."""
    sql = "SELECT count(*) FROM notices_notice WHERE kind = 'case.assigned'"
    return int(installation.ask(sql)[0][0])
