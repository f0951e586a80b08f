"""`import`, `verify`, `readers`: bringing records in, whether they hang together, and who follows them."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shanzhi.cli.common import PROBLEMS, django, machine, out, progress, stop

if TYPE_CHECKING:
    from shanzhi.intake.importing import Fault

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
MOST = 100


def register(parent: typer.Typer) -> None:
    parent.command("import")(import_)
    for command in (verify, readers):
        parent.command()(command)


def import_(
    file: Annotated[
        Path, typer.Argument(help="A .csv or .xlsx file with a header.", exists=True, dir_okay=False)
    ],
    mapping: Annotated[
        Path, typer.Option(help="Which column is what, in YAML.", exists=True, dir_okay=False)
    ],
    errors: Annotated[
        Path | None, typer.Option(help="Where rows that did not fit are listed; beside the file if not said.")
    ] = None,
    json: Json = False,
) -> None:
    """Import reports from a table, with their original times; run it again to go on where it broke off."""
    django()
    from shanzhi.intake import importing
    from shanzhi.intake.mapping import parse

    with progress(f"importing {file.name}") as show:
        outcome = importing.bring_in(file, parse(_text(mapping)), show)
    if json:
        machine(asdict(outcome))
    else:
        for fault in outcome.faults[:MOST]:
            typer.echo(f"{file.name}:{fault.line}: {fault.message}")
        if outcome.said:
            typer.echo(outcome.said)
        counts = {k: v for k, v in asdict(outcome).items() if k != "said"} | {"faults": len(outcome.faults)}
        out().print(", ".join(f"{count} {what}" for what, count in counts.items()))
    if outcome.faults:
        _list(outcome.faults, errors or file.with_name(file.name + ".errors.csv"))
        raise typer.Exit(PROBLEMS)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        stop(PROBLEMS, f"{file} is no text in UTF-8")


def _list(faults: "list[Fault]", to: Path) -> None:
    """The rows that did not fit as a table: line, column, message."""
    try:
        with to.open("w", newline="", encoding="utf-8-sig") as stream:
            writer = csv.writer(stream)
            writer.writerow(["line", "column", "message"])
            writer.writerows([fault.line, fault.column, fault.message] for fault in faults)
    except OSError as error:
        typer.echo(f"the rows that did not fit could not be listed: {error}", err=True)
    else:
        typer.echo(f"rows that did not fit: {to}", err=True)


def verify(json: Json = False) -> None:
    """Check every chain of the journal, rebuild every case from it and compare with the tables."""
    django()
    from shanzhi.cases import verifying

    with progress("verifying") as show:
        report = verifying.verify(show)
    if json:
        machine(asdict(report))
    else:
        for found in report.found[:MOST]:
            typer.echo(f"{found.stream} {found.seq}: {found.message}")
        if len(report.found) > MOST:
            typer.echo(f"and {len(report.found) - MOST} more")
        counts = f"{report.streams} streams, {report.entries} entries, {report.cases} cases"
        out().print(f"{counts}: {len(report.found)} discrepancies; digest {report.digest}")
    if report.found:
        raise typer.Exit(PROBLEMS)


def readers(json: Json = False) -> None:
    """List the journal's readers: how far each has come, and what stops it."""
    django()
    from rich.table import Table

    from shanzhi.journal.queries import lags
    from shanzhi.run.working import Worker

    known = {row["reader"]: row for row in lags()}
    names = [reader.name for reader in Worker.discovered().readers]
    rows = [known.get(name, {"reader": name, "behind": None}) for name in names]
    rows += [row | {"error": "no such reader any more"} for name, row in known.items() if name not in names]
    if json:
        machine(rows)
        return
    table = Table()
    for column in ("reader", "behind", "waiting since", "failures", "set aside", "error"):
        table.add_column(column)
    for row in rows:
        values = [
            row.get(key) for key in ("reader", "behind", "waiting_since", "failures", "set_aside", "error")
        ]
        table.add_row(*("never ran" if i == 1 and v is None else str(v or "-") for i, v in enumerate(values)))
    out().print(table)
