"""Taking a pack out of a ZIP file that a stranger may have made: all of it or, with the reason, nothing.

What a name says is not believed (no way out of the folder, no links, no second file of the same name), nor
what the archive says of its sizes: what comes out is counted while it does. Pure: no Django.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from shanzhi.base.errors import Invalid, TooLarge, gettext_noop

MOST_FILES = 2_000
MOST_BYTES = 100 * 1024 * 1024
DEEPEST = 8
CHUNK = 64 * 1024
KINDS = {".yaml", ".yml", ".csv", ".json", ".geojson", ".md", ".txt"}
IGNORED = ("__MACOSX", ".DS_Store", ".git", "Thumbs.db")

NO_ZIP = gettext_noop("This is no ZIP file, or it is damaged")
NO_PACK = gettext_noop("There is no pack.yaml in it, at the top or in one folder at the top")
ODD_NAME = gettext_noop("The name %(name)s is not accepted in a pack")
ODD_KIND = gettext_noop("Packs are plain files: %(name)s is none (.yaml, .csv, .json, .geojson, .md, .txt)")
TWICE = gettext_noop("The file %(name)s is in it twice")
LOCKED = gettext_noop("The file %(name)s is encrypted")
TOO_MUCH = gettext_noop("A pack has at most %(files)s files and %(megabytes)s MB when unpacked")


def unpack(archive: BinaryIO, to: Path) -> None:
    """Puts the files of the pack into the empty folder `to`. Raises Invalid or TooLarge, leaving what it wrote."""
    try:
        with zipfile.ZipFile(archive) as opened:
            _unpack(opened, to)
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,
        zlib.error,
    ) as error:
        raise Invalid(NO_ZIP) from error


def _unpack(opened: zipfile.ZipFile, to: Path) -> None:
    members = list(_members(opened))
    if len(members) > MOST_FILES:
        raise too_much()
    top = _top([path for _, path in members])
    left = MOST_BYTES
    for info, path in members:
        if path.parts[: len(top)] == top:
            target = to.joinpath(*path.parts[len(top) :])
            target.parent.mkdir(parents=True, exist_ok=True)
            left -= _copied(opened, info, target, left)


def _members(opened: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The files with their safe paths; raises Invalid for the first that is not one."""
    seen: set[str] = set()
    for info in opened.infolist():
        path = safe(info.filename)
        if info.is_dir() or path.name in IGNORED or path.parts[0] in IGNORED:
            continue
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise Invalid(ODD_NAME, name=str(path))  # a link, a device
        if path.suffix.lower() not in KINDS:
            raise Invalid(ODD_KIND, name=str(path))
        if info.flag_bits & 0x1:
            raise Invalid(LOCKED, name=str(path))
        if str(path).casefold() in seen:
            raise Invalid(TWICE, name=str(path))
        seen.add(str(path).casefold())
        yield info, path


def safe(name: str) -> PurePosixPath:
    """The path that a name in an archive means; raises Invalid when it leads out, or nowhere."""
    path = PurePosixPath(name)
    odd = (
        not path.parts
        or path.is_absolute()
        or ".." in path.parts
        or len(path.parts) > DEEPEST
        or len(name) > 240
        or any(c in name for c in "\\:\0")
        or not name.isprintable()
    )
    if odd:
        raise Invalid(ODD_NAME, name=name[:100])
    return path


def _top(paths: list[PurePosixPath]) -> tuple[str, ...]:
    """The folder in which `pack.yaml` lies: the archive itself, or the one folder at its top."""
    found = {path.parts[:-1] for path in paths if path.name == "pack.yaml" and len(path.parts) <= 2}
    if () in found:
        return ()
    if len(found) != 1:
        raise Invalid(NO_PACK)
    return found.pop()


def _copied(opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Writes one file; how many bytes came out of it. Stops as soon as they are too many."""
    written = 0
    with opened.open(info) as source, target.open("xb") as file:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > left:
                raise too_much()
            file.write(chunk)
    return written


def too_much() -> TooLarge:
    return TooLarge(TOO_MUCH, files=MOST_FILES, megabytes=MOST_BYTES // 1024 // 1024)
