import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shanzhi.run.tests.command import ROOT, shanzhi


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated installation."""
    folder = tmp_path_factory.mktemp("home")
    done = shanzhi("migrate", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_help_is_quick_and_starts_nothing(tmp_path: Path) -> None:
    start = time.monotonic()
    done = shanzhi("--help", home=tmp_path)
    assert done.returncode == 0
    assert "doctor" in done.stdout
    assert time.monotonic() - start < 3  # 0.3 s on a quiet machine
    assert not (tmp_path / "pg").exists()


def test_a_wrong_option_is_wrong_usage(tmp_path: Path) -> None:
    assert shanzhi("verify", "--colour", home=tmp_path).returncode == 2
    assert shanzhi("pack", "check", str(tmp_path), home=tmp_path).returncode == 2


def test_a_database_out_of_reach_is_an_environment_missing(tmp_path: Path) -> None:
    done = shanzhi("verify", home=tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_serving_wants_the_tables_first(tmp_path: Path) -> None:
    done = shanzhi("serve", home=tmp_path)
    assert done.returncode == 3
    assert "shanzhi migrate" in done.stderr


def test_reading_wants_the_tables_first_too(tmp_path: Path) -> None:
    done = shanzhi("readers", home=tmp_path)
    assert done.returncode == 3
    assert "shanzhi migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrating_twice_changes_nothing(home: Path) -> None:
    done = shanzhi("migrate", home=home)
    assert (done.returncode, done.stdout.strip()) == (0, "the tables are up to date")


def test_checking_a_pack_needs_no_database(tmp_path: Path) -> None:
    done = shanzhi("pack", "check", "packs/wuhou", "--json", home=tmp_path)
    said = json.loads(done.stdout)
    assert (done.returncode, said["faults"], {note["code"] for note in said["notes"]}) == (0, [], {"gap"})
    assert not (tmp_path / "pg").exists()


def test_a_bad_pack_is_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: bad\nname: worse\n")
    done = shanzhi("pack", "check", str(tmp_path), home=tmp_path / "home")
    assert done.returncode == 1
    assert "pack.yaml:2: 'name' is given twice" in done.stdout


def test_readers_and_verify_answer_machines(home: Path) -> None:
    assert shanzhi("work", "--once", home=home).returncode == 0
    readers = json.loads(shanzhi("readers", "--json", home=home).stdout)
    assert {"notices"} <= {row["reader"] for row in readers}
    assert json.loads(shanzhi("verify", "--json", home=home).stdout)["found"] == []


def test_the_doctor_says_what_to_do(home: Path) -> None:
    (home / "secrets" / "django").chmod(0o644)
    done = shanzhi("doctor", "--json", home=home)
    found = {f["what"]: f for f in json.loads(done.stdout)}
    loose = found[f"others may read {home / 'secrets' / 'django'}"]
    assert (done.returncode, loose["advice"]) == (1, f"chmod go= {home / 'secrets' / 'django'}")
    (home / "secrets" / "django").chmod(0o600)


def refused(home: Path, *arguments: str, code: int, **environment: str) -> str:
    """A command that cannot do what it is asked: its sentence, which is no traceback."""
    done = shanzhi(*arguments, home=home, **environment)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("shanzhi: ")
    return done.stderr


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://u:hush@h/x", "postgresql://u:hush@h:port/x", "postgresql://u:hush@h:99999/x"]
)
def test_an_address_that_is_none_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    said = refused(tmp_path, "verify", code=3, DATABASE_URL=url)
    assert "DATABASE_URL" in said
    assert "hush" not in said


def test_a_home_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in refused(tmp_path / "file" / "home", "verify", code=3)


def test_a_backup_that_cannot_be_written_is_told(home: Path) -> None:
    assert "nowhere" in refused(home, "backup", str(home / "nowhere" / "b.tar"), code=3)
    assert shanzhi("backup", str(home), home=home).returncode == 2


def test_an_address_that_is_not_ours_is_not_called_in_use(home: Path) -> None:
    assert "cannot be listened on" in refused(home, "serve", "--host", "8.8.8.8", code=3)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [(b"\xff\xfe\x00", "no text in UTF-8"), (b"[" * 5000, "nested too deep"), (b"a: [", "not YAML")],
)
def test_a_mapping_that_cannot_be_read_is_told(home: Path, tmp_path: Path, mapping: bytes, said: str) -> None:
    (tmp_path / "m.yaml").write_bytes(mapping)
    (tmp_path / "t.csv").write_text("id,text\n")
    found = refused(home, "import", str(tmp_path / "t.csv"), "--mapping", str(tmp_path / "m.yaml"), code=1)
    assert said in found


def test_a_reader_that_has_enough_is_no_error(home: Path) -> None:
    command = f"{sys.executable} -m shanzhi pack check packs/wuhou | head -1"
    own = {"SHANZHI_HOME": str(home), "SHANZHI_TEST": "1"}
    done = subprocess.run(
        ["sh", "-c", command], env=os.environ | own, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_table_without_services_is_not_called_written(home: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("")
    into = tmp_path / "items.yaml"
    done = shanzhi("items", str(tmp_path / "t.csv"), "--into", str(into), home=home)
    assert (done.returncode, into.exists()) == (1, False)
    assert "nothing to write" in done.stdout
