"""Who recognises a picture: rapidocr with the models of its wheel, on this machine, where it is installed.

Without it there is no reader, and a person looks at what was sent in. The models are opened when something is
first read, by the worker: 32 MB of files, about 0.3 GB of memory. One page uses one thread.
"""

import io
import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image, ImageOps

from shanzhi.reading.page import Seen, Shot

LONGEST_EDGE = 1_400  # more finds no more characters, and costs time and memory by its square
TILE = 4  # sharpness is that of the sharpest of 4 × 4 parts


class Reader(Protocol):
    """Recognises a picture: its lines, with how sure it is of each character."""

    name: str

    def read(self, picture: bytes) -> Shot: ...


@lru_cache(maxsize=1)
def best() -> Reader | None:
    """The reader of this machine; None where nobody can read and a person has to look."""
    if os.environ.get("SHANZHI_READER") == "none" or not installed():
        return None
    return Rapid()


def installed() -> bool:
    """Whether a reader is there, without loading it."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


class Rapid:
    """rapidocr on one thread."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._engine: Any = None

    def read(self, picture: bytes) -> Shot:
        """Raises OSError for what is no picture."""
        return shot(opened(picture), self._lines)

    def _lines(self, image: Image.Image) -> tuple[Seen, ...]:
        if self._engine is None:
            self._engine = _rapid()
        pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
        found = self._engine(pixels, return_word_box=True, return_single_char_box=True)
        if not len(found):
            return ()
        letters = found.word_results
        if len(letters) != len(
            found.boxes
        ):  # a line without a character: then each line is as sure as its mean
            pairs = zip(found.txts, found.scores, strict=True)
            letters = [[(letter, score, None) for letter in text] for text, score in pairs]
        return tuple(
            Seen("".join(c for c, _, _ in one), tuple(float(s) for _, s, _ in one), _corners(box))
            for one, box in zip(letters, found.boxes, strict=True)
        )


def _corners(box: Any) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in box)


def _rapid() -> Any:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.text_score": 0.0,
            "Global.max_side_len": LONGEST_EDGE,
            "Global.model_root_dir": str(models),
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 2,
        }
    )


def opened(picture: bytes) -> Image.Image:
    """A picture upright as its camera says, small enough to be read."""
    with Image.open(io.BytesIO(picture)) as file:
        if file.format == "JPEG":
            file.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        upright = ImageOps.exif_transpose(file.convert("RGB"))
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    return upright


def shot(image: Image.Image, lines: Any) -> Shot:
    """What a recogniser finds in a picture, with how the picture is."""
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    return Shot(lines(image), image.width, image.height, float(np.percentile(grey, 95)), sharpness(grey))


def sharpness(grey: Any) -> float:
    """How fast light changes from pixel to pixel where it changes most: the variance of the Laplacian of the
    sharpest part."""
    edges = (
        4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
        if min(grey.shape) > 2 * TILE
        else np.zeros((TILE, TILE))
    )
    parts = [part for row in np.array_split(edges, TILE) for part in np.array_split(row, TILE, axis=1)]
    return max(float(part.var()) for part in parts)
