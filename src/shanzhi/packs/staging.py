"""Packs that somebody has sent to look at before they are applied, each in a folder named by its content."""

import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from django.conf import settings

from shanzhi.base.errors import NotFound
from shanzhi.packs.files import digest_of
from shanzhi.packs.unpacking import KINDS, MOST_BYTES, MOST_FILES, too_much, unpack

DIGEST = re.compile(r"^[0-9a-f]{64}$")
KEPT_SECONDS = 7 * 86_400


def root() -> Path:
    folder: Path = settings.HOME.path / "staged"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def staged(digest: str) -> Path:
    """The folder of a pack that was sent; raises NotFound when it is no longer there."""
    folder = root() / digest
    if not DIGEST.match(digest) or not folder.is_dir():
        raise NotFound()
    return folder


def stage_zip(archive: BinaryIO) -> str:
    """Unpacks an archive; the digest of its content. Raises Invalid or TooLarge."""
    draft = Path(mkdtemp(dir=root(), prefix="draft-"))
    try:
        unpack(archive, draft)
        return _keep(draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def offered() -> list[str]:
    """The names of the packs in the folder of packs beside the installation (`SHANZHI_PACKS`)."""
    folder: Path = settings.PACKS
    return sorted(p.parent.name for p in folder.glob("*/pack.yaml")) if folder.is_dir() else []


def file_with(name: str, pattern: str, line: str) -> str:
    """The name of the first file of one of them in which a line stands; empty when there is none."""
    folder: Path = settings.PACKS / name
    for file in sorted(folder.glob(pattern)) if name in offered() else []:
        if line in file.read_text(encoding="utf-8").splitlines():
            return str(file.relative_to(folder))
    return ""


def stage_folder(name: str, changed: Mapping[str, str] | None = None) -> str:
    """Copies one of them as it is now, so that what is applied is what was looked at; its digest.

    `changed`: texts that stand in the place of its files.
    """
    if name not in offered():
        raise NotFound()
    draft = Path(mkdtemp(dir=root(), prefix="draft-"))
    try:
        _copy(settings.PACKS / name, draft)
        for file, text in (changed or {}).items():
            (draft / file).parent.mkdir(exist_ok=True)
            (draft / file).write_text(text, encoding="utf-8")
        return _keep(draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _copy(source: Path, to: Path) -> None:
    files = [
        p
        for p in sorted(source.rglob("*"))
        if p.suffix.lower() in KINDS and p.is_file() and not p.is_symlink()
    ]
    if len(files) > MOST_FILES or sum(p.stat().st_size for p in files) > MOST_BYTES:
        raise too_much()
    for file in files:
        target = to / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def _keep(draft: Path) -> str:
    """Gives a folder its name; what was sent before and lies there for a week is thrown away."""
    digest = digest_of(draft)
    target = root() / digest
    if not target.exists():
        draft.chmod(0o700)
        try:
            draft.rename(target)
        except OSError:
            if not target.is_dir():  # else another process has staged the same just now
                raise
    for old in root().iterdir():
        if old != target and time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    return digest
