"""A generated picture for the demo, which says on its face that it is one."""

import io
import random
from typing import BinaryIO

from PIL import Image, ImageDraw


def picture(dice: random.Random) -> BinaryIO:
    """A small PNG: a street as three bands of colour and the word DEMO."""
    sky, wall, road = ((dice.randint(90, 240),) * 3 for _ in range(3))
    image = Image.new("RGB", (480, 320), (sky[0], sky[0], 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 120, 480, 220), fill=(wall[0], wall[0] // 2 + 60, 90))
    draw.rectangle((0, 220, 480, 320), fill=(road[0] // 2,) * 3)
    draw.text((12, 12), f"DEMO {dice.randint(1000, 9999)}", fill=(0, 0, 0), font_size=36)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    buffer.seek(0)
    return buffer
