"""One file that holds an installation: its database, its attachments, its keys; and back.

The file is a tar: `database.dump` (PostgreSQL's custom format), `files/`, `secrets/`, and at the end
`manifest.json` with the size and SHA-256 of each, so that a file cut short is noticed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Invalid, Problem
from shanzhi.run import cluster, embedded
from shanzhi.run.home import Home

Say = Callable[[str], None]
FORMAT = 1
DUMP, MANIFEST, FOLDERS = "database.dump", "manifest.json", ("files", "models", "secrets")
CHUNK = 1 << 20


def back_up(home: Home, file: Path, *, secrets: bool = True, say: Say = lambda _: None) -> int:
    """Writes a backup, whole or not at all; its size in bytes. The server may run on meanwhile.

    The database is read first, as it is at one moment; attachments are only ever added, so that all it
    speaks of are there afterwards. Without `secrets` the backup says only which keys it needs.
    """
    _database(home)
    file = file.resolve()
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        say("reading the database")
        dump = Path(folder) / DUMP
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", home.url)
        say("packing")
        draft = Path(folder) / "draft"
        with draft.open("xb") as raw:
            draft.chmod(0o600)
            _pack(raw, dump, home, secrets)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(file)
    return file.stat().st_size


def _pack(raw: Any, dump: Path, home: Home, secrets: bool) -> None:
    keys = {p.name: _digest(p) for p in sorted((home.path / "secrets").glob("*"))}
    manifest: dict[str, Any] = {"format": FORMAT, "at": now().isoformat(), "secrets": keys, "parts": {}}
    with tarfile.open(fileobj=raw, mode="w|") as tar:
        for name, path in _parts(dump, home, secrets):
            manifest["parts"][name] = [path.stat().st_size, _digest(path)]
            tar.add(path, arcname=name, recursive=False, filter=_anonymous)
        text = Path(dump.parent) / MANIFEST
        text.write_text(json.dumps(manifest, indent=1))
        tar.add(text, arcname=MANIFEST, filter=_anonymous)


def _parts(dump: Path, home: Home, secrets: bool) -> Iterator[tuple[str, Path]]:
    yield DUMP, dump
    for folder in FOLDERS if secrets else FOLDERS[:-1]:
        for path in sorted((home.path / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield str(path.relative_to(home.path)), path


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


def restore(home: Home, file: Path, *, say: Say = lambda _: None) -> None:
    """Brings a backup into an empty home. Raises Conflict where anything is, Invalid for a broken file."""
    for folder in FOLDERS[:-1]:
        if any((home.path / folder).glob("*")):
            raise Conflict(f"{home.path / folder} is not empty", hint="Restore into an empty SHANZHI_HOME.")
    _empty(_database(home))
    work = home.path / "restoring"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    say("unpacking")
    try:
        manifest = _unpack(file, work)
        _keys(home, work, manifest["secrets"])
    except Problem:
        shutil.rmtree(work)  # nothing has come of it
        raise
    say("restoring the database")
    _run("pg_restore", "--single-transaction", "--no-owner", f"--dbname={home.url}", str(work / DUMP))
    _continue(home)
    for folder in FOLDERS:
        if (work / folder).is_dir():
            shutil.copytree(work / folder, home.path / folder, dirs_exist_ok=True)
    (home.path / "secrets").chmod(0o700)
    shutil.rmtree(work)


def _unpack(file: Path, work: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as tar:
            tar.extractall(work, filter="data")
        manifest: dict[str, Any] = json.loads((work / MANIFEST).read_text())
    except (tarfile.TarError, OSError, ValueError) as error:
        raise Invalid(f"{file} is no whole backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise Invalid(f"{file} has the format {manifest.get('format')}, this version reads {FORMAT}")
    for name, (size, digest) in manifest["parts"].items():
        part = work / name
        if not part.is_file() or part.stat().st_size != size or _digest(part) != digest:
            raise Invalid(f"{file} is damaged: {name} is not as it was")
    return manifest


def _keys(home: Home, work: Path, needed: dict[str, str]) -> None:
    """Each key of the old installation must be in the backup, or already in the home, and be the same."""
    for name, digest in needed.items():
        known = next((p for p in (home.path / "secrets" / name, work / "secrets" / name) if p.exists()), None)
        if known is None:
            raise Conflict(f"the key {name} is missing", hint=f"Put it into {home.path / 'secrets'} first.")
        if _digest(known) != digest:
            raise Conflict(f"{known} is another key than the backup was made with")


def _continue(home: Home) -> None:
    """Lets transaction ids go on where the old server's ended, so that readers skip and repeat nothing."""
    with psycopg.connect(home.url) as connection:
        row = connection.execute(
            "SELECT greatest((SELECT max(xact) FROM journal_entry), (SELECT max(xact) FROM journal_readerposition), 0)"
        ).fetchone()
        offset = (row[0] if row else 0) + 1
        connection.execute(
            "CREATE OR REPLACE FUNCTION journal_xid_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE "
            f"AS 'SELECT {int(offset)}::bigint'"
        )
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")


def _empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise Conflict(f"the database has {row[0]} tables already", hint="Restore into an empty one.")


def _database(home: Home) -> str:
    if home.embedded:
        embedded.start(home.pg)
    return home.url


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([cluster.binaries() / program, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise embedded.DatabaseError(f"{program}: {done.stderr.strip()[-2000:]}")


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()
