"""What all commands share: two consoles, exit codes, progress, and Django when it is needed."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

OK, PROBLEMS, USAGE, ENVIRONMENT = 0, 1, 2, 3
Progress = Callable[[int, int], None]


def out() -> "Console":
    """Where answers go."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def err() -> "Console":
    """Where progress and complaints go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def complain(message: str, hint: str = "") -> None:
    err().print(f"[bold red]shanzhi:[/] {_plain(message)}")
    if hint:
        err().print(f"  {_plain(hint)}")


def stop(code: int, message: str, hint: str = "") -> NoReturn:
    complain(message, hint)
    raise typer.Exit(code)


def machine(value: Any) -> None:
    """Prints JSON for a machine, one object."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def django() -> None:
    """Makes Django ready; the database is asked for nothing yet."""
    import django as framework

    from shanzhi.run.garbage import settle

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanzhi.settings")
    framework.setup()
    settle()


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A progress bar on stderr: call it with what is done and the total (0 when unknown)."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = err()
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int = 0) -> None:
            bar.update(task, completed=done, total=total or None)

        yield show


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
