"""Several tables written in one statement.

A case is a handful of rows in a handful of tables. Written one by one they cost a round trip each; here
they travel as JSON and are spread by PostgreSQL, in one prepared statement, one or a thousand at a time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import orjson
import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorDebugWrapper
from django.db.models import QuerySet
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from shanzhi.base.value import dataclass

SILENT = ("INSERT", "UPDATE", "WITH w0")  # statements that return no JSON


@dataclass(frozen=True, slots=True)
class Projection:
    """Rows of a table that follow from the rows of an insert: PostgreSQL takes them from the JSON column `data`.

    `path` names an object in it that gives the `columns`; what it does not say is as in `usual` (JSON). With `each`
    it is an object of such objects, a row for each, its key in the column `each`. `own` are pairs of a column and
    the column of the inserted row that it is.
    """

    table: str
    columns: tuple[str, ...]
    path: str
    own: tuple[tuple[str, str], ...]
    usual: str
    each: str = ""


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows to insert into a table; `key` names the columns on which an existing row is replaced instead.

    With `keep` the existing row stays as it is. What is to `follow` is inserted in the same statement.
    """

    table: str
    columns: tuple[str, ...]
    rows: Sequence[dict[str, Any]]
    key: tuple[str, ...] = ()
    keep: bool = False
    follow: tuple[Projection, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """Rows to update in a table: each row holds its `key` and the columns that change.

    `follows` names a column that counts the changes of a row: where it does not stand one below the new value,
    somebody else was first, and nothing at all is written.
    """

    table: str
    columns: tuple[str, ...]
    rows: Sequence[dict[str, Any]]
    key: tuple[str, ...] = ("id",)
    follows: str = ""


class Overtaken(Exception):
    """Somebody else has changed a row since it was read: nothing was written."""


def write(changes: Sequence[Insert | Update]) -> None:
    """Writes all the changes in one statement (and so in one transaction even without `atomic`).

    Raises Overtaken when a row that follows another has been changed since.
    """
    filled = [change for change in changes if change.rows]
    if not filled:
        return
    params: list[Any] = [orjson.dumps(list(c.rows), default=dict).decode() for c in filled]
    following = [len(c.rows) for c in filled if type(c) is Update and c.follows]
    if following:
        params.append(sum(following))
    try:
        run(_statement(tuple(map(shape, filled))), params, answers=False)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == OVERTAKEN:
            raise Overtaken from error
        raise


OVERTAKEN = "SZ001"  # raised by the function journal_follows


def shape(change: Insert | Update) -> tuple[Any, ...]:
    """What two changes must have in common to be written by one part of a statement."""
    if type(change) is Update:
        return (Update, change.table, change.columns, change.key, change.follows)
    assert type(change) is Insert
    return (Insert, change.table, change.columns, change.key, change.keep, change.follow)


@lru_cache(maxsize=1000)
def _statement(shapes: tuple[tuple[Any, ...], ...]) -> str:
    """One part for each change; what must not be overtaken comes last, because PostgreSQL runs that first."""
    parts: list[str] = []
    counted: list[str] = []
    for kind, *rest in shapes:
        name = f"w{len(parts)}"
        if kind is Update:
            parts.append(_update(*rest))
            counted += [f"(SELECT count(*) FROM {name})"] if rest[-1] else []
        else:
            *plain, follow = rest
            parts.append(_insert(*plain) + _returning(follow))
            parts += [_projected(name, projection) for projection in follow]
    if counted:
        parts.append(f"SELECT journal_follows({' + '.join(counted)}, %s)")
    head = ",\n".join(f"w{i} AS ({part})" for i, part in enumerate(parts[:-1]))
    return f"WITH {head}\n{parts[-1]}" if head else parts[-1]


def _returning(follow: tuple[Projection, ...]) -> str:
    """What is taken from the inserted rows."""
    names = {source for projection in follow for _, source in projection.own}
    return f" RETURNING data, {', '.join(sorted(names))}" if follow else ""


def _projected(source: str, p: Projection) -> str:
    """The insert of what follows; without OFFSET 0 PostgreSQL would take the object apart once for each column."""
    usual = p.usual.replace("'", "''")
    usual = f"(SELECT jsonb_populate_record(NULL::{p.table}, '{usual}'::jsonb))"
    if p.each:
        given = f"SELECT s.*, each.key, jsonb_populate_record({usual}, each.value) AS o"
        given += f" FROM {source} s, jsonb_each(s.data->'{p.path}') each"
    else:
        given = f"SELECT s.*, jsonb_populate_record({usual}, s.data->'{p.path}') AS o FROM {source} s"
    pairs = [*p.own, *([(p.each, "key")] if p.each else []), *((name, f"(r.o).{name}") for name in p.columns)]
    names, values = (", ".join(each) for each in zip(*pairs, strict=True))
    return f"INSERT INTO {p.table} ({names}) SELECT {values} FROM ({given} OFFSET 0) r"


def _insert(table: str, columns: tuple[str, ...], key: tuple[str, ...], keep: bool) -> str:
    names = ", ".join(columns)
    text = f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    if key and keep:
        text += f" ON CONFLICT ({', '.join(key)}) DO NOTHING"
    elif key:
        sets = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in key)
        text += f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
    return text


def _update(table: str, columns: tuple[str, ...], key: tuple[str, ...], follows: str) -> str:
    sets = ", ".join(f"{c} = r.{c}" for c in columns if c not in key)
    match = " AND ".join(f"t.{c} = r.{c}" for c in key)
    given = f"jsonb_populate_recordset(NULL::{table}, %s::jsonb) r"
    text = f"UPDATE {table} t SET {sets} FROM {given} WHERE {match}"
    return f"{text} AND t.{follows} = r.{follows} - 1 RETURNING 1" if follows else text


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


JSON = (114, 3802)  # PostgreSQL's numbers of `json` and `jsonb`


class _Json(Loader):
    """JSON by orjson."""

    def load(self, data: Buffer) -> Any:
        return orjson.loads(data)


def _run(sql: str, params: Sequence[Any], prepare: bool, answers: bool) -> list[tuple[Any, ...]]:
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        if not sql.startswith(SILENT):
            for oid in JSON:  # Django turns it off for its own connections
                cursor.adapters.register_loader(oid, _Json)
        cursor.execute(sql, params, prepare=prepare)
        if not answers:
            return []
        waits = connection.connection.pgconn.pipeline_status  # nothing is known before it is asked for
        return cursor.fetchall() if waits or (cursor.pgresult and cursor.pgresult.nfields) else []
