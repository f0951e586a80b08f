"""`shanzhi pack`: a district's own files, checked, compared and applied."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shanzhi.cli.common import PROBLEMS, USAGE, django, err, machine, out, stop

if TYPE_CHECKING:
    from shanzhi.packs.files import Pack
    from shanzhi.packs.queries import Difference

app = typer.Typer(
    help="Check, compare and apply a pack (配置包): a folder of plain files.", no_args_is_help=True
)
Folder = Annotated[Path, typer.Argument(help="The folder of the pack.", metavar="PATH")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="pack")


def opened(path: Path) -> "Pack":
    if not (path / "pack.yaml").is_file():
        stop(USAGE, f"there is no pack in {path}", "A pack is a folder with a file pack.yaml.")
    django()
    from shanzhi.packs.files import Pack

    return Pack(path)


def refuse(pack: "Pack", json: bool) -> None:
    """Lists the faults, if any, and ends."""
    if not pack.faults:
        return
    if json:
        machine({"faults": [asdict(fault) for fault in pack.faults]})
    else:
        for fault in pack.faults:
            typer.echo(str(fault))
        err().print(f"[red]{len(pack.faults)} faults[/]")
    raise typer.Exit(PROBLEMS)


@app.command()
def check(path: Folder, json: Json = False) -> None:
    """Read a pack and list everything that is wrong with it, by file and line. Needs no database."""
    pack = opened(path)
    from shanzhi.packs import queries

    queries.check(pack)
    refuse(pack, json)
    if json:
        machine({"faults": [], "notes": [asdict(note) for note in pack.notes]})
        return
    for note in pack.notes:
        typer.echo(f"{note} (a note)")
    out().print(f"{path}: no faults")


@app.command()
def diff(path: Folder, json: Json = False) -> None:
    """Show what applying a pack would change."""
    pack = opened(path)
    from shanzhi.packs import queries
    from shanzhi.packs.section import sections

    everything = queries.read(pack)
    refuse(pack, json)
    found = [f for s in sections() if (f := queries.difference(s, everything[s.name]))]
    if json:
        machine({difference.section: _plain(difference) for difference in found})
        return
    for difference in found:
        _show(difference)
    if not found:
        out().print("nothing would change")


@app.command()
def apply(path: Folder, json: Json = False) -> None:
    """Apply a pack in one transaction; nothing changes when it has a fault."""
    pack = opened(path)
    from shanzhi.packs import actions, queries

    queries.read(pack)
    refuse(pack, json)
    changes = actions.apply("system", path)
    if json:
        machine(changes)
        return
    for section, counts in changes.items():
        out().print(f"{section}: " + ", ".join(f"{count} {what}" for what, count in counts.items() if count))
    if not changes:
        out().print("nothing to change")


def _plain(difference: "Difference") -> dict[str, Any]:
    was = difference.was
    return {
        "add": difference.add,
        "change": {key: {"was": was[key], "now": now} for key, now in difference.change.items()},
        "remove": difference.remove,
    }


def _show(difference: "Difference") -> None:
    console = out()
    console.print(f"[bold]{difference.section}[/]")
    for key in difference.add:
        console.print(f"[green]  + {key}[/]")
    for key, row in difference.change.items():
        console.print(f"[yellow]  ~ {key}[/]")
        was = difference.was[key]
        for name in sorted(row.keys() | was.keys()):
            if row.get(name) != was.get(name):
                console.print(f"      {name}: {was.get(name)!r} → {row.get(name)!r}", markup=False)
    for key in difference.remove:
        console.print(f"[red]  - {key}[/]")
