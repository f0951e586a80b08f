import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from shanzhi.base.errors import Conflict, Invalid
from shanzhi.run import embedded
from shanzhi.run.backup import back_up, restore
from shanzhi.run.home import Home
from shanzhi.run.tests.command import shanzhi

ENTRY = """INSERT INTO journal_entry (id, stream, seq, kind, county, at, actor, data, hash)
    VALUES (%s, %s, 1, 'thing.done', '510107', now(), 'system', '{}', '') RETURNING xact"""


def write_entry(home: Home) -> int:
    """An entry of the journal; the transaction that wrote it."""
    with psycopg.connect(home.url) as connection:
        row = connection.execute(ENTRY, [uuid4(), uuid4()]).fetchone()
    assert row
    return int(row[0])


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with tables, an attachment, a key, and an entry written by a late transaction."""
    path = tmp_path_factory.mktemp("full")
    assert shanzhi("migrate", home=path).returncode == 0
    home = Home(path, "")
    home.secret("fields")
    (path / "files" / "ab").mkdir(parents=True)
    (path / "files" / "ab" / "photo").write_bytes(b"photo of a pothole" * 1000)
    embedded.start(home.pg)
    for _ in range(50):
        last = write_entry(home)
    with psycopg.connect(home.url) as connection:
        connection.execute(
            "INSERT INTO journal_readerposition (name, xact, entry, moved_at, failures, error)"
            " SELECT 'notices', xact, id, now(), 0, '' FROM journal_entry WHERE xact = %s",
            [last],
        )
    yield home
    embedded.stop(home.pg)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "empty", "")
    home.path.mkdir()
    yield home
    embedded.stop(home.pg)


def entries(home: Home) -> list[tuple[object, ...]]:
    with psycopg.connect(home.url) as connection:
        return connection.execute("SELECT id, xact, stream, hash FROM journal_entry ORDER BY id").fetchall()


def test_a_backup_restored_is_the_same(full: Home, empty: Home, tmp_path: Path) -> None:
    size = back_up(full, tmp_path / "all.tar")
    assert size == (tmp_path / "all.tar").stat().st_size
    assert (tmp_path / "all.tar").stat().st_mode & 0o077 == 0
    restore(empty, tmp_path / "all.tar")
    assert entries(empty) == entries(full)
    for name in ("files/ab/photo", "secrets/fields", "secrets/django"):
        assert (empty.path / name).read_bytes() == (full.path / name).read_bytes()
    assert (empty.path / "secrets" / "fields").stat().st_mode & 0o077 == 0
    assert not (empty.path / "restoring").exists()


def test_readers_skip_nothing_after_a_restore(full: Home, empty: Home, tmp_path: Path) -> None:
    """The new server counts transactions from the start: what is written must still come after."""
    last = write_entry(full)
    back_up(full, tmp_path / "all.tar")
    restore(empty, tmp_path / "all.tar")
    assert write_entry(empty) > last
    with psycopg.connect(empty.url) as connection:
        row = connection.execute("SELECT journal_settled()").fetchone()
    assert row and row[0] > last


def test_nothing_is_overwritten(full: Home, tmp_path: Path) -> None:
    back_up(full, tmp_path / "all.tar")
    before = entries(full)
    with pytest.raises(Conflict):
        restore(full, tmp_path / "all.tar")
    assert entries(full) == before


def test_a_database_with_tables_is_not_empty(full: Home, tmp_path: Path) -> None:
    back_up(full, tmp_path / "all.tar")
    with pytest.raises(Conflict, match="tables already"):
        restore(Home(tmp_path, full.url), tmp_path / "all.tar")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_backup_cut_short_is_refused(full: Home, empty: Home, tmp_path: Path, share: float) -> None:
    size = back_up(full, tmp_path / "all.tar")
    cut = tmp_path / "cut.tar"
    cut.write_bytes((tmp_path / "all.tar").read_bytes()[: int(size * share)])
    with pytest.raises(Invalid):
        restore(empty, cut)
    with psycopg.connect(empty.url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row == (0,)
    assert not (empty.path / "restoring").exists()


def test_a_changed_byte_is_noticed(full: Home, empty: Home, tmp_path: Path) -> None:
    back_up(full, tmp_path / "all.tar")
    content = (tmp_path / "all.tar").read_bytes()
    (tmp_path / "bad.tar").write_bytes(content.replace(b"photo of a pothole", b"photo of a p0thole", 1))
    with pytest.raises(Invalid, match="damaged"):
        restore(empty, tmp_path / "bad.tar")


def test_without_its_keys_a_backup_waits_for_them(full: Home, empty: Home, tmp_path: Path) -> None:
    back_up(full, tmp_path / "all.tar", secrets=False)
    with tarfile.open(tmp_path / "all.tar") as tar:
        assert not [name for name in tar.getnames() if name.startswith("secrets")]
    with pytest.raises(Conflict, match="key"):
        restore(empty, tmp_path / "all.tar")
    subprocess.run(["cp", "-rp", full.path / "secrets", empty.path], check=True)
    restore(empty, tmp_path / "all.tar")
    assert entries(empty) == entries(full)


def test_another_key_of_the_same_name_is_refused(full: Home, empty: Home, tmp_path: Path) -> None:
    back_up(full, tmp_path / "all.tar", secrets=False)
    empty.secret("django")
    empty.secret("fields")
    with pytest.raises(Conflict, match="another key"):
        restore(replace(empty), tmp_path / "all.tar")
