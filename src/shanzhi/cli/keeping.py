"""`backup`, `restore`, `doctor`: keeping an installation."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shanzhi.cli.common import PROBLEMS, err, machine, out

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
COLOURS = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def register(parent: typer.Typer) -> None:
    for command in (backup, restore, doctor):
        parent.command()(command)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    secrets: Annotated[bool, typer.Option(help="Put the keys in; without them restoring needs them.")] = True,
) -> None:
    """Write database, attachments and keys into one file; the server may run on. Keep the file safe."""
    from shanzhi.run.backup import back_up
    from shanzhi.run.home import Home

    with err().status("backing up") as status:
        size = back_up(Home.from_environment(), file, secrets=secrets, say=status.update)
    out().print(f"{file}: {size / 1e6:.1f} MB")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.", exists=True, dir_okay=False)],
) -> None:
    """Restore a backup into an empty SHANZHI_HOME; refuses to overwrite anything."""
    from shanzhi.run.backup import restore as bring_back
    from shanzhi.run.home import Home

    with err().status("restoring") as status:
        bring_back(Home.from_environment(), file, say=status.update)
    out().print("restored; `shanzhi verify` compares the cases with their journal")


def doctor(json: Json = False) -> None:
    """Look over the installation; each line says what is well, and what to do about what is not."""
    from shanzhi.run.doctor import examine

    findings = examine()
    if json:
        machine([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = f"[{COLOURS[finding.state]}]{finding.state:<4}[/]"
            out().print(f"{mark} {finding.what}" + (f"\n     → {finding.advice}" if finding.advice else ""))
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(PROBLEMS)
