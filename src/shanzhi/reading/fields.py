"""The fields of each kind of paper, found by the labels that are printed beside them. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from shanzhi.reading import values
from shanzhi.reading.kinds import kinds_of
from shanzhi.reading.page import Line, Page, Shot, pages, same_row
from shanzhi.reading.values import DOUBT, Parse, Value

AGREED = 0.9  # how much of the doubt another field takes away that says the same
LONGEST = 5  # lines of one value
LEAST = 0.05  # what is less sure than this was not read


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a kind of paper says: its labels, how its value is written, whether it goes on below.

    `nth`: of several under the same label which one, from the top. Without labels the value is known by its form.
    """

    key: str
    labels: tuple[str, ...]
    parse: Parse
    tall: bool = False
    nth: int = 0


def _f(key: str, labels: str, parse: Parse, *, tall: bool = False, nth: int = 0) -> Field:
    return Field(key, tuple(labels.split()), parse, tall, nth)


# Labels that end a value wherever they stand, on whichever paper.
COMMON = frozenset({
    "姓名", "性别", "民族", "年龄", "国籍", "籍贯", "出生日期", "出生地", "曾用名", "文化程度",
    "婚姻状况", "职业", "服务处所", "科室", "床号", "门诊号", "住院号", "医师", "残疾类别", "残疾等级",
    "登记机关", "出生孕周", "健康状况", "出生时间", "共有情况", "权利类型", "用途", "面积",
})  # fmt: skip
FIELDS: Mapping[str, Sequence[Field]] = {
    "id_front": (
        _f("name", "姓名", values.name), _f("sex", "性别", values.sex), _f("people", "民族", values.people),
        _f("birth_date", "出生", values.day), _f("address", "住址", values.address, tall=True),
        _f("citizen_id", "公民身份号码", values.citizen_id),
    ),
    "id_back": (_f("issuer", "签发机关", values.words), _f("valid_to", "有效期限", values.last_day)),
    "household_page": (
        _f("name", "姓名", values.name),
        _f("relation", "户主或与户主关系 与户主关系", values.words),
        _f("sex", "性别", values.sex), _f("people", "民族", values.people),
        _f("birth_date", "出生日期", values.day),
        _f("citizen_id", "公民身份证件编号 公民身份号码", values.citizen_id),
        _f("marital", "婚姻状况", values.marital),
        _f("issued", "登记日期", values.day),
    ),
    "disability_card": (
        _f("name", "姓名", values.name), _f("sex", "性别", values.sex), _f("birth_date", "出生日期", values.day),
        _f("category", "残疾类别", values.one_of("视力", "听力", "言语", "肢体", "智力", "精神", "多重")),
        _f("grade", "残疾等级", values.one_of(also=dict(zip("一二三四1234", "12341234", strict=True)))),
        _f("card_number", "证号 残疾人证号", values.disability_number),
        _f("address", "住址 家庭住址", values.address, tall=True),
        _f("issued", "发证日期 批准日期", values.day), _f("valid_to", "有效期至", values.last_day),
    ),
    "marriage_certificate": (
        _f("name", "持证人", values.name), _f("issued", "登记日期", values.day),
        _f("card_number", "结婚证字号", values.shaped(r"[A-Z]?[0-9]{6}-[0-9]{4}-[0-9]{4,6}")),
        _f("name_one", "姓名", values.name), _f("name_two", "姓名", values.name, nth=1),
        _f("citizen_id", "身份证件号", values.citizen_id),
        _f("citizen_id_two", "身份证件号", values.citizen_id, nth=1),
    ),
    "bank_card": (_f("card_number", "", values.card_number),),
    "business_licence": (
        _f("org_code", "统一社会信用代码", values.org_code), _f("org_name", "名称", values.words, tall=True),
        _f("name", "法定代表人 经营者 负责人", values.name), _f("issued", "成立日期 注册日期", values.day),
        _f("address", "住所 经营场所", values.address, tall=True),
        _f("", "类型", values.words), _f("", "经营范围", values.words), _f("", "注册资本", values.words),
        _f("valid_to", "营业期限", values.last_day),
    ),
    "birth_certificate": (
        _f("name", "新生儿姓名", values.name), _f("sex", "性别", values.sex),
        _f("birth_date", "出生时间 出生日期", values.day),
        _f("name_mother", "母亲姓名", values.name), _f("citizen_id_mother", "有效身份证件号码", values.citizen_id),
        _f("name_father", "父亲姓名", values.name),
        _f("citizen_id_father", "有效身份证件号码", values.citizen_id, nth=1),
        _f("card_number", "出生医学证明编号 出生证编号", values.shaped(r"[A-Z][0-9]{9}")),
        _f("issued", "签发日期", values.day),
    ),
    "diagnosis": (
        _f("name", "姓名", values.name), _f("sex", "性别", values.sex), _f("diagnosis", "诊断:", values.words),
        _f("issued", "日期:", values.day),
    ),
    "invoice": (
        _f("card_number", "票据号码", values.shaped(r"[0-9]{8,10}")), _f("name", "交款人", values.name),
        _f("issued", "开票日期", values.day), _f("amount", "金额合计(小写) 小写", values.amount),
    ),
    "property_certificate": (
        _f("card_number", "", values.shaped(r".?[(（]\d{4}[)）].{2,6}不动产权第\d{7}号")),
        _f("name", "权利人", values.name), _f("address", "坐落", values.address, tall=True),
        _f("area", "面积", values.amount), _f("", "共有情况", values.words), _f("", "不动产单元号", values.words),
        _f("", "权利类型", values.words), _f("", "用途", values.words),
    ),
    "lease": (
        _f("name_owner", "出租方(甲方): 甲方:", values.name), _f("name", "承租方(乙方): 乙方:", values.name),
        _f("citizen_id", "乙方身份证号: 身份证号:", values.citizen_id),
        _f("address", "房屋坐落: 坐落:", values.address, tall=True), _f("valid_to", "租赁期限:", values.last_day),
        _f("amount", "月租金:", values.amount),
    ),
    "social_card": (
        _f("name", "姓名", values.name), _f("citizen_id", "社会保障号码", values.citizen_id),
        _f("issued", "发卡日期", values.day),
    ),
    "driving_licence": (
        _f("name", "姓名", values.name), _f("citizen_id", "证号", values.citizen_id),
        _f("valid_to", "有效期限", values.last_day),
    ),
    "death_certificate": (_f("name", "死者姓名 姓名", values.name), _f("issued", "签发日期 日期", values.day)),
    "divorce_certificate": (_f("name", "持证人", values.name), _f("issued", "登记日期", values.day)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A label where it stands: on which line, from which character to which."""

    label: str
    line: Line
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a picture says: the kinds of paper on it, and each field with how sure it is."""

    kinds: tuple[str, ...]
    fields: Mapping[str, Value]


def read(shot: Shot) -> Read:
    """What a picture says, whichever way up the paper lies."""
    upright, turned = pages(shot.lines)
    kinds = kinds_of(upright.text)
    page = turned if sum(order(turned, kind) - order(upright, kind) for kind in kinds) > 0 else upright
    found: dict[str, Value] = {}
    for kind in kinds:
        found |= together(fields_of(page, kind))
    return Read(kinds, found)


def together_on(reads: Sequence[Read]) -> Read:
    """What the pages of one file say together: all kinds of paper, of each field the reading that is surest."""
    found: dict[str, Value] = {}
    for read in reads:
        found |= {
            key: value
            for key, value in read.fields.items()
            if key not in found or value.sure > found[key].sure
        }
    return Read(tuple(dict.fromkeys(kind for read in reads for kind in read.kinds)), found)


def order(page: Page, kind: str) -> int:
    """How many labels stand below those that are printed above them, less those that stand over them."""
    rank = {label: n for n, field in enumerate(FIELDS.get(kind, ())) for label in field.labels}
    marks = marked(page, set(rank))
    return sum(
        (rank[lower.label] > rank[upper.label]) - (rank[lower.label] < rank[upper.label])
        for n, upper in enumerate(marks)
        for lower in marks[n + 1 :]
        if lower.line.top > upper.line.middle
    )


def fields_of(page: Page, kind: str) -> dict[str, Value]:
    """The fields of a page of this kind, each by its label."""
    wanted = FIELDS.get(kind, ())
    marks = marked(page, COMMON.union(*(field.labels for field in wanted)))
    found: dict[str, Value] = {}
    for field in wanted:
        value = _field(page, field, marks)
        if field.key and value is not None and value.sure >= LEAST:
            found[field.key] = value
    return found


def _field(page: Page, field: Field, marks: Sequence[Mark]) -> Value | None:
    if not field.labels:
        found = [field.parse(line.text, line.scores) for line in page.lines]
        return max((one for one in found if one), key=lambda one: one.sure, default=None)
    read_: list[Value] = []
    for mark in marks:
        if mark.label in field.labels:
            value = field.parse(*_beside(page, mark, marks, field.tall))
            if value is not None:
                read_.append(value)
    return read_[field.nth] if field.nth < len(read_) else None


def marked(page: Page, labels: Collection[str]) -> list[Mark]:
    """Every label on the page, from the top; of two that overlap the longer."""
    found: list[Mark] = []
    for line in page.lines:
        taken = [False] * len(line.text)
        here: list[Mark] = []
        for label in sorted(labels, key=lambda one: -len(one)):
            here += _on(line, label, taken, slips=len(label) >= 4 and label not in page.text)
        found += sorted(here, key=lambda one: one.start)
    return found


def _on(line: Line, label: str, taken: list[bool], *, slips: bool) -> list[Mark]:
    found, at = [], line.text.find(label)
    if at < 0 and slips:
        at = _slipped(label, line.text)
    while at >= 0:
        end = at + len(label)
        if not any(taken[at:end]):
            taken[at:end] = [True] * (end - at)
            found.append(Mark(label, line, at, end))
        at = line.text.find(label, end)
    return found


def _slipped(label: str, text: str) -> int:
    """Where a long label stands of which one character was misread."""
    for start in range(len(text) - len(label) + 1):
        if sum(a != b for a, b in zip(label, text[start : start + len(label)], strict=True)) <= 1:
            return start
    return -1


def _beside(page: Page, mark: Mark, marks: Sequence[Mark], tall: bool) -> tuple[str, tuple[float, ...]]:
    """What stands after a label in its row, up to the next label; with `tall` also the lines below it."""
    text, scores, left, last = _inline(mark, marks)
    stopped = any(other.line is mark.line and other.start >= mark.end for other in marks)
    for line in () if stopped else page.after(mark.line):
        stop = min((other.start for other in marks if other.line is line), default=len(line.text))
        if not text and stop:
            left, last = line.left, line
        text += line.text[:stop]
        scores += line.scores[:stop]
        if stop < len(line.text):
            break
    return _more(page, mark, marks, text, scores, left, last) if tall and text else (text, scores)


def _more(
    page: Page,
    mark: Mark,
    marks: Sequence[Mark],
    text: str,
    scores: tuple[float, ...],
    left: float,
    last: Line,
) -> tuple[str, tuple[float, ...]]:
    """A value with its lines below, and the one above when its label stands between both."""
    labelled = {id(other.line) for other in marks}
    column = [other.line for other in marks if other.line.left >= mark.line.left - mark.line.height]
    if id(last) not in labelled and (above := page.above(last)) is not None and id(above) not in labelled:
        text, scores = above.text + text, above.scores + scores
    for _ in range(LONGEST):
        below = page.below(last, left)
        if below is None or id(below) in labelled or any(beside(one, below) for one in column):
            break
        text, scores, last = text + below.text, scores + below.scores, below
    return text, scores


def beside(label: Line, line: Line) -> bool:
    """Whether a line stands to the right of a label: then it is the value of that one."""
    return label.right <= line.left and same_row(label, line)


def _inline(mark: Mark, marks: Sequence[Mark]) -> tuple[str, tuple[float, ...], float, Line]:
    line = mark.line
    stop = min(
        (other.start for other in marks if other.line is line and other.start >= mark.end),
        default=len(line.text),
    )
    start = mark.end
    while start < stop and line.text[start] in ":.,、":
        start += 1
    left = line.left + (line.right - line.left) * _wide(line.text[:start]) / max(1.0, _wide(line.text))
    return line.text[start:stop], line.scores[start:stop], left, line


def _wide(text: str) -> float:
    """How wide a text is set, in Chinese characters."""
    return sum(0.55 if letter.isascii() else 1.0 for letter in text)


def together(fields: Mapping[str, Value]) -> dict[str, Value]:
    """Fields that say the same twice vouch for each other; where they differ the one without a check digit is in doubt.

    A citizen id holds the date of birth and the sex, the number of a disability card also the grade.
    """
    found = dict(fields)
    number = found.get("citizen_id") or _own(found.get("card_number"), 20)
    if number is not None and len(number.text) == 18 and number.sure > DOUBT:
        born = f"{number.text[6:10]}-{number.text[10:12]}-{number.text[12:14]}"
        _compare(found, "birth_date", born, number.sure)
        _compare(found, "sex", "男" if int(number.text[16]) % 2 else "女", number.sure)
    card = found.get("card_number")
    if "grade" in found and card is not None and len(card.text) == 20 and card.sure > DOUBT:
        _compare(found, "grade", card.text[19], card.sure)
    return found


def _own(card: Value | None, size: int) -> Value | None:
    return replace(card, text=card.text[:18]) if card is not None and len(card.text) == size else None


def _compare(found: dict[str, Value], key: str, text: str, sure: float) -> None:
    value = found.get(key)
    if value is None:
        return
    if value.text == text:
        found[key] = Value(text, max(value.sure, 1 - (1 - value.sure) * (1 - AGREED * sure)))
    else:
        found[key] = Value(value.text, value.sure * DOUBT)
