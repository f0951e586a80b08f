"""`hot`: what many say at once, in the district's own cases or in a file of messages."""

import csv
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shanzhi.cli.common import USAGE, django, machine, out, stop

if TYPE_CHECKING:
    from shanzhi.language.topics import Message

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
NEEDED = ("id", "title", "time", "text")


def register(parent: typer.Typer) -> None:
    parent.command()(hot)


def hot(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A CSV with id, title, time, text; also user, area.", exists=True, dir_okay=False
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(help="How many days, to the end of the file or until now.", min=1)
    ] = 30,
    area: Annotated[str, typer.Option(help="Only within this area (code).")] = "",
    most: Annotated[int, typer.Option(help="How many topics.", min=1)] = 20,
    json: Json = False,
) -> None:
    """Hot topics: messages of the same matter at the same place, with their heat and growth."""
    found = _of_file(file, days, area) if file else _of_cases(days, area)
    found = found[:most]
    if json:
        machine({"days": days, "topics": found})
        return
    from rich.table import Table

    table = Table()
    for column in ("heat", "topic", "reports", "people", "before", "growth", "from", "to"):
        table.add_column(column, justify="left" if column == "topic" else "right")
    for one in found:
        values = (
            one["heat"],
            one["title"],
            one["reports"],
            one["people"],
            one["before"],
            f"{one['growth']:+.0%}",
        )
        table.add_row(*map(str, values), str(one["first"])[:10], str(one["last"])[:10])
    out().print(table)


def _of_cases(days: int, area: str) -> list[dict[str, Any]]:
    django()
    from shanzhi.base.clock import now
    from shanzhi.orgs.actor import Actor
    from shanzhi.topics import queries

    topics = queries.hot(Actor.system(), days=days, at=now(), area=area)
    return [
        _line(one.title, one.heat, [case["id"] for case in one.cases], one.first, one.last, one.areas)
        for one in topics
    ]


def _of_file(file: Path, days: int, area: str) -> list[dict[str, Any]]:
    from shanzhi.language.topics import Report, grouped, heat

    every = [one for one in read(file) if one.place.startswith(area)]
    if not every:
        return []
    groups, by_id = grouped(every), {one.id: one for one in every}
    end = max(one.at for one in every)
    start = end - timedelta(days=days)
    found = []
    for members in groups.members.values():
        mine = [by_id[id_] for id_ in members if by_id[id_].at > start - timedelta(days=days)]
        new = [one for one in mine if one.at > start]
        if len(new) >= 2:
            people = [Report(one.at, frozenset([] if one.who is None else [str(one.who)])) for one in new]
            told = heat(people, before=len(mine) - len(new), at=end)
            title = min((one.title for one in new), key=len)
            places = sorted({one.place for one in new if one.place})
            found.append(_line(title, told, [one.id for one in new], new[0].at, new[-1].at, places))
    return sorted(found, key=lambda one: -float(one["heat"]))


def _line(
    title: str, told: Any, ids: list[Any], first: datetime, last: datetime, areas: list[str]
) -> dict[str, Any]:
    return {
        "title": title,
        "heat": round(told.index, 2),
        "reports": told.reports,
        "people": told.people,
        "before": told.before,
        "growth": round(told.growth, 3),
        "first": first,
        "last": last,
        "areas": areas,
        "ids": ids,
    }


def read(file: Path) -> "list[Message]":
    """The messages of a file, in UTF-8 or GB 18030; stops with a sentence where a column or a time is missing."""
    from shanzhi.language.topics import Message

    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    rows = csv.DictReader(text.splitlines(keepends=True))
    if missing := [name for name in NEEDED if name not in (rows.fieldnames or ())]:
        stop(USAGE, f"{file.name} has no column {', '.join(missing)}")
    return [
        Message(
            row["id"],
            row["title"] or "",
            row["text"] or "",
            row.get("area") or "",
            _time(row["time"], file, rows.line_num),
            row.get("user") or None,
        )
        for row in rows
    ]


def _time(text: str, file: Path, line: int) -> datetime:
    for form in FORMATS:
        with suppress(ValueError):
            return datetime.strptime((text or "").strip(), form)  # noqa: DTZ007 (only differences are used)
    return stop(USAGE, f"{file.name}:{line}: “{text}” is no time such as 2026-11-25 09:30:00")
