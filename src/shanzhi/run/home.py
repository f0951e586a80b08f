"""The data folder of one installation: its database, its secrets, its files.

Nothing here imports Django: settings are made from it.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from shanzhi.run import cluster
from shanzhi.run.embedded import DATABASE


@dataclass(frozen=True)
class Home:
    """Where one installation keeps what is its own (`SHANZHI_HOME`, by default `./var`)."""

    path: Path
    database_url: str

    @classmethod
    def from_environment(cls) -> "Home":
        path = Path(os.environ.get("SHANZHI_HOME", "var")).resolve()
        path.mkdir(parents=True, exist_ok=True)
        return cls(path, os.environ.get("DATABASE_URL", ""))

    def secret(self, name: str) -> str:
        """A random secret, made at first use and kept readable by its owner only."""
        file = self.path / "secrets" / name
        if not file.exists():
            file.parent.mkdir(mode=0o700, exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}-{get_ident()}")
            draft.write_text(secrets.token_urlsafe(48))
            draft.chmod(0o600)
            try:
                os.link(draft, file)  # the first process wins; the others read its secret
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return file.read_text()

    @property
    def pg(self) -> Path:
        """The data folder of the embedded PostgreSQL."""
        return self.path / "pg"

    @property
    def embedded(self) -> bool:
        """Whether this installation uses the embedded PostgreSQL."""
        return not self.database_url

    @property
    def url(self) -> str:
        """The address of the database, whether its server is running or not."""
        return self.database_url or cluster.url(self.pg, DATABASE)

    def database(self) -> dict[str, Any]:
        """Django's database settings; the embedded server is started at the first connection."""
        return parse(self.url) | {"EMBEDDED": str(self.pg) if self.embedded else ""}


def _parts(url: str) -> SplitResult:
    """The parts of an address; raises DatabaseError, without the password, for what is none of PostgreSQL."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("postgresql", "postgres") and (parts.port is None or parts.port > 0):
            return parts
    except ValueError:
        pass
    raise cluster.DatabaseError(
        "DATABASE_URL is no address such as postgresql://user:password@host:5432/database"
    )


# Django's driver prepares nothing by default, not even where `prepare=True` asks for it. So it does what is asked.
ONLY_WHEN_ASKED = 2**31


def parse(url: str) -> dict[str, Any]:
    """Django's database settings for a PostgreSQL URL; what is behind its `?` goes to the driver."""
    parts = _parts(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options["prepare_threshold"] = int(options.get("prepare_threshold", ONLY_WHEN_ASKED))
    return {
        "ENGINE": "shanzhi.run.backend",
        "NAME": unquote(parts.path.lstrip("/")) or "shanzhi",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": "test_shanzhi"},
    }
