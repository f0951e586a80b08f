"""Models as files: one folder a version, an .npy file for each array and the labels as JSON; never a pickle."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from uuid import uuid4

import numpy as np

from shanzhi.language.model import ARRAYS, CAREFUL, SHAPE, Model, packed, unpacked

HEAD = "model.json"


def save(model: Model, folder: Path) -> str:
    """Writes a model beside its place and moves it there in one step; its digest."""
    draft = folder.with_name(f".{folder.name}-{uuid4().hex}")
    draft.mkdir(parents=True)
    for name, array in packed(model).items():
        np.save(draft / f"{name}.npy", array, allow_pickle=False)
    (draft / HEAD).write_text(json.dumps({"shape": SHAPE, "labels": model.labels}, ensure_ascii=False))
    digest = digest_of(draft)
    if folder.exists():
        shutil.rmtree(folder)
    os.replace(draft, folder)
    return digest


def load(folder: Path, digest: str = "") -> Model:
    """A model, its arrays mapped into memory. Raises ValueError for one that is not what it was, or not ours."""
    try:
        if digest and digest_of(folder) != digest:
            raise ValueError(f"the model in {folder} is not what it was when it was trained")
        head = json.loads((folder / HEAD).read_text())
        arrays = {one.stem: np.load(one, mmap_mode="r", allow_pickle=False) for one in _arrays(folder)}
    except OSError as error:
        raise ValueError(f"the model in {folder} cannot be read: {error}") from error
    if not isinstance(head, dict) or head.get("shape") != SHAPE:
        raise ValueError(f"the model in {folder} is of another shape; train it again")
    return unpacked(head["labels"], arrays)


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of a model's files."""
    total = hashlib.sha256()
    for path in (folder / HEAD, *_arrays(folder)):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _arrays(folder: Path) -> list[Path]:
    """The files of a model's arrays that are there, in order."""
    return [path for name in (*ARRAYS, *CAREFUL) if (path := folder / f"{name}.npy").exists()]
