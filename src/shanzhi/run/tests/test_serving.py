"""The processes of an installation, killed and stopped as they are in life."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings

from shanzhi.run import children, postmaster
from shanzhi.run.serving import STOP_SECONDS
from shanzhi.run.tests.command import ROOT, shanzhi

PAGE = "/accounts/login/"
SOON = 8.0  # seconds; each of the processes has ten for what it is doing


def until(true: Callable[[], object], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


class Served:
    """A running `shanzhi serve` and how it answers."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.pg = home / "pg"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shanzhi", "serve", "--port", str(self.port), "--workers", "2"],
            env=os.environ | {"SHANZHI_HOME": str(home), "SHANZHI_TEST": "1"},
            cwd=ROOT,
        )

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{PAGE}", timeout=20).status_code == 200
        except httpx.TransportError:
            return False

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    assert shanzhi("migrate", home=folder).returncode == 0
    return folder


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    server = Served(home)
    try:
        assert until(server.answers)
        yield server
    finally:
        server.process.kill()
        server.process.wait()
        assert until(lambda: postmaster.alive(server.pg) is None or shanzhi("verify", home=home))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_its_database_with_it(served: Served, number: signal.Signals) -> None:
    served.process.send_signal(number)
    assert served.process.wait(30) == 0
    assert postmaster.alive(served.pg) is None


def test_a_command_beside_it_uses_its_database_and_leaves_it_running(served: Served, home: Path) -> None:
    pid = postmaster.alive(served.pg)
    assert shanzhi("verify", home=home).returncode == 0
    assert postmaster.alive(served.pg) == pid
    assert served.answers()


def test_a_killed_database_is_started_again(served: Served) -> None:
    pid = postmaster.alive(served.pg)
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert until(served.answers)
    assert until(lambda: postmaster.alive(served.pg) not in (None, pid))


def test_a_killed_worker_is_replaced(served: Served) -> None:
    before = {worker.pid for worker in served.workers()}
    os.kill(min(before), signal.SIGKILL)
    assert until(lambda: len({w.pid for w in served.workers()} - before) == 1)
    assert until(served.answers)


SESSION = """
import django; django.setup()
from django.test import Client
from shanzhi.orgs.models import Account
client = Client()
client.force_login(Account.objects.get(username="wulian"))
print(client.session.session_key)
"""


@pytest.fixture(scope="module")
def session(home: Path) -> str:
    """The key of a session of somebody who may listen to what happens."""
    assert shanzhi("pack", "apply", "packs/wuhou", home=home).returncode == 0
    own = {"SHANZHI_HOME": str(home), "SHANZHI_TEST": "1", "DJANGO_SETTINGS_MODULE": "shanzhi.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SESSION], env=os.environ | own, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_stream_stops_at_once_though_pages_are_open(
    home: Path, session: str, number: signal.Signals
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "shanzhi", "live", "--port", str(port)]
    own = {"SHANZHI_HOME": str(home), "SHANZHI_TEST": "1"}
    with subprocess.Popen(command, env=os.environ | own, cwd=ROOT, stderr=subprocess.PIPE, text=True) as live:
        try:
            assert until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
            client = httpx.Client(cookies={settings.SESSION_COOKIE_NAME: session}, timeout=20)
            with client.stream("GET", f"http://127.0.0.1:{port}/live") as page:
                lines = page.iter_lines()
                assert "event: hello" in (next(lines), next(lines))
                live.send_signal(number)
                list(lines)  # to its end, which is a proper one
            assert live.wait(SOON) == 0
            assert live.stderr
            assert "refused to gracefully stop" not in live.stderr.read()
        finally:
            live.kill()


def test_somebody_who_sends_half_a_request_holds_nothing_up_for_long(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as half:
        half.sendall(b"GET / HTTP/1.1\r\nHost: local")
        time.sleep(1)
        served.process.terminate()
        assert served.process.wait(STOP_SECONDS + SOON) == 0
        assert STOP_SECONDS < children.STOP_SECONDS


def test_a_new_page_does_not_wait_for_the_idle_connections_of_others(served: Served) -> None:
    asked = b"GET /static/favicon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n"
    start = time.monotonic()
    with ExitStack() as held:
        for _ in range(300):
            one = held.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=60))
            one.sendall(asked)
            assert one.recv(12) == b"HTTP/1.1 200"
        assert served.answers()
    assert time.monotonic() - start < 25  # idle ones are let go after thirty


@pytest.mark.skipif(sys.platform != "linux", reason="needs prctl")
def test_no_worker_outlives_a_killed_server(served: Served) -> None:
    workers = served.workers()
    served.process.kill()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive


def test_a_port_in_use_is_said(served: Served, home: Path) -> None:
    done = shanzhi("serve", "--port", str(served.port), home=home)
    assert done.returncode == 3
    assert "is in use" in done.stderr
