"""A ZIP file made by an enemy leaves nothing outside its folder and takes neither memory nor disk."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.errors import Invalid, Problem, TooLarge
from shanzhi.packs import unpacking
from shanzhi.packs.unpacking import safe, unpack


def archive(*members: tuple[str, bytes] | tuple[zipfile.ZipInfo, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    file.seek(0)
    return file


HEAD = ("pack.yaml", b"name: x\n")


@pytest.mark.parametrize("folder", ["", "wuhou/"])
def test_a_pack_comes_out_from_the_top_or_from_its_one_folder(folder: str, tmp_path: Path) -> None:
    junk = ("__MACOSX/._pack.yaml", b"\0")
    unpack(
        archive((f"{folder}pack.yaml", b"name: x\n"), (f"{folder}rules/a.yaml", b"id: a\n"), junk), tmp_path
    )
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")) == [
        "pack.yaml",
        "rules/a.yaml",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../out.yaml", "a/../../out.yaml", "/etc/out.yaml", "C:\\out.yaml", "..\\out.yaml", "a:b.yaml",
        "x" * 300 + ".yaml", "a/b/c/d/e/f/g/h/i.yaml", "new\nline.yaml", "\u202eexe.yaml",
    ],
)  # fmt: skip
def test_a_name_that_leads_astray_is_refused(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(Invalid):
        unpack(archive(HEAD, (name, b"x: 1\n")), inside)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@given(st.text(max_size=40))
def test_a_safe_name_stays_inside_whatever_it_is(name: str) -> None:
    try:
        path = safe(name)
    except Invalid:
        return
    inside = Path("/inside")
    assert inside in inside.joinpath(path).resolve().parents


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(Invalid, match="link.yaml"):
        unpack(archive(HEAD, (link, b"/etc/passwd")), tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused_also_where_capitals_are_the_same(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="twice"):
        unpack(archive(HEAD, ("PACK.yaml", b"name: y\n")), tmp_path)


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"evil\.py"):
        unpack(archive(HEAD, ("evil.py", b"1")), tmp_path)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    raw = bytearray(archive(HEAD).getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    with pytest.raises(Invalid, match="encrypted"):
        unpack(io.BytesIO(bytes(raw)), tmp_path)


def test_a_bomb_stops_when_too_much_has_come_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1_000_000)
    bomb = archive(HEAD, *((f"{n}.txt", b"\0" * 400_000) for n in range(50)))
    assert len(bomb.getvalue()) < 50_000
    with pytest.raises(TooLarge):
        unpack(bomb, tmp_path)
    assert sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()) <= 1_000_000


def test_sizes_that_lie_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1_000_000)
    raw = archive(HEAD, ("big.txt", b"\0" * 5_000_000)).getvalue()
    small = raw.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(Problem):
        unpack(io.BytesIO(small), tmp_path)
    assert sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()) <= 1_000_000


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_FILES", 3)
    with pytest.raises(TooLarge):
        unpack(archive(HEAD, *((f"{n}.txt", b"") for n in range(5))), tmp_path)


@pytest.mark.parametrize(
    "members", [(), (("a/b/pack.yaml", b""),), (("a/pack.yaml", b""), ("b/pack.yaml", b""))]
)
def test_without_a_pack_in_it_nothing_comes_out(
    members: tuple[tuple[str, bytes], ...], tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match=r"pack\.yaml"):
        unpack(archive(*members), tmp_path)
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=200), st.integers(0, 400), st.binary(max_size=20))
def test_a_damaged_file_is_refused_or_read_never_a_crash(junk: bytes, at: int, put: bytes) -> None:
    from tempfile import TemporaryDirectory

    raw = archive(HEAD, ("a.txt", b"words " * 20)).getvalue()
    for data in (junk, raw[:at] + put + raw[at + len(put) :], raw[:at]):
        with TemporaryDirectory() as to:
            try:
                unpack(io.BytesIO(data), Path(to) / "x")
            except Problem:
                pass
