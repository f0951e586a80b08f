"""What can be counted in a reply, each a number that one can name. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from shanzhi.language.replytext import Taken, taken
from shanzhi.language.words import SILENT, cutter, normal

ENOUGH = 12  # characters of substance below which a reply says nothing
LONG = 300  # … from which on reading gets hard
FULL = 1000  # … up to which more is more complete
SENTENCE = 300  # a sentence of so many characters is as long as it gets

NAMED = re.compile(r"《[^》]{4,}》")
NUMBERED = re.compile(
    r"[〔\[【（(]\s*(19|20)\d{2}\s*[〕\]】）)][^。]{0,6}号|\[政府发文\]|\d+号(文|令|文件)|令第?\d+号|第[一二三四五六七八九十百\d]+[条款]"
)
_LOOSE = re.compile(
    r"根据|按照|依据|依照|参照|依法|经.{0,10}(批准|同意|审批|核实|调查|查)"
    r"|规定|政策|文件|标准|批复|许可证|规划|方案|办法|条例|通知书|合同|协议"
)
_WHEN = re.compile(
    r"(\d{4}年)?\d{1,2}月(\d{1,2}日|底|初|份|中旬|上旬|下旬|前)|\d{4}年|年底|\d+(个)?(工作日|天|日内|小时)|本月|近期"
)
_DATA = re.compile(r"\d+(\.\d+)?(元|万|公里|米|座|处|套|家|户|%|天|所|个|人|台|栋|亩|年|吨)")
_LIST = re.compile(
    r"(?<![\d.])\d{1,2}[、．.](?!\d)|[一二三四五六七八九十][是、]|[（(][一二三四五六七八九十\d]+[）)]|第[一二三四五六]，"
)
_ASKING = frozenset(["咨询", "请求", "反映", "投诉", "举报", "建议", "希望", "质疑"])


@dataclass(frozen=True, slots=True)
class Signs:
    """A reply beside its question: the counts, and what the reasons quote."""

    counts: dict[str, float]
    missing: tuple[str, ...]
    basis: tuple[str, ...]
    longest: int
    length: int


def signs(title: str, question: str, reply: str) -> Signs:
    took = taken(reply)
    body, n = took.body, len(took.body)
    asked, answered = telling(f"{title} {question[:300]}"), telling(body)
    longest = max((len(part) for part in took.sentences), default=0)
    counts = _answering(took, n) | _complete(body, n) | _basis(body) | _readable(took, n, longest)
    counts["taken_up"] = _share(asked, answered)
    counts["title_taken_up"] = _pairs_share(title, body)
    missing = sorted(asked - answered, key=rarity, reverse=True)
    quoted = [m.group() for m in NAMED.finditer(body)] or [m.group() for m in NUMBERED.finditer(body)]
    return Signs(counts, tuple(missing[:3]), tuple(dict.fromkeys(quoted)), longest, n)


def _answering(took: Taken, n: int) -> dict[str, float]:
    parts = len(took.sentences)
    return {
        "empty": float(n < ENOUGH),
        "forwarded": float(took.forwarded),
        "outcomes": log(1 + took.outcomes),
        "outcome_share": took.outcomes / max(1, parts),
        "only_refers": float(parts > 0 and took.refers >= parts),
        "only_studies": float(took.studies > 0 and took.outcomes == 0),
        "not_ours": float(took.not_ours),
        "lacking": float(took.lacking),
    }


def _complete(body: str, n: int) -> dict[str, float]:
    return {
        "substance": min(n, FULL) / FULL,
        "told": log(1 + min(n, FULL)) / log(1 + FULL),
        "dates": _upto(3, len(_WHEN.findall(body))),
    }


def _basis(body: str) -> dict[str, float]:
    named, numbered = len(set(NAMED.findall(body))), len(NUMBERED.findall(body))
    return {
        "named": float(named + numbered > 0),
        "numbered": float(min(numbered, 2)),
        "loose": log(1 + len(_LOOSE.findall(body))),
        "data": _upto(4, len(_DATA.findall(body))),
    }


def _readable(took: Taken, n: int, longest: int) -> dict[str, float]:
    return {
        "long_sentence": min(longest, SENTENCE) / SENTENCE,
        "too_long": max(0.0, log(max(n, 1) / LONG)),
        "structured": float(len(_LIST.findall(took.body)) >= 2),
        "two_letters": float(took.repeated or (took.forwarded and n >= 30)),
    }


def _upto(most: int, n: int) -> float:
    return min(n, most) / most


def telling(text: str) -> set[str]:
    """The words of two characters and more that say what it is about."""
    return {
        word
        for word in cutter().cut(normal(text), HMM=False)
        if len(word) > 1 and word not in SILENT and word not in _ASKING and any(map(str.isalpha, word))
    }


def rarity(word: str) -> float:
    """How rare a word is in the dictionary's own counts: the logarithm of one in how many."""
    found = cutter()
    return log(found.total / max(found.FREQ.get(word) or 1, 1))


def _share(asked: set[str], answered: set[str]) -> float:
    """How much of what was asked is taken up, rare words counting more."""
    return _weight(asked & answered) / _weight(asked) if asked else 0.0


def _pairs_share(title: str, body: str) -> float:
    """How many of the title's pairs of characters stand in the reply: names that no dictionary has count too."""
    pairs = {a + b for a, b in pairwise(title) if a.isalnum() and b.isalnum()}
    return sum(pair in body for pair in pairs) / len(pairs) if pairs else 0.0


def _weight(found: Sequence[str] | set[str]) -> float:
    return sum(map(rarity, found))
