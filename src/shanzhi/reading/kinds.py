"""Which paper it is (证件材料种类), by the words that are printed on it. Pure.

Words are found although a character was misread. A kind needs enough of its words; a paper that is none of these
is not guessed at.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shanzhi.rules.facts import Title

ENOUGH = 4.0  # weight of the words that must be there
CLEAR = 1.0  # by how much it must be ahead of the next kind


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of paper: how it is called, and the words by which it is known, each with its weight."""

    title: Title
    words: Mapping[str, float]
    against: Mapping[str, float]


def _kind(zh: str, en: str, words: str, against: str = "") -> Kind:
    return Kind(Title(zh=zh, en=en), _weights(words), _weights(against))


def _weights(text: str) -> dict[str, float]:
    """`居民身份证:3 签发机关:2` as a table; without a number the weight is 1."""
    pairs = (part.partition(":") for part in text.split())
    return {word: float(weight or 1) for word, _, weight in pairs}


KINDS: Mapping[str, Kind] = {
    "id_front": _kind(
        "身份证人像面（正面）", "identity card, side with the photo",
        "公民身份号码:3 住址 姓名 性别 民族 出生", "登记卡:4 证明:4 合同:4 残疾人证:4",
    ),
    "id_back": _kind(
        "身份证国徽面（背面）", "identity card, side with the emblem",
        "居民身份证:3 签发机关:2 有效期限:2 中华人民共和国", "残疾人证:4 执照:4",
    ),
    "household_page": _kind(
        "户口簿个人页（常住人口登记卡）", "page of the household booklet",
        "常住人口登记卡:4 户主或与户主关系:3 公民身份证件编号:2 何时由何地迁来:2 籍贯 服务处所 兵役状况 婚姻状况",
    ),
    "disability_card": _kind(
        "残疾人证", "disability card", "残疾人证:4 残疾类别:2 残疾等级:2 监护人 证号 有效期至"
    ),
    "marriage_certificate": _kind(
        "结婚证", "marriage certificate", "结婚证:3 结婚证字号:3 持证人:2 登记日期 国籍 身份证件号"
    ),
    "divorce_certificate": _kind(
        "离婚证", "divorce certificate", "离婚证:3 离婚证字号:3 持证人:2 登记日期 国籍 身份证件号"
    ),
    "bank_card": _kind(
        "银行卡", "bank card", "银行:2 银联:2 unionpay:2 借记卡:2 储蓄卡:2 debit:2 信用卡:2 valid thru",
    ),
    "business_licence": _kind(
        "营业执照", "business licence",
        "营业执照:4 统一社会信用代码:2 法定代表人 经营范围:2 注册资本 成立日期 登记机关 经营者",
    ),
    "birth_certificate": _kind(
        "出生医学证明", "birth certificate",
        "出生医学证明:4 新生儿姓名:3 母亲姓名:2 父亲姓名:2 出生孕周 健康状况 出生医学证明编号",
    ),
    "diagnosis": _kind(
        "诊断证明", "doctor's certificate", "诊断证明:4 诊断:1 医院 科室 医师 门诊号 建议 病历号 住院号", "票据:4"
    ),
    "invoice": _kind(
        "医疗收费票据", "hospital bill",
        "收费票据:4 票据号码:2 票据代码:2 医疗 金额合计 收款单位 交款人 开票日期 西药费 检查费",
    ),
    "property_certificate": _kind(
        "不动产权证", "property certificate", "不动产权:3 权利人:2 坐落 不动产单元号:2 权利类型 共有情况 房屋所有权证:3"
    ),
    "lease": _kind(
        "租房合同", "tenancy agreement", "租赁合同:4 租赁:1 出租方:2 承租方:2 甲方 乙方 租金 租赁期限"
    ),
    "social_card": _kind(
        "社会保障卡", "social security card", "社会保障卡:4 社会保障号码:3 卡号 发卡日期 银行账号"
    ),
    "driving_licence": _kind(
        "驾驶证", "driving licence", "驾驶证:4 准驾车型:3 初次领证日期:2 有效期限 住址 国籍"
    ),
    "death_certificate": _kind(
        "死亡证明", "death certificate", "死亡医学证明:4 死亡证明:3 死亡原因:2 死亡日期:2 死者姓名:2 死亡地点"
    ),
}  # fmt: skip


def near(word: str, text: str) -> int:
    """Where a word stands in a text, although in a long word one character was misread; -1 where it does not."""
    at = text.find(word)
    slips = len(word) // 4
    if at >= 0 or not slips:
        return at
    for start in range(len(text) - len(word) + 1):
        if sum(a != b for a, b in zip(word, text[start : start + len(word)], strict=True)) <= slips:
            return start
    return -1


def weights(text: str) -> dict[str, float]:
    """How much speaks for each kind."""
    lower = text.lower()
    found = {}
    for key, kind in KINDS.items():
        for_it = sum(weight for word, weight in kind.words.items() if near(word, lower) >= 0)
        found[key] = for_it - sum(weight for word, weight in kind.against.items() if near(word, lower) >= 0)
    return found


def kinds_of(text: str) -> tuple[str, ...]:
    """The kinds that a text is of: mostly one, both sides of an identity card when they are copied together."""
    ranked = sorted(weights(text).items(), key=lambda one: -one[1])
    (best, most), (second, less) = ranked[0], ranked[1]
    if most < ENOUGH:
        return ()
    if {best, second} == {"id_front", "id_back"} and less >= ENOUGH:
        return ("id_front", "id_back")
    return (best,) if most - less >= CLEAR else ()
