"""The demo, as `make demo` runs it, without the generated month."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from shanzhi.run import postmaster
from shanzhi.run.tests.command import ROOT


def test_it_starts_shows_its_accounts_and_stops_everything(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with started(tmp_path, port) as demo:
        said = said_until_ready(demo)
        assert f"Shanzhi is ready at http://127.0.0.1:{port}" in said
        assert "王大妈" in said
        assert "李网格" in said
        assert httpx.get(f"http://127.0.0.1:{port}/accounts/login/", timeout=30).status_code == 200
        children = psutil.Process(demo.pid).children(recursive=True)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(40) == 0
    assert not [child for child in children if child.is_running()]
    assert postmaster.alive(tmp_path / "pg") is None


@contextmanager
def started(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The demo in a process of its own, which ends with the test however that ends."""
    own = {"SHANZHI_HOME": str(home), "SHANZHI_EMPTY": "1", "PORT": str(port)}
    command = [sys.executable, "-m", "shanzhi", "demo"]
    with subprocess.Popen(command, env=os.environ | own, cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        try:
            yield demo
        finally:
            if demo.poll() is None:
                demo.send_signal(signal.SIGINT)


def said_until_ready(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout
    said = ""
    for line in demo.stdout:
        said += line
        if "Shanzhi is ready" in line:
            break
    return said
