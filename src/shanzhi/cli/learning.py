"""`learn`, `classify`: training the models of texts, trying them, and reading messages with them."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from shanzhi.cli.common import PROBLEMS, complain, django, err, machine, out, stop

if TYPE_CHECKING:
    from shanzhi.language.evaluation import Report
    from shanzhi.language.features import Text
    from shanzhi.language.training import Example
    from shanzhi.learning.version import Version

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
TABLE = {"exists": True, "dir_okay": False}
AT_ONCE = 256


def register(parent: typer.Typer) -> None:
    parent.command()(learn)
    parent.command()(classify)


def learn(
    evaluate: Annotated[
        Path | None,
        typer.Option(
            help="Try it on a table with text and category (title, if there is one) instead.", **TABLE
        ),
    ] = None,
    examples: Annotated[
        Path | None, typer.Option(help="Learn from this table instead of the district's own cases.", **TABLE)
    ] = None,
    background: Annotated[
        list[Path] | None,
        typer.Option(help="Tables of texts without a category, to learn words from.", **TABLE),
    ] = None,
    json: Json = False,
) -> None:
    """Train the models of category and urgency from closed cases and the pack's examples.

    With --evaluate, nothing is kept: with --examples too, a model of those is tried on the table; without, the
    running model is (where it knows the table's categories), and the table is cross-validated in five folds.
    """
    django()
    given, other = _given(examples), _texts(background or [])
    if evaluate is not None:
        _evaluate(evaluate, given, other, json)
    else:
        _learn(given, other, json)


def _given(file: Path | None) -> "list[Example]":
    from shanzhi.learning.tables import examples_in

    if file is None:
        return []
    found, encoding = examples_in(file)
    _say(file, len(found), encoding)
    return found


def _texts(files: list[Path]) -> "list[Text]":
    from shanzhi.learning.tables import texts_in

    found: list[Text] = []
    for file in files:
        texts, encoding = texts_in(file)
        _say(file, len(texts), encoding)
        found += texts
    return found


def _say(file: Path, rows: int, encoding: str) -> None:
    err().print(f"{file.name}: {rows} rows, read as {encoding}", markup=False)


def _evaluate(file: Path, given: "list[Example]", other: "list[Text]", json: bool) -> None:
    from dataclasses import asdict

    from shanzhi.learning.trying import tried

    asked = _given(file)
    if len({one.label for one in asked}) < 2:
        stop(PROBLEMS, f"{file.name} has not two categories to tell apart")
    reports = tried(asked, given, other)
    if json:
        machine({name: asdict(report) for name, report in reports.items()})
        return
    for name, report in reports.items():
        _show(name, report)


def _learn(given: "list[Example]", other: "list[Text]", json: bool) -> None:
    from shanzhi.run.learning import learn as learn_all

    made = learn_all("system", given, other)
    if json:
        machine([_plain(one) for one in made])
        return
    for one in made:
        _tell(one)


def _plain(one: "Version") -> dict[str, Any]:
    keys = ("name", "version", "labels", "trained_on", "running", "digest", "report", "compared")
    return {key: getattr(one, key) for key in keys}


def _tell(one: "Version") -> None:
    was = f", the version before {one.compared['macro_f1']:.3f}" if one.compared else ""
    ends = "runs from now on" if one.running else "is not better: the version before goes on"
    out().print(
        f"{one.name} {one.version}: {one.trained_on} examples, {one.labels} labels; on {one.report['count']} "
        f"held out: macro-F1 {one.report['macro_f1']:.3f}{was}; {ends}",
        markup=False,
    )


def _show(name: str, report: "Report") -> None:
    from rich.table import Table

    out().print(
        f"{name}: {report.count} rows, accuracy {report.accuracy:.3f}, macro-F1 {report.macro_f1:.3f}, "
        f"the most certain 70 % {report.certain:.3f}, ECE {report.ece:.3f}",
        markup=False,
    )
    table = Table()
    for title in ("category", "rows", "precision", "recall", "F1"):
        table.add_column(title)
    for one in report.classes:
        figures = (f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}")
        table.add_row(one.label, str(one.count), *figures)
    out().print(table)


def classify(
    parallel: Annotated[int, typer.Option(help="Lines read at once.", min=1, max=10_000)] = AT_ONCE,
) -> None:
    """Read messages from standard input, one JSON object a line ("text", and "id", "title", "at" if there are);

    write what they say to standard output, a line for each. A line that cannot be read is answered by a line
    with "error"; the others go on.
    """
    django()
    from shanzhi.learning import queries
    from shanzhi.learning.reading import answers

    if queries.running(queries.CATEGORY) is None:
        complain("no model of categories runs yet: categories stay empty", "shanzhi learn")
    wrong = 0
    lines = _lines()
    while batch := list(islice(lines, parallel)):
        for answer in answers(batch):
            wrong += "error" in answer
            sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    if wrong:
        complain(f"{wrong} lines could not be read")
        raise typer.Exit(PROBLEMS)


def _lines() -> Iterator[bytes]:
    """The lines of standard input that are not empty."""
    return (line for line in sys.stdin.buffer if line.strip())
