"""Values as papers write them: names, days, numbers with their check digits. Pure.

Each reads characters with how sure the recogniser is of each, and says what they mean and how sure that is.
A number whose check digit is right is surer than its characters; one whose check digit is wrong is not believed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from shanzhi.base.errors import Invalid
from shanzhi.base.identity import normal_citizen_id, normal_org_code

DOUBT = 0.3  # what is left of one's trust in a value that contradicts itself
CHECKED = 0.9  # how much of the doubt a right check digit takes away
ENDS = tuple("号室楼组栋幢座户村")  # of an address
LETTERS = str.maketrans("OoDQIl|ZSB", "0000111258")  # for digits
PEOPLES = [
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家",
    "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇",
    "柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米",
    "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙",
    "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
]  # fmt: skip
NAME = re.compile(r"[\u3400-\u9fff](?:[\u3400-\u9fff]|[·•](?=[\u3400-\u9fff])){1,14}")
DAY = re.compile(r"((?:18|19|20)\d\d)(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?")
AMOUNT = re.compile(r"\d[\d,]*(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Value:
    """What was read, as it is kept (days as 2026-11-25), and how sure that is, 0 to 1."""

    text: str
    sure: float


Parse = Callable[[str, Sequence[float]], Value | None]


def least(scores: Sequence[float]) -> float:
    """As sure as of the least sure character."""
    return min(scores, default=0.0)


def _part(match: re.Match[str], scores: Sequence[float]) -> float:
    return least(scores[match.start() : match.end()])


def name(text: str, scores: Sequence[float]) -> Value | None:
    """A name of two to fifteen characters."""
    match = NAME.match(text)
    return Value(match[0].replace("•", "·"), _part(match, scores)) if match else None


def words(text: str, scores: Sequence[float]) -> Value | None:
    """Whatever stands there."""
    kept = text.strip(":-_.")
    return Value(kept, least(scores)) if kept else None


def address(text: str, scores: Sequence[float]) -> Value | None:
    """Where somebody lives; one that breaks off is not believed."""
    value = words(text, scores)
    if value is None or value.text.endswith(ENDS):
        return value
    return Value(value.text, value.sure * DOUBT)


def one_of(*allowed: str, also: dict[str, str] | None = None) -> Parse:
    """One of a few words; `also` what stands for one of them."""
    table = {**{one: one for one in allowed}, **(also or {})}

    def parse(text: str, scores: Sequence[float]) -> Value | None:
        for word in sorted(table, key=len, reverse=True):
            if text.startswith(word):
                return Value(table[word], least(scores[: len(word)]))
        return None

    return parse


def day(text: str, scores: Sequence[float]) -> Value | None:
    """The first day that is written: 1961年1月21日, 2026-11-25, 2026.11.25."""
    return _day(next(DAY.finditer(text), None), scores)


def last_day(text: str, scores: Sequence[float]) -> Value | None:
    """The day at the end of a span, or 长期."""
    if "长期" in text:
        at = text.index("长期")
        return Value("长期", least(scores[at : at + 2]))
    found = list(DAY.finditer(text))
    return _day(found[-1] if found else None, scores)


def _day(match: re.Match[str] | None, scores: Sequence[float]) -> Value | None:
    if match is None:
        return None
    try:
        return Value(str(date(int(match[1]), int(match[2]), int(match[3]))), _part(match, scores))
    except ValueError:
        return None


def citizen_id(text: str, scores: Sequence[float]) -> Value | None:
    """A citizen id: with its check character it vouches for itself, without it is asked for."""
    return _checked(text, scores, 18, r"[0-9]{17}[0-9X]", normal_citizen_id)


def org_code(text: str, scores: Sequence[float]) -> Value | None:
    """A unified social credit code, which has no I, O, S, V and Z."""
    return _checked(text, scores, 18, r"[0-9A-HJ-NPQRTUWXY]{18}", normal_org_code)


def _checked(
    text: str, scores: Sequence[float], size: int, shape: str, normal: Callable[[str], str]
) -> Value | None:
    match = re.match(r"[0-9A-Za-z|]{14,24}", text)
    if match is None:
        return None
    upper, sure = match[0].upper(), least(scores[: min(len(match[0]), size)])
    head = upper[:size]
    if size == 18 and shape.startswith("[0-9]{17}"):
        head = head[:17].translate(LETTERS) + head[17:]
    try:
        if len(upper) == size and re.fullmatch(shape, head):
            return Value(normal(head), 1 - (1 - sure) * (1 - CHECKED))
    except Invalid:
        pass
    return Value(head, sure * DOUBT)


def disability_number(text: str, scores: Sequence[float]) -> Value | None:
    """The number of a disability card: the citizen id, the kind (1–7) and the grade (1–4)."""
    match = re.match(r"[0-9A-Za-z|]{18,22}", text)
    if match is None:
        return None
    own = citizen_id(match[0][:18], scores[:18])
    rest, sure = match[0][18:].translate(LETTERS), least(scores[: len(match[0])])
    if own is not None and len(match[0]) == 20 and re.fullmatch(r"[1-7][1-4]", rest):
        return Value(own.text + rest, min(own.sure, least(scores[18:20])))
    return Value(match[0], sure * DOUBT)


def card_number(text: str, scores: Sequence[float]) -> Value | None:
    """The number of a bank card: its last digit is Luhn's."""
    match = re.match(r"\d{16,19}(?!\d)", text)
    if match is None:
        return None
    total = sum(
        int(d) if n % 2 == 0 else sum(divmod(int(d) * 2, 10)) for n, d in enumerate(reversed(match[0]))
    )
    sure = _part(match, scores)
    return Value(match[0], 1 - (1 - sure) * (1 - CHECKED) if total % 10 == 0 else sure * DOUBT)


def amount(text: str, scores: Sequence[float]) -> Value | None:
    """An amount of money or an area, in figures."""
    match = AMOUNT.search(text)
    return Value(match[0].replace(",", ""), _part(match, scores)) if match else None


def shaped(pattern: str) -> Parse:
    """What has a certain form."""
    wanted = re.compile(pattern)

    def parse(text: str, scores: Sequence[float]) -> Value | None:
        match = wanted.search(text)
        return Value(match[0], _part(match, scores)) if match else None

    return parse


sex = one_of("男", "女")
marital = one_of("未婚", "已婚", "离婚", "丧偶", also={"有配偶": "已婚", "离异": "离婚"})
people = one_of(*PEOPLES, also={"漢": "汉"})
