"""A pack as it lies in a folder: parsed files that know the line of everything in them."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from csv import DictReader
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PathKey = tuple[str | int, ...]
DEEPEST = 100  # levels of a YAML or JSON file
NUL = "U+0000 stands in it, which PostgreSQL does not keep"
READ_ELSEWHERE = ("imports/",)  # by commands of their own
LARGEST = 2_000_000  # parts of a YAML file, an alias counting as often as it is used


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a pack, and where; `column` counts from 1, 0 where only the line is known."""

    file: str
    line: int
    code: str
    message: str
    column: int = 0

    @property
    def place(self) -> str:
        """`rules/urgency.yaml:12:26`."""
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")

    def __str__(self) -> str:
        return f"{self.place}: {self.message} [{self.code}]"


@dataclass(frozen=True)
class Document:
    """One parsed YAML or JSON file and the lines of its parts."""

    file: str
    value: Any
    lines: dict[PathKey, int] = field(default_factory=dict, repr=False)
    columns: dict[PathKey, int] = field(default_factory=dict, repr=False)

    def place(self, path: PathKey) -> tuple[int, int]:
        """The line and column of the part at `path`, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1), self.columns.get(path, 0)

    def line(self, *path: str | int) -> int:
        """The line of the part at `path`, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def find(self, key: str, path: PathKey = ()) -> int:
        """The line of `path` in the part named `key` (near the top, or the whole by its id or type); else 0."""
        if isinstance(self.value, dict) and key in (self.value.get("id"), self.value.get("type")):
            return self.line(*path)
        near = next((found for found in self.lines if found[-1:] == (key,) and len(found) <= 2), None)
        return self.line(*near, *path) if near is not None else 0


class Pack:
    """A folder of plain files (配置包); reading it never raises, it collects faults."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self.known: set[str] = set()  # every file that anybody asked for
        self.asked: list[str] = []  # the files read since somebody emptied the list
        self.files: dict[str, list[str]] = {}  # those of each section
        self._lines: dict[tuple[str, str], int] = {}  # of the rows of tables, by their first cells
        self.notes: list[Fault] = []
        self._documents: dict[str, Document | None] = {}
        head = self.yaml("pack.yaml")
        self.head: dict[str, Any] = head.value if head and isinstance(head.value, dict) else {}

    def fault(self, file: str, line: int, code: str, message: str, column: int = 0) -> None:
        self.faults.append(Fault(file, line, code, message, column))

    def note(self, file: str, line: int, code: str, message: str) -> None:
        """What is worth knowing and not wrong."""
        self.notes.append(Fault(file, line, code, message))

    def exists(self, file: str) -> bool:
        """Whether it is there; a folder of that name is, and reading it is a fault."""
        self.known.add(file)
        return (self.root / file).exists()

    def unread(self) -> list[str]:
        """The data files that nobody has asked for: most likely their name is wrong."""
        kinds = (".yaml", ".yml", ".csv", ".json", ".geojson")
        found = (p.relative_to(self.root).as_posix() for p in self.root.rglob("*") if p.suffix in kinds)
        return sorted(f for f in found if f not in self.known and not f.startswith(READ_ELSEWHERE))

    def yaml(self, file: str) -> Document | None:
        """A YAML file with its lines; None (and a fault) when it is missing or cannot be read."""
        self.asked.append(file)
        self.known.add(file)
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
        try:
            return self._rows(file, DictReader(io.StringIO(text)))
        except csv.Error as error:
            self.fault(file, 1, "csv", str(error))
            return []

    def _rows(self, file: str, reader: "DictReader[str]") -> list[tuple[int, dict[str, str]]]:
        header = [name.strip() for name in reader.fieldnames or ()]
        if twice := sorted({name for name in header if header.count(name) > 1}):
            self.fault(file, 1, "twice", f"the columns {', '.join(twice)} are given twice")
            return []
        rows = []
        for row in reader:
            if None in row or None in row.values():
                self.fault(file, reader.line_num, "cells", "the row has not as many cells as the header")
            else:
                cells = {k.strip(): v.strip() for k, v in row.items()}
                self._lines.setdefault((file, next(iter(cells.values()), "")), reader.line_num)
                rows.append((reader.line_num, cells))
        return rows

    def place(self, section: str, key: str, path: PathKey = ()) -> tuple[str, int]:
        """Where a part of the row `key` of a section most likely stands: file and line; else the first file."""
        files = self.files.get(section, [])
        for file in files:
            document = self._documents.get(file)
            found = self._lines.get((file, key)) or (document.find(key, path) if document else 0)
            if found:
                return file, found
        return (files[0] if files else ""), 1

    def json(self, file: str) -> Any:
        """A JSON file; None (and a fault) when it is missing or cannot be read."""
        text = self._text(file)
        if text is not None and "\\u0000" in text:
            self.fault(file, text[: text.index("\\u0000")].count("\n") + 1, "nul", NUL)
            return None
        try:
            return json.loads(text) if text is not None else None
        except json.JSONDecodeError as error:
            self.fault(file, error.lineno, "json", error.msg)
        except RecursionError:
            self.fault(file, 1, "json", "it is nested too deep")
        return None

    def _text(self, file: str) -> str | None:
        self.asked.append(file)
        self.known.add(file)
        try:
            text = (self.root / file).read_text(encoding="utf-8-sig")
            if "\0" not in text:
                return text
            self.fault(file, text[: text.index("\0")].count("\n") + 1, "nul", NUL)
        except FileNotFoundError:
            self.fault(file, 1, "missing", "the file is missing")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(file, line, "encoding", "the file is not UTF-8")
        except OSError as error:  # a folder, or not for us
            self.fault(file, 1, "unreadable", error.strerror or "the file cannot be read")
        return None

    def _yaml(self, file: str) -> Document | None:
        text = self._text(file)
        if text is None:
            return None
        try:
            node = _composed(text)
            lines: dict[PathKey, int] = {(): 1}
            columns: dict[PathKey, int] = {}
            value = yaml.CSafeLoader(text).get_single_data()
            if node is not None:
                for path, at in _marks(node, ()):
                    if path in lines and path:
                        self.fault(file, at.line + 1, "twice", f"{path[-1]!r} is given twice")
                    lines[path], columns[path] = at.line + 1, at.column + 1
                for line in _nuls(node):
                    self.fault(file, line, "nul", NUL)
            return Document(file, value, lines, columns)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            self.fault(file, mark.line + 1 if mark else 1, "yaml", error.problem or "not YAML")
        except (yaml.YAMLError, ValueError) as error:
            self.fault(file, 1, "yaml", str(error))
        return None


def _composed(text: str) -> yaml.Node | None:
    """The nodes of a YAML file; raises ValueError for what would take too much time or memory to build."""
    if _depth(text) > DEEPEST:
        raise ValueError(f"it is nested more than {DEEPEST} levels deep")
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    if node is not None and _size(node, {}) > LARGEST:
        raise ValueError("its aliases (*) make it too large, or contain themselves")
    return node


def _depth(text: str) -> int:
    """The most levels that the events of a YAML file open; read without building anything, as far as it goes."""
    depth = deepest = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return deepest


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """How many parts a file has when each alias is written out; more than LARGEST when one contains itself."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = LARGEST + 1  # while it is counted: it is found in itself
    inner = node.value if isinstance(node, yaml.CollectionNode) else []
    parts = [part for pair in inner for part in (pair if isinstance(pair, tuple) else (pair,))]
    known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return known[id(node)]


def _nuls(node: yaml.Node) -> Iterator[int]:
    """The lines of texts, keys too, with a U+0000 that is written as an escape."""
    if isinstance(node, yaml.ScalarNode) and "\0" in node.value:
        yield node.start_mark.line + 1
    inner = node.value if isinstance(node, yaml.CollectionNode) else []
    for part in inner:
        for one in part if isinstance(part, tuple) else (part,):
            yield from _nuls(one)


def _marks(node: yaml.Node, path: PathKey) -> Iterator[tuple[PathKey, yaml.Mark]]:
    """Where each part begins: a value where its key does."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, key.value)
            yield inner, key.start_mark
            yield from _marks(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            inner = (*path, index)
            yield inner, value.start_mark
            yield from _marks(value, inner)


def digest_of(root: Path) -> str:
    """SHA-256 over the names and contents of all files of a pack."""
    total = hashlib.sha256()
    for file in sorted(p for p in root.rglob("*") if p.is_file()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(root)}\0{content}\n".encode())
    return total.hexdigest()
