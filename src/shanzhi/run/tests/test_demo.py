"""The demo, as `make demo` runs it, without the generated month."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psutil

from shanzhi.run import postmaster
from shanzhi.run.tests.command import ROOT


def test_it_starts_shows_its_accounts_and_stops_everything(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "shanzhi", "demo"],
        env=os.environ | {"SHANZHI_HOME": str(tmp_path), "SHANZHI_EMPTY": "1", "PORT": str(port)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout
        said = ""
        for line in demo.stdout:
            said += line
            if "Shanzhi is ready" in line:
                break
        assert f"Shanzhi is ready at http://127.0.0.1:{port}" in said
        assert "王大妈" in said
        assert "李网格" in said
        assert httpx.get(f"http://127.0.0.1:{port}/accounts/login/").status_code == 200
        children = psutil.Process(demo.pid).children(recursive=True)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(40) == 0
    assert not [child for child in children if child.is_running()]
    assert postmaster.alive(tmp_path / "pg") is None
