"""The colours of the visual language as its style sheet says them, and whether they can be read. Pure.

The style sheet is the only place where a colour is written; this reads it, in its source or as it was built.
"""

import re
from dataclasses import dataclass

COLOUR = re.compile(r"--([a-z-]+)\s*:\s*(#[0-9a-fA-F]{3,8})\b")
BLOCK = re.compile(r"([^{}]*)\{([^{}]*)\}")
LIGHT, DARK, LARGE = "light", "dark", "large"

# What is written on what, and the least contrast: 4.5 for words, 3 for the edges of what one uses (WCAG 2.2, 1.4.3
# and 1.4.11).
PAIRS = (
    ("ink", "paper", 4.5),
    ("ink", "ground", 4.5),
    ("ink", "main-pale", 4.5),
    ("muted", "paper", 4.5),
    ("muted", "ground", 4.5),
    ("muted", "main-pale", 4.5),
    ("main", "paper", 4.5),
    ("main", "ground", 4.5),
    ("main-dark", "paper", 4.5),
    ("main-dark", "main-pale", 4.5),
    ("on-main", "main", 4.5),
    ("on-main", "main-dark", 4.5),
    ("on-main", "bad", 4.5),
    ("good", "paper", 4.5),
    ("good", "good-pale", 4.5),
    ("warn", "paper", 4.5),
    ("warn", "warn-pale", 4.5),
    ("bad", "paper", 4.5),
    ("bad", "ground", 4.5),
    ("bad", "bad-pale", 4.5),
    ("field", "paper", 3.0),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour on another in one look, with its contrast."""

    look: str
    front: str
    ground: str
    ratio: float
    least: float

    @property
    def well(self) -> bool:
        return self.ratio >= self.least


def looks(css: str) -> dict[str, dict[str, str]]:
    """The colours of each look by name: light, dark, large, and large in the dark."""
    found: dict[str, dict[str, str]] = {LIGHT: {}, DARK: {}, LARGE: {}, f"{LARGE} {DARK}": {}}
    dark = False
    for head, body in BLOCK.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        colours = dict(COLOUR.findall(body))
        if not colours:
            continue
        selector = re.sub(r"[\"'\s]", "", head)
        if "data-size=large" in selector:
            found[f"{LARGE} {DARK}" if dark else LARGE] |= colours
        elif "data-theme=dark" in selector:
            found[DARK] |= colours
            dark = True
        elif selector.startswith((":root", "[data-theme=light]")) and not dark and "@media" not in selector:
            found[LIGHT] = colours | found[LIGHT]
    found[LARGE] = found[LIGHT] | found[LARGE]
    found[f"{LARGE} {DARK}"] = found[DARK] | found[f"{LARGE} {DARK}"]
    return found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (`#rrggbb`), from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def pairs(css: str) -> list[Pair]:
    """Every pair in every look."""
    return [
        Pair(look, front, ground, contrast(colours[front], colours[ground]), least)
        for look, colours in looks(css).items()
        for front, ground, least in PAIRS
        if front in colours and ground in colours
    ]


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
