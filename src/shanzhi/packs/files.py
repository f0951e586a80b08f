"""A pack as it lies in a folder: parsed files that know the line of everything in them."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PathKey = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a pack, and where."""

    file: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.code}]"


@dataclass(frozen=True)
class Document:
    """One parsed YAML or JSON file and the lines of its parts."""

    file: str
    value: Any
    lines: dict[PathKey, int] = field(default_factory=dict, repr=False)

    def line(self, *path: str | int) -> int:
        """The line of the part at `path`, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class Pack:
    """A folder of plain files (配置包); reading it never raises, it collects faults."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self._documents: dict[str, Document | None] = {}
        head = self.yaml("pack.yaml")
        self.head: dict[str, Any] = head.value if head and isinstance(head.value, dict) else {}

    def fault(self, file: str, line: int, code: str, message: str) -> None:
        self.faults.append(Fault(file, line, code, message))

    def note(self, file: str, line: int, code: str, message: str) -> None:
        """What is worth knowing and not wrong."""
        self.notes.append(Fault(file, line, code, message))

    def exists(self, file: str) -> bool:
        return (self.root / file).is_file()

    def yaml(self, file: str) -> Document | None:
        """A YAML file with its lines; None (and a fault) when it is missing or cannot be read."""
        if file not in self._documents:
            self._documents[file] = self._yaml(file)
        return self._documents[file]

    def glob(self, pattern: str) -> list[Document]:
        """The YAML files that match, in the order of their names."""
        found = sorted(str(p.relative_to(self.root)) for p in self.root.glob(pattern))
        return [document for file in found if (document := self.yaml(file)) is not None]

    def csv(self, file: str) -> list[tuple[int, dict[str, str]]]:
        """The rows of a CSV file with their lines; values are stripped, missing cells are empty."""
        text = self._text(file)
        if text is None:
            return []
        reader = csv.DictReader(io.StringIO(text))
        rows = []
        for row in reader:
            if None in row or None in row.values():
                self.fault(file, reader.line_num, "cells", "the row has not as many cells as the header")
            else:
                rows.append((reader.line_num, {k.strip(): v.strip() for k, v in row.items()}))
        return rows

    def json(self, file: str) -> Any:
        """A JSON file; None (and a fault) when it is missing or cannot be read."""
        text = self._text(file)
        try:
            return json.loads(text) if text is not None else None
        except json.JSONDecodeError as error:
            self.fault(file, error.lineno, "json", error.msg)
            return None

    def _text(self, file: str) -> str | None:
        try:
            return (self.root / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.fault(file, 1, "missing", "the file is missing")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(file, line, "encoding", "the file is not UTF-8")
        return None

    def _yaml(self, file: str) -> Document | None:
        text = self._text(file)
        if text is None:
            return None
        try:
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            lines: dict[PathKey, int] = {(): 1}
            value = yaml.CSafeLoader(text).get_single_data()
            if node is not None:
                for path, line in _lines(node, ()):
                    if path in lines and path:
                        self.fault(file, line, "twice", f"{path[-1]!r} is given twice")
                    lines[path] = line
            return Document(file, value, lines)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            self.fault(file, mark.line + 1 if mark else 1, "yaml", error.problem or "not YAML")
        except (yaml.YAMLError, ValueError) as error:
            self.fault(file, 1, "yaml", str(error))
        return None


def _lines(node: yaml.Node, path: PathKey) -> Iterator[tuple[PathKey, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, key.value)
            yield inner, key.start_mark.line + 1
            yield from _lines(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            inner = (*path, index)
            yield inner, value.start_mark.line + 1
            yield from _lines(value, inner)
