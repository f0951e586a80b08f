import hashlib
from pathlib import Path

import pytest

from shanzhi.files.vault import Vault


def test_a_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "files")
    vault.root.mkdir()
    first = vault.put(b"hello")
    assert first == vault.put(b"hello") == hashlib.sha256(b"hello").hexdigest()
    assert vault.get(first) == b"hello"
    assert [p for p in vault.root.rglob("*") if p.is_file()] == [vault.path(first)]
    assert vault.path(first).stat().st_mode & 0o777 == 0o440


@pytest.mark.parametrize("name", ["", "../secrets/django", "a" * 63, "A" * 64, "g" * 64, "/" * 64])
def test_nothing_but_a_hash_names_a_content(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        Vault(tmp_path).get(name)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Vault(tmp_path).get("0" * 64)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    target = vault.path(hashlib.sha256(b"x").hexdigest())
    target.parent.write_text("in the way")
    with pytest.raises(FileExistsError):
        vault.put(b"x")
    assert [p.name for p in tmp_path.iterdir()] == [target.parent.name]
