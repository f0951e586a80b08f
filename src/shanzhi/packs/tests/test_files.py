"""A pack's files are read with the line of everything in them; reading never raises."""

from pathlib import Path

import pytest

from shanzhi.packs.files import Fault, Pack


def pack(root: Path, **files: str | bytes) -> Pack:
    """A pack of the given files; `_` in a name stands for a dot."""
    (root / "pack.yaml").write_text("name: small\n")
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (root / name.replace("_", ".")).write_bytes(data)
    return Pack(root)


def test_parts_of_a_document_know_their_lines(tmp_path: Path) -> None:
    document = pack(tmp_path, a_yaml="one: 1\ntwo:\n  - x\n  - y: {z: 1}\nthree: 3\n").yaml("a.yaml")
    assert document
    assert [document.line(*path) for path in [("one",), ("two", 1), ("two", 1, "y", "z"), ("three",)]] == [
        1,
        4,
        4,
        5,
    ]
    assert document.line("two", 7, "nothing") == 2
    assert document.line("nothing") == 1


def test_rows_of_a_table_know_their_lines(tmp_path: Path) -> None:
    rows = pack(tmp_path, a_csv='\ufeffkey,name\na, 甲 \nb,"two\nlines"\nc,丙\n').csv("a.csv")
    assert rows == [
        (2, {"key": "a", "name": "甲"}),
        (4, {"key": "b", "name": "two\nlines"}),
        (5, {"key": "c", "name": "丙"}),
    ]


@pytest.mark.parametrize(
    ("name", "content", "line", "code"),
    [
        ("a.yaml", "one: 1\ntwo: [\n", 3, "yaml"),
        ("a.yaml", "one: 1\none: 2\n", 2, "twice"),
        ("a.yaml", b"one: 1\ntwo: \xff\n", 2, "encoding"),
        ("a.yaml", "one: !!python/object/apply:os.getpid []\n", 1, "yaml"),
        ("a.yaml", None, 1, "missing"),
        ("a.csv", "key,name\na,甲\nb\n", 3, "cells"),
        ("a.csv", "key,name\na,甲,乙\n", 2, "cells"),
        ("a.json", '{"one": 1,\n "two": }', 2, "json"),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_line(
    tmp_path: Path, name: str, content: str | bytes | None, line: int, code: str
) -> None:
    files = {} if content is None else {name.replace(".", "_"): content}
    small = pack(tmp_path, **files)
    {"yaml": small.yaml, "csv": small.csv, "json": small.json}[name.split(".")[1]](name)
    assert [(f.file, f.line, f.code) for f in small.faults] == [(name, line, code)]


def test_a_fault_reads_like_a_compiler_message() -> None:
    assert str(Fault("orgs.csv", 7, "twice", "the organisation water is given twice")) == (
        "orgs.csv:7: the organisation water is given twice [twice]"
    )


LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    "text", [LAUGHS, "a: &a [*a]", "a: &a {<<: *a, b: 1}", "[" * 100_000, "a: " + "[" * 5000 + "]" * 5000]
)
def test_a_file_that_explodes_when_it_is_built_is_a_fault(text: str, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(text)
    pack = Pack(tmp_path)
    assert [fault.code for fault in pack.faults] == ["yaml"]
    assert pack.head == {}


def test_json_that_is_too_deep_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: x\n")
    (tmp_path / "a.json").write_text("[" * 200_000)
    pack = Pack(tmp_path)
    assert pack.json("a.json") is None
    assert [fault.code for fault in pack.faults] == ["json"]
