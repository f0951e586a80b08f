"""A Chinese text as words, for finding it again: segmented by jieba, the same way when kept and when asked for.

A text is kept with all its words and the shorter words within long ones (下水道井盖: 下水道, 水道, 井盖), so that
whoever asks for a part finds the whole.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from math import log
from typing import Protocol, cast

LONGEST = 40  # characters of a word; what is longer is no word
MOST_ASKED = 20
_SILENT = """
    的 了 和 与 及 或 在 是 有 我 你 他 她 它 们 我们 你们 他们 这 那 这个 那个 就 都
    也 很 还 又 被 把 让 给 向 对 从 到 为 吗 呢 吧 啊 呀 哦 嘛 请 请问 谢谢 您好
    你好 希望 尊敬 领导 问题 关于 反映 咨询 投诉 建议 情况 什么 怎么 如何 为什么 是否 一个
    没有 可以 不 要 能 会 上 下 里 等 之 以 其 而 但 但是 因为 所以 如果 a the of
    to in is and or on at for
"""
SILENT = frozenset(_SILENT.split())


class Cutter(Protocol):
    FREQ: dict[str, int]
    total: int

    def cut(self, sentence: str, cut_all: bool = False, HMM: bool = True) -> Iterable[str]: ...  # noqa: N803


@lru_cache(maxsize=1)
def cutter() -> Cutter:
    """jieba, its dictionary read at the first use (about a second).

    Not by its `initialize`, which would keep what it read in a file that anybody on the machine may write.
    """
    import jieba

    made = jieba.Tokenizer()
    made.FREQ, made.total = made.gen_pfdict(made.get_dict_file())
    made.initialized = True
    return cast(Cutter, made)


def normal(text: str) -> str:
    """Full-width letters and digits as ordinary ones, capitals as small letters (NFKC)."""
    return unicodedata.normalize("NFKC", text).lower()


def kept(text: str) -> list[str]:
    """The words under which a text is kept, each once, in the order of the alphabet.

    All words of the dictionary that it may hold (路灯不亮: 路灯 and 灯不亮), for who asks cuts it differently.
    """
    plain = normal(text)
    found = list(_cut(plain))
    pairs = {a + b for a, b in pairwise(found) if _character(a) and _character(b)}
    return sorted(pairs.union(filter(_word, found), filter(_word, cutter().cut(plain, cut_all=True))))


def asked(text: str) -> list[str]:
    """The words that are asked for, each once, as they stand: without those that say nothing, if others remain.

    What the dictionary does not know falls apart into characters (a family name, a new road): these are asked
    for as pairs of neighbours, under which they are kept too.
    """
    parts = list(_cut(normal(text)))
    runs = ((kind, list(group)) for kind, group in groupby(parts, _kind))
    telling = [word for kind, run in runs if kind for word in (_pairs(run) if kind == "characters" else run)]
    return list(dict.fromkeys(telling or filter(_word, parts)))[:MOST_ASKED]


def _cut(text: str) -> Iterable[str]:
    """The likeliest words by the dictionary alone: guessing new words makes a text and a question disagree."""
    return cutter().cut(text, HMM=False)


def _kind(part: str) -> str:
    if part in SILENT or not _word(part):
        return ""
    return "characters" if _character(part) else "words"


def _pairs(run: list[str]) -> list[str]:
    return [a + b for a, b in pairwise(run)] if len(run) > 1 else run


def _character(part: str) -> bool:
    return len(part) == 1 and "\u3400" <= part <= "\u9fff"


def _word(part: str) -> bool:
    return len(part) <= LONGEST and any(map(str.isalnum, part))


def scores(asked_: Sequence[str], texts: Sequence[tuple[set[str], set[str]]]) -> list[float]:
    """How well each text, given as the words of its title and of the whole, answers what was asked.

    Each word counts by its rarity among these texts, as the inverse document frequency of BM25 (Robertson and
    Zaragoza 2009, equation 3.3, with 1 added so that it is never negative); in the title it counts twice.
    """
    weights = {word: _rarity(sum(word in whole for _, whole in texts), len(texts)) for word in asked_}
    return [
        sum(w * (2 if word in title else 1) for word, w in weights.items() if word in whole)
        for title, whole in texts
    ]


def _rarity(having: int, of: int) -> float:
    return log(1 + (of - having + 0.5) / (having + 0.5))
