"""What a phone makes of a paper: turned, askew, in shadow, blurred, noisy, pressed into JPEG. By dice from a seed."""

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter


def photographed(picture: Image.Image, dice: random.Random, harms: int = 3) -> bytes:
    """A paper lying on something, with several things wrong at once, as a JPEG."""
    shot = _laid(picture, dice)
    for harm in dice.sample(HARMS, harms):
        shot = harm(shot, dice)
    return jpeg(shot, dice.randrange(35, 70))


def scanned(picture: Image.Image) -> bytes:
    """As a scanner gives it."""
    return jpeg(picture, 90)


def jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _laid(picture: Image.Image, dice: random.Random) -> Image.Image:
    """On a table, turned a little, now and then by a quarter or a half."""
    base = dice.randrange(70, 190)
    table = (base, max(0, base - 18), max(0, base - 36))
    width, height = picture.size
    ground = Image.new("RGB", (int(width * 1.25), int(height * 1.25)), table)
    ground.paste(picture, (int(width * 0.125), int(height * 0.125)))
    angle = dice.uniform(-8, 8) + dice.choice((0, 0, 0, 0, 0, 0, 0, 90, 180, 270))
    return ground.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=table)


def _askew(shot: Image.Image, dice: random.Random) -> Image.Image:
    """Seen from the side: each corner moved."""
    width, height = shot.size
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    moved = [
        (x + dice.uniform(-0.05, 0.05) * width, y + dice.uniform(-0.05, 0.05) * height) for x, y in corners
    ]
    rows = []
    for (x, y), (u, v) in zip(corners, moved, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    found = np.linalg.solve(np.array(rows), np.array(moved).reshape(8))
    return shot.transform(shot.size, Image.Transform.PERSPECTIVE, [float(one) for one in found],
                          Image.Resampling.BICUBIC, fillcolor=(120, 110, 100))  # fmt: skip


def _blurred(shot: Image.Image, dice: random.Random) -> Image.Image:
    return shot.filter(ImageFilter.GaussianBlur(dice.uniform(0.8, 2.0)))


def _shaken(shot: Image.Image, dice: random.Random) -> Image.Image:
    """Moved while the shutter was open."""
    steps, ahead = dice.randrange(2, 6), np.asarray(shot, dtype=np.float32)
    total = sum(np.roll(ahead, step, axis=1) for step in range(steps)) / steps
    return Image.fromarray(np.asarray(total).astype(np.uint8))


def _shaded(shot: Image.Image, dice: random.Random) -> Image.Image:
    """A shadow that falls across."""
    width, height = shot.size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    angle = dice.uniform(0, 6.28)
    along = np.cos(angle) * x + np.sin(angle) * y
    edge = dice.uniform(0.2, 0.6)
    dim = 1 - dice.uniform(0.3, 0.6) / (1 + np.exp(-(along - edge) * dice.uniform(8, 40)))
    return Image.fromarray((np.asarray(shot) * dim[..., None]).astype(np.uint8))


def _noisy(shot: Image.Image, dice: random.Random) -> Image.Image:
    grains = np.random.default_rng(dice.randrange(2**31)).normal(
        0, dice.uniform(6, 20), (*shot.size[::-1], 3)
    )
    return Image.fromarray(np.clip(np.asarray(shot) + grains, 0, 255).astype(np.uint8))


def _dim(shot: Image.Image, dice: random.Random) -> Image.Image:
    return shot.point(lambda value, k=dice.uniform(0.35, 0.7): int(value * k))


def _glaring(shot: Image.Image, dice: random.Random) -> Image.Image:
    """A lamp in the plastic."""
    width, height = shot.size
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    cx, cy, r = dice.uniform(0, width), dice.uniform(0, height), dice.uniform(0.08, 0.2) * width
    light = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * r * r)) * dice.uniform(60, 130)
    return Image.fromarray(np.clip(np.asarray(shot) + light[..., None], 0, 255).astype(np.uint8))


def _small(shot: Image.Image, dice: random.Random) -> Image.Image:
    k = dice.uniform(0.55, 0.85)
    return shot.resize((int(shot.width * k), int(shot.height * k)), Image.Resampling.BILINEAR)


HARMS: list[Callable[[Image.Image, random.Random], Image.Image]] = [
    _askew, _blurred, _shaken, _shaded, _noisy, _dim, _glaring, _small,
]  # fmt: skip
