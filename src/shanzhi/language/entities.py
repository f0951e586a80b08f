"""Who and what a text names: telephones, citizen ids, names, number plates, times, sums of money, with their places.

Numbers are found by their form and believed by their check digits (`base.identity`); names only after a word that
announces them (我叫, 联系人, 举报人), because a Chinese name looks like any other two or three characters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from shanzhi.base.errors import Invalid
from shanzhi.base.identity import mask_citizen_id, mask_name, mask_phone, normal_citizen_id, normal_phone

Kind = Literal["phone", "citizen_id", "bank_card", "name", "plate", "email", "time", "amount"]
PERSONAL: frozenset[Kind] = frozenset({"phone", "citizen_id", "bank_card", "name", "plate", "email"})
MOST = 20_000  # characters that are looked through


@dataclass(frozen=True, slots=True)
class Entity:
    """Something named in a text, from character `start` up to `end`; `value` is its plain form."""

    kind: Kind
    start: int
    end: int
    text: str
    value: str


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧阳"
)
_DIGITS = r"[0-9０-９]"
_SEPARATED = rf"{_DIGITS}(?:[ \-—－]?{_DIGITS})"
_CUES = (
    "我叫|本人叫|我是(?=.{2,3}[，,。；;、])|姓名|名字|联系人|举报人|投诉人|反映人|来电人|申请人|当事人|报案人|被举报人|"
    "业主(?=.{2,3}[，,])|身份证姓名|经办人"
)
_FAMILY = rf"(?:欧阳|上官|司马|诸葛|[{_SURNAMES}])"
_NAME_ENDS = r"[，,。；;、\s（(）)0-9:：]|电话|手机|身份|联系|$|女士|先生|同志"
_NAME = rf"(?:{_CUES})(?:是|为|叫|系)?[:：\s]*({_FAMILY}[\u4e00-\u9fff]{{1,2}}?)(?={_NAME_ENDS})"
_HONOURED = rf"({_FAMILY}[\u4e00-\u9fff]{{0,2}}?)(?=女士|先生|大妈|大爷|阿姨|老师傅)"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CHINESE_NUMBER = "〇零一二两三四五六七八九十百千万亿"
_CLOCK = (
    rf"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|深夜)?\s*"
    rf"(?:{_DIGITS}{{1,2}}\s*[:：]\s*{_DIGITS}{{2}}|(?:{_DIGITS}{{1,2}}|[一二两三四五六七八九十]{{1,3}})\s*(?:点钟?|时)"
    rf"(?!间)(?:半|{_DIGITS}{{1,2}}分?|[一二三四五]?十?[一二三四五六七八九]?分)?)"
)
_DATE = (
    rf"{_DIGITS}{{4}}\s*[年./\-]\s*{_DIGITS}{{1,2}}\s*[月./\-]\s*{_DIGITS}{{1,2}}\s*[日号]?|"
    rf"{_DIGITS}{{4}}年{_DIGITS}{{1,2}}月|{_DIGITS}{{1,2}}月{_DIGITS}{{1,2}}[日号]|"
    rf"今天|昨天|前天|明天|今晚|昨晚|今早|上周[一二三四五六日天]|这周[一二三四五六日天]|每天|每晚"
)
_TIME_BEGINS = (
    "[0-9０-９一二两三四五六七八九十今昨前明上这每凌早中下傍晚夜半深]"  # so that most places fail at once
)
_AMOUNT = (
    rf"[¥￥]\s*{_DIGITS}[0-9０-９,，]*(?:[.．]{_DIGITS}{{1,2}})?\s*[万亿]?|"
    rf"{_DIGITS}[0-9０-９,，]*(?:[.．]{_DIGITS}+)?\s*[余多几]?\s*[十百千万亿]*\s*[余多]?(?:元|块钱|块|人民币)|"
    rf"[{_CHINESE_NUMBER}]{{1,10}}\s*[余多几]?(?:元|块钱|人民币)"
)


def _phone(text: str) -> str | None:
    try:
        number = normal_phone(text)
    except Invalid:
        return None
    return number if len(number) >= 7 else None


def _citizen(text: str) -> str | None:
    try:
        return normal_citizen_id(re.sub(r"[\s\-—－]", "", text)) or None
    except Invalid:
        return None


def _card(text: str) -> str | None:
    """A bank card's number, believed by its check digit (Luhn, ISO/IEC 7812)."""
    digits = re.sub(r"\D", "", _plain(text))
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return digits if sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


# Signs without which a form cannot be found, each a search that `re` does by a set of first characters alone: a
# text without a long number is not searched for telephones. A test holds that nothing is lost by it.
_AT, _LETTER = re.compile("@"), re.compile("[A-Z]")
_LONG = re.compile(rf"{_DIGITS}(?:[ \-—－]?{_DIGITS}){{6}}")
_CUE = re.compile(_CUES)
_HONOUR = re.compile("女士|先生|大妈|大爷|阿姨|老师傅")
_BEGINS = re.compile(_TIME_BEGINS)
_MONEY = re.compile("[¥￥元块币]")

_FORMS: tuple[tuple[Kind, re.Pattern[str], re.Pattern[str], Callable[[str], str | None]], ...] = (
    ("email", _AT, re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{2,63}){1,4}"), _plain),
    (
        "citizen_id",
        _LONG,
        re.compile(rf"(?<![0-9０-９]){_SEPARATED}{{16}}[ \-]?[0-9０-９XxＸｘ](?![0-9０-９])"),
        _citizen,
    ),
    ("bank_card", _LONG, re.compile(rf"(?<![0-9０-９]){_SEPARATED}{{15,18}}(?![0-9０-９])"), _card),
    (
        "phone",
        _LONG,
        re.compile(rf"(?=[+0-9０-９])(?<![0-9０-９])(?:\+?86[ \-]?)?{_SEPARATED}{{6,11}}(?![0-9０-９])"),
        _phone,
    ),
    (
        "plate",
        _LETTER,
        re.compile(rf"[{_PROVINCES}][A-Z][·•\s]?(?:[0-9A-HJ-NP-Z]{{5,6}}|[0-9A-HJ-NP-Z]{{4}}[学警挂港澳])(?![0-9A-Z])"),
        lambda text: re.sub(r"[·•\s]", "", text),
    ),
    ("name", _CUE, re.compile(_NAME), _plain),
    ("name", _HONOUR, re.compile(_HONOURED), _plain),
    ("time", _BEGINS, re.compile(rf"(?={_TIME_BEGINS})(?:(?:{_DATE})\s*(?:{_CLOCK})?|{_CLOCK})"), _plain),
    ("amount", _MONEY, re.compile(_AMOUNT), _plain),
)  # fmt: skip


_SIGNS = frozenset(sign for _, sign, _, _ in _FORMS)


def entities(text: str, most: int = MOST) -> list[Entity]:
    """What a text names, in its order; where two overlap, the one that is surer (ids before telephones)."""
    looked = text[:most]
    found: list[Entity] = []
    there = {sign for sign in _SIGNS if sign.search(looked)}
    for kind, sign, form, read in _FORMS:
        for start, end in _matches(form, looked) if sign in there else ():
            value = read(looked[start:end])
            if value and not any(start < other.end and other.start < end for other in found):
                found.append(Entity(kind, start, end, looked[start:end], value))
    return sorted(found, key=lambda one: one.start)


def _matches(form: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in form.finditer(text):
        yield match.span(1) if form.groups else match.span()


_MASKS: dict[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "citizen_id": mask_citizen_id,
    "name": mask_name,
}


def mask(text: str) -> str:
    """The text without what tells who somebody is (脱敏): numbers and names with stars in their middle.

    Long runs of digits that are nothing we know are masked too: a number mistyped by one digit tells as much.
    """
    parts, at = [], 0
    for one in entities(text, len(text)):
        if one.kind in PERSONAL:
            parts += [_digits_masked(text[at : one.start]), _masked(one)]
            at = one.end
    return "".join([*parts, _digits_masked(text[at:])])


def _masked(one: Entity) -> str:
    hide = _MASKS.get(one.kind)
    return hide(one.value) if hide else one.value[:2] + "*" * max(1, len(one.value) - 4) + one.value[-2:]


_RUN = re.compile(rf"{_SEPARATED}{{6,}}[XxＸｘ]?")


def _digits_masked(text: str) -> str:
    return _RUN.sub(lambda run: re.sub(r"[0-9０-９XxＸｘ]", "*", run[0]), text)
