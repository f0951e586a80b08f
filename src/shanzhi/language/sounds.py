"""What Chinese characters sound like, as far as people mix them up: without tones, and as a southern ear hears.

Only the first reading of a character is known (银行 and 行走 are one); for finding a name by its sound this is
enough, because the name was read the same way.
"""

import unicodedata
from functools import lru_cache

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))


def sound(text: str) -> str:
    """A text by its syllables, each followed by a stop; what is no character stays as it is."""
    return "".join(map(syllable, text))


@lru_cache(maxsize=8_192)
def syllable(character: str) -> str:
    """What one character sounds like."""
    readings = _table().get(ord(character))
    if readings is None:
        return character
    first = unicodedata.normalize("NFD", readings.split(",")[0])
    plain = "".join(c for c in first if c.isascii())
    for full, merged in _MERGED:
        plain = plain.replace(full, merged)
    return plain + "."


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """The readings of the Unicode Consortium's characters, as pypinyin has collected them; read at first use."""
    from pypinyin.pinyin_dict import pinyin_dict

    table: dict[int, str] = pinyin_dict
    return table
