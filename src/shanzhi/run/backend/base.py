"""Django's PostgreSQL backend, which starts the embedded server when it is asked for a connection.

So whatever needs no database (help, checks, migrations being made) starts none, and a server that was
killed is started again by the next process that needs it.
"""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError
from psycopg import OperationalError as NoConnection

from shanzhi.run import embedded

_used: set[str] = set()


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, embedded when the settings have `EMBEDDED`, the data folder."""

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

    def _start(self, data: str) -> None:
        try:
            embedded.start(Path(data))
        except embedded.DatabaseError as error:
            raise OperationalError(str(error)) from error
        _used.add(data)
