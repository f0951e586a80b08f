import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shanzhi.run import cluster, embedded, postmaster


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "pg"
    yield folder
    embedded.stop(folder)


def ask(server: embedded.Server, statement: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def test_a_server_is_made_used_and_stopped(data: Path) -> None:
    server = embedded.start(data)
    assert ask(server, "SELECT current_database()") == "shanzhi"
    assert ask(server, "SELECT '街道' < '郫' COLLATE \"default\"") is True
    assert embedded.start(data) == server
    assert embedded.stop(data)
    assert postmaster.alive(data) is None
    assert not embedded.stop(data)


def test_only_a_folder_made_for_tests_is_unsafe(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHANZHI_TEST", raising=False)
    assert ask(embedded.start(data), "SHOW fsync") == "on"
    embedded.stop(data)
    monkeypatch.setenv("SHANZHI_TEST", "1")
    assert ask(embedded.start(data), "SHOW fsync") == "on"


def test_after_a_kill_what_was_committed_is_there_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHANZHI_TEST", raising=False)
    server = embedded.start(data)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE words AS SELECT generate_series(1, 100000) AS n")
    os.kill(server.pid, signal.SIGKILL)
    again = embedded.start(data)
    assert again.pid != server.pid
    assert ask(again, "SELECT count(*) FROM words") == 100000


def test_a_stale_pid_file_naming_a_living_process_is_no_obstacle(data: Path) -> None:
    embedded.start(data)
    embedded.stop(data)
    lines = [os.getpid(), data, 0, 5432, data, "", "1 1", "ready"]
    (data / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")
    assert ask(embedded.start(data), "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    data = tmp_path / "成都市 武侯区" / ("deep" * 30) / "pg"
    try:
        assert ask(embedded.start(data), "SELECT 1") == 1
        assert cluster.socket_folder(data).parent == Path("/tmp")
    finally:
        embedded.stop(data)


USER = """
import sys, pathlib
from shanzhi.run import embedded
embedded.start(pathlib.Path(sys.argv[1]))
print("using", flush=True)
sys.stdin.read()
"""


def another_user(data: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", USER, str(data)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_the_last_user_stops_the_server(data: Path) -> None:
    embedded.start(data)
    with another_user(data) as other:
        assert other.stdout and other.stdout.readline() == "using\n"
        assert not embedded.stop(data)
        assert postmaster.alive(data)
    assert postmaster.alive(data) is None


def test_a_killed_user_does_not_count(data: Path) -> None:
    embedded.start(data)
    with another_user(data) as other:
        assert other.stdout and other.stdout.readline() == "using\n"
        other.kill()
    assert embedded.stop(data)
