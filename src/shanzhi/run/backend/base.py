"""Django's PostgreSQL backend, which starts the embedded server when it is asked for a connection.

So whatever needs no database (help, checks, migrations being made) starts none, and a server that was
killed is started again by the next process that needs it.
"""

import time
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError
from psycopg import OperationalError as NoConnection

from shanzhi.run import embedded

REST = 2.0  # seconds
_used: set[str] = set()


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, embedded when the settings have `EMBEDDED`, the data folder."""

    _rests_since = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        data = self.settings_dict.get("EMBEDDED", "")
        if data and data not in _used:
            self._start(data)
        try:
            return super().get_new_connection(conn_params)
        except NoConnection:
            if not data:
                raise
            self._start(data)
            return super().get_new_connection(conn_params)

    def close_if_unusable_or_obsolete(self) -> None:
        super().close_if_unusable_or_obsolete()
        self._rests_since = time.monotonic()

    def close_if_health_check_failed(self) -> None:
        """Asks the server whether it is still there only after a rest: a busy connection tells by itself."""
        if time.monotonic() - self._rests_since < REST:
            self.health_check_done = True
        super().close_if_health_check_failed()

    def _start(self, data: str) -> None:
        try:
            embedded.start(Path(data))
        except embedded.DatabaseError as error:
            raise OperationalError(str(error)) from error
        _used.add(data)
