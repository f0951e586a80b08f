"""How long files and functions are: prints the table, fails where one is too long."""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

FILE, FUNCTION = 400, 60


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """(name, lines) of each function; of a nested one too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def row(title: str, lengths: Sequence[int], limit: int) -> str:
    ordered = sorted(lengths) or [0]
    at = [ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.9, 1)]
    return f"{title:<10} {len(lengths):>6} {at[0]:>6} {at[1]:>6} {at[2]:>6} {limit:>6}"


def main(roots: Sequence[str]) -> int:
    files = [f for root in roots for f in sorted(Path(root).rglob("*.py")) if "migrations" not in f.parts]
    lines = {str(f): len(f.read_text().splitlines()) for f in files}
    bodies = dict(found for f in files for found in functions(f))
    sys.stdout.write(f"{'lines of':<10} {'count':>6} {'half':>6} {'90 %':>6} {'most':>6} {'limit':>6}\n")
    sys.stdout.write(row("files", list(lines.values()), FILE) + "\n")
    sys.stdout.write(row("functions", list(bodies.values()), FUNCTION) + "\n")
    long = [(n, c, FILE) for n, c in lines.items() if c > FILE]
    long += [(n, c, FUNCTION) for n, c in bodies.items() if c > FUNCTION]
    for name, count, limit in long:
        sys.stdout.write(f"{name}: {count} lines, at most {limit}\n")
    return 1 if long else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
