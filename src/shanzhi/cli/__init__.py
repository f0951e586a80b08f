"""The command line `shanzhi`. Commands import what they need when they run, so that help is quick.

Exit codes: 0 all is well; 1 problems were found, and said; 2 wrong usage; 3 something around us is missing
(database, port, permission).
"""

import os
import sys

import typer

from shanzhi.cli import keeping, learning, packs, records, services, serving, topics
from shanzhi.cli.common import ENVIRONMENT, PROBLEMS, complain

app = typer.Typer(
    name="shanzhi",
    help="Shanzhi (善治): run, feed, check and keep an installation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Data lies in SHANZHI_HOME (default ./var). Exit codes: 0 well, 1 problems, 2 usage, 3 environment.",
)
for module in (serving, packs, services, records, topics, learning, keeping):
    module.register(app)


def main() -> None:
    """Runs a command; what we know to explain becomes a sentence and an exit code instead of a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read our answer has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        code = _known(error)
        if code is None:
            raise
        complain(str(error).strip(), getattr(error, "hint", "") or _hint(error))
        sys.exit(code)


def _known(error: Exception) -> int | None:
    from shanzhi.base.errors import Problem
    from shanzhi.run.embedded import DatabaseError

    if isinstance(error, Problem) or "django.db.utils.DataError" in _kinds(
        error
    ):  # what the tables do not hold
        return PROBLEMS
    outside = {"django.db.utils.OperationalError", "psycopg.OperationalError"}
    if isinstance(error, DatabaseError | OSError) or _kinds(error) & outside or _hint(error):
        return ENVIRONMENT
    return None


def _hint(error: Exception) -> str:
    """What helps where a table or a column is not there yet."""
    missing = {"psycopg.errors.UndefinedTable", "psycopg.errors.UndefinedColumn"}
    return "Run: shanzhi migrate" if error.__cause__ and _kinds(error.__cause__) & missing else ""


def _kinds(error: BaseException) -> set[str]:
    return {f"{k.__module__}.{k.__qualname__}" for k in type(error).__mro__}
