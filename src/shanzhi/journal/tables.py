"""Several tables written in one statement.

A case is a handful of rows in a handful of tables. Written one by one they cost a round trip each; here
they travel as JSON and are spread by PostgreSQL, in one prepared statement, one or a thousand at a time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorDebugWrapper
from django.db.models import QuerySet
from psycopg.types.json import set_json_loads

SILENT = ("INSERT", "UPDATE", "WITH w0")  # statements that return no JSON


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows to insert into a table; `key` names the columns on which an existing row is replaced instead.

    With `keep` the existing row stays as it is.
    """

    table: str
    columns: tuple[str, ...]
    rows: Sequence[dict[str, Any]]
    key: tuple[str, ...] = ()
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """Rows to update in a table: each row holds its `key` and the columns that change."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[dict[str, Any]]
    key: tuple[str, ...] = ("id",)


def write(changes: Sequence[Insert | Update]) -> None:
    """Writes all the changes in one statement (and so in one transaction even without `atomic`)."""
    filled = [change for change in changes if change.rows]
    if not filled:
        return
    shape = tuple(
        (type(c) is Update, c.table, c.columns, c.key, type(c) is Insert and c.keep) for c in filled
    )
    run(_statement(shape), [orjson.dumps(list(c.rows), default=dict).decode() for c in filled], answers=False)


@lru_cache(maxsize=1000)
def _statement(shape: tuple[tuple[bool, str, tuple[str, ...], tuple[str, ...], bool], ...]) -> str:
    parts = [_update(*s[1:4]) if s[0] else _insert(*s[1:]) for s in shape]
    head = ",\n".join(f"w{i} AS ({part})" for i, part in enumerate(parts[:-1]))
    return f"WITH {head}\n{parts[-1]}" if head else parts[-1]


def _insert(table: str, columns: tuple[str, ...], key: tuple[str, ...], keep: bool) -> str:
    names = ", ".join(columns)
    text = f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    if key and keep:
        text += f" ON CONFLICT ({', '.join(key)}) DO NOTHING"
    elif key:
        sets = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in key)
        text += f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
    return text


def _update(table: str, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    sets = ", ".join(f"{c} = r.{c}" for c in columns if c not in key)
    match = " AND ".join(f"t.{c} = r.{c}" for c in key)
    return (
        f"UPDATE {table} t SET {sets} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) r WHERE {match}"
    )


def statement(rows: "QuerySet[Any, Any]") -> tuple[str, tuple[Any, ...]] | None:
    """The statement that a queryset stands for, for those who keep it; None when it can find nothing.

    Django takes longer to make one than PostgreSQL to answer it. Run it unprepared where it depends on the
    parameters which index serves.
    """
    try:
        made: tuple[str, tuple[Any, ...]] = rows.query.sql_with_params()
        return made
    except EmptyResultSet:
        return None


@contextmanager
def pipelined() -> Iterator[None]:
    """Around `atomic`: BEGIN travels with the first statement, what is written with the COMMIT; fewer round trips.

    What was written wrongly is told by the COMMIT. Only for `run` and `write`, not for the ORM's updates, which count
    their rows at once, before anybody knows them.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def run(
    sql: str, params: Sequence[Any], *, prepare: bool = True, answers: bool = True
) -> list[tuple[Any, ...]]:
    """Runs one statement, prepared unless told otherwise, and returns its rows: past the ORM, in its transaction.

    Without `answers` nobody waits for rows. The statement is counted like any other where Django counts
    (`assertNumQueries`, the debug log).
    """
    connection.ensure_connection()
    if connection.queries_logged:
        with connection.cursor() as counted:
            assert isinstance(counted, CursorDebugWrapper)
            with counted.debug_sql(sql, params):
                return _run(sql, params, prepare, answers)
    return _run(sql, params, prepare, answers)


def _run(sql: str, params: Sequence[Any], prepare: bool, answers: bool) -> list[tuple[Any, ...]]:
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        if not sql.startswith(SILENT):
            set_json_loads(orjson.loads, cursor)  # Django turns it off for its own connections
        cursor.execute(sql, params, prepare=prepare)
        if not answers:
            return []
        waits = connection.connection.pgconn.pipeline_status  # nothing is known before it is asked for
        return cursor.fetchall() if waits or cursor.description else []
