"""`shanzhi items`: a table of services (实施清单) as a file of a pack. `shanzhi pictures`: reads what was sent in."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from shanzhi.cli.common import PROBLEMS, django, err, out, stop

Table = Annotated[Path, typer.Argument(help="A .csv or .xlsx with one service a line.", metavar="FILE")]
Into = Annotated[Path, typer.Option("--into", help="The file to write, in the folder services of a pack.")]


def register(parent: typer.Typer) -> None:
    parent.command()(items)
    parent.command()(pictures)


def items(file: Table, into: Into) -> None:
    """Reads services from a table line by line and writes them as a file of a pack, to be reviewed and applied."""
    django()
    import yaml

    from shanzhi.intake import table
    from shanzhi.services.sheet import taken

    if into.exists():
        stop(PROBLEMS, f"{into} is there already", "Give another name, and compare the two.")
    found = taken(table.rows(file))
    for line, fault in found.faults:
        err().print(f"{file.name}:{line}: {fault}", markup=False)
    if found.items:
        text = yaml.safe_dump({"items": found.items}, allow_unicode=True, sort_keys=False)
        into.write_text(f"# Taken over from {file.name}; add the conditions of each item.\n{text}")
    told = f"{len(found.items)} items written to {into}" if found.items else "nothing to write"
    out().print(f"{told}, {len(found.faults)} faults", markup=False)
    if found.faults or not found.items:
        raise typer.Exit(PROBLEMS)


def pictures(
    once: Annotated[bool, typer.Option(help="Read what waits, then end.")] = False,
) -> None:
    """Reads pictures of materials that wait. The worker starts this when there are any, and it ends by itself."""
    django()
    from shanzhi.run.orphans import end_with_parent
    from shanzhi.services.actions import reading

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    end_with_parent()
    done = reading.read_all(stop.is_set, linger=0 if once else reading.LINGER)
    out().print(f"{done} pictures read", markup=False)
