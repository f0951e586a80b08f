"""`shanzhi items`: a table of services (实施清单) as a file of a pack."""

from pathlib import Path
from typing import Annotated

import typer

from shanzhi.cli.common import PROBLEMS, django, err, out, stop

Table = Annotated[Path, typer.Argument(help="A .csv or .xlsx with one service a line.", metavar="FILE")]
Into = Annotated[Path, typer.Option("--into", help="The file to write, in the folder services of a pack.")]


def register(parent: typer.Typer) -> None:
    parent.command()(items)


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
    out().print(f"{len(found.items)} items written to {into}, {len(found.faults)} faults", markup=False)
    if found.faults:
        raise typer.Exit(PROBLEMS)
