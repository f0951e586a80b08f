"""Pictures of papers that do not exist, of people who do not exist: what `bench/prereview.py` reads.

Layouts follow what the papers look like, not their official artwork. Names, numbers and addresses are drawn by dice
from a seed; a number that happened to be somebody's would be chance. Each drawing comes with what stands on it.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

FONTS = Path("/usr/share/fonts/opentype/noto")
FACES = ("NotoSansCJK-Regular", "NotoSansCJK-Bold", "NotoSerifCJK-Regular", "NotoSerifCJK-Bold")
SIMPLIFIED = 2  # the face for simplified characters within each collection
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘范彭鲁马方任袁柳唐罗薛雷贺汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英玉珍建国志华文婷宇浩欣怡梓涵晨轩佳慧春梅秀云海燕德福"
PEOPLES = ("汉", "汉", "汉", "汉", "藏", "彝", "回", "羌", "苗", "满")
AREAS = ("510107", "510104", "510105", "510106", "510108", "500101", "330113", "110108", "320102")
ROADS = (
    "玉林南路",
    "望江路",
    "浆洗街",
    "跳伞塔街",
    "双楠路",
    "肖家河街",
    "簇桥大道",
    "长华路",
    "锦里东路",
    "科华北路",
)
PLACES = ("四川省成都市武侯区", "成都市锦江区", "四川省成都市双流区", "重庆市万州区", "浙江省杭州市临平区")
ILLNESSES = (
    "2型糖尿病",
    "高血压病3级",
    "腰椎间盘突出症",
    "慢性肾功能不全",
    "冠心病",
    "右侧股骨颈骨折",
    "肺部感染",
)
SCOPE = "销售日用百货、食品；物业管理；餐饮服务（依法须经批准的项目，经批准后方可开展经营活动）"
ADVICE = ("休息两周，门诊随访", "住院治疗", "长期服药，定期复查")
BUSINESS = ("商贸", "餐饮管理", "科技", "物业服务", "文化传播", "食品")


@dataclass(frozen=True)
class Someone:
    """An invented person."""

    name: str
    sex: str
    people: str
    born: date
    number: str
    address: str


@dataclass(frozen=True)
class Paper:
    """A drawing, what kind of paper it is, and what stands on it by field."""

    kind: str
    picture: Image.Image
    fields: Mapping[str, str]


@dataclass
class Sheet:
    """A paper that is drawn on: one typeface for what is printed, one for what is filled in."""

    dice: random.Random
    width: int
    height: int
    ground: tuple[int, int, int]
    ink: tuple[int, int, int] = (20, 20, 25)
    fields: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.picture = Image.new("RGB", (self.width, self.height), self.ground)
        self.draw = ImageDraw.Draw(self.picture)
        self.printed, self.typed = self.dice.choice(FACES), self.dice.choice(FACES)

    def text(
        self, x: float, y: float, words: str, size: int, *, typed: bool = False, ink: object = None
    ) -> float:
        """Writes and returns where it ends."""
        font = face(self.typed if typed else self.printed, size)
        self.draw.text((x, y), words, font=font, fill=ink or self.ink)
        return x + self.draw.textlength(words, font=font)

    def put(self, x: float, y: float, label: str, key: str, value: str, size: int, *, gap: float = 0.6,
            shown: str = "", wide: float = 0) -> float:  # fmt: skip
        """A label and its value; a value longer than `wide` goes on below. Returns the y after it."""
        start = self.text(x, y, label, size) + gap * size
        if key:
            self.fields[key] = value
        font = face(self.typed, size)
        line, top = "", y
        for letter in shown or value:
            if wide and self.draw.textlength(line + letter, font=font) > wide:
                self.text(start, top, line, size, typed=True)
                line, top = "", top + size * 1.3
            line += letter
        self.text(start, top, line, size, typed=True)
        return top + size * 1.6

    def title(self, y: float, words: str, size: int, ink: object = None) -> None:
        wide = self.draw.textlength(words, font=face(self.printed, size))
        self.text((self.width - wide) / 2, y, words, size, ink=ink)

    def waves(self, tint: tuple[int, int, int]) -> None:
        """The fine lines of papers that are hard to copy."""
        step = self.dice.randrange(9, 16)
        for y in range(-self.width, self.height, step):
            self.draw.line([(0, y), (self.width, y + self.width * 0.4)], fill=tint, width=1)

    def stamp(self, x: int, y: int, radius: int) -> None:
        """A red seal without words, sometimes over what is written."""
        self.draw.ellipse([x - radius, y - radius, x + radius, y + radius], outline=(205, 60, 60), width=4)
        self.text(x - 14, y - 20, "★", 28, ink=(205, 60, 60))

    def done(self, kind: str) -> Paper:
        return Paper(kind, self.picture, dict(self.fields))


@lru_cache(maxsize=200)
def face(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.ttc"), size, index=SIMPLIFIED)


def number_of(dice: random.Random, born: date, male: bool) -> str:
    """A citizen id with its check character."""
    order = dice.randrange(1, 999) // 2 * 2 + (1 if male else 0)
    text = f"{dice.choice(AREAS)}{born:%Y%m%d}{order:03d}"
    return text + mod_11_2.calc_check_digit(text)


def somebody(dice: random.Random, low: int = 1935, high: int = 2006) -> Someone:
    born = date(dice.randrange(low, high), 1, 1) + timedelta(days=dice.randrange(365))
    male = dice.random() < 0.5
    name = dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2, 2))))
    address = f"{dice.choice(PLACES)}{dice.choice(ROADS)}{dice.randrange(1, 300)}号{dice.randrange(1, 30)}栋"
    address += f"{dice.randrange(1, 5)}单元{dice.randrange(1, 34)}0{dice.randrange(1, 5)}号"
    return Someone(
        name, "男" if male else "女", dice.choice(PEOPLES), born, number_of(dice, born, male), address
    )


def days(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def lately(dice: random.Random, back: int = 900) -> date:
    return date(2026, 11, 1) - timedelta(days=dice.randrange(1, back))


def id_front(dice: random.Random, who: Someone | None = None) -> Paper:
    who = who or somebody(dice)
    sheet = Sheet(dice, 1010, 638, dice.choice([(226, 236, 244), (233, 240, 236), (240, 238, 244)]))
    sheet.waves((205, 220, 232))
    size, blue = dice.choice((32, 34, 36)), (60, 110, 160)
    sheet.ink = (25, 25, 30)
    for x, y, label in (
        (60, 70, "姓名"),
        (60, 145, "性别"),
        (270, 145, "民族"),
        (60, 220, "出生"),
        (60, 300, "住址"),
    ):
        sheet.text(x, y, label, size - 4, ink=blue)
    sheet.text(60, 520, "公民身份号码", size - 4, ink=blue)
    sheet.text(160, 66, who.name, size + 4, typed=True)
    sheet.text(160, 143, who.sex, size, typed=True)
    sheet.text(365, 143, who.people, size, typed=True)
    for x, part in ((160, f"{who.born.year}"), (250, "年"), (300, f"{who.born.month}"), (345, "月"),
                    (395, f"{who.born.day}"), (440, "日")):  # fmt: skip
        sheet.text(x, 218, part, size - 2, typed=part.isdecimal(), ink=None if part.isdecimal() else blue)
    wrap = 11
    for row in range(0, len(who.address), wrap):
        sheet.text(160, 296 + row // wrap * 46, who.address[row : row + wrap], size, typed=True)
    sheet.text(300, 516, who.number, size + 6, typed=True)
    sheet.draw.rectangle([690, 80, 940, 420], fill=(196, 204, 214))
    sheet.draw.ellipse([755, 130, 875, 270], fill=(222, 190, 165))
    sheet.draw.rectangle([725, 280, 905, 420], fill=(70, 80, 105))
    sheet.fields = {"name": who.name, "sex": who.sex, "people": who.people, "birth_date": str(who.born),
                    "address": who.address, "citizen_id": who.number}  # fmt: skip
    return sheet.done("id_front")


def id_back(dice: random.Random) -> Paper:
    sheet = Sheet(dice, 1010, 638, dice.choice([(226, 236, 244), (236, 236, 232)]))
    sheet.waves((208, 222, 230))
    sheet.title(90, "中华人民共和国", 54)
    sheet.title(180, "居民身份证", 76)
    start = lately(dice, 7000)
    for_ever = dice.random() < 0.15
    until = date(start.year + dice.choice((5, 10, 20)), start.month, min(start.day, 28))
    office = f"成都市公安局{dice.choice(('武侯', '锦江', '青羊', '金牛', '成华'))}区分局"
    sheet.put(170, 440, "签发机关", "issuer", office, 34)
    shown = f"{start:%Y.%m.%d}-" + ("长期" if for_ever else f"{until:%Y.%m.%d}")
    sheet.put(170, 520, "有效期限", "valid_to", "长期" if for_ever else str(until), 34, shown=shown)
    return sheet.done("id_back")


def household_page(dice: random.Random, who: Someone | None = None) -> Paper:
    who = who or somebody(dice)
    sheet = Sheet(dice, 1000, 1240, (247, 243, 232))
    sheet.title(60, "常住人口登记卡", 52)
    size = dice.choice((27, 29, 31))
    relation = dice.choice(("户主", "妻", "子", "女", "父亲", "母亲"))
    rows = [
        [("姓名", "name", who.name, ""), ("户主或与户主关系", "relation", relation, "")],
        [("曾用名", "", "", ""), ("性别", "sex", who.sex, "")],
        [("出生地", "", "四川省成都市", ""), ("民族", "people", who.people, who.people + "族")],
        [("籍贯", "", "四川省成都市", ""), ("出生日期", "birth_date", str(who.born), days(who.born))],
        [("公民身份证件编号", "citizen_id", who.number, "")],
        [("文化程度", "", dice.choice(("大学本科", "高中", "初中", "小学")), ""),
         ("婚姻状况", "marital", dice.choice(("未婚", "已婚", "离婚", "丧偶")), "")],
        [("服务处所", "", dice.choice(("个体", "退休", "无")), ""), ("职业", "", "居民", "")],
        [("何时由何地迁来本址", "", "2009年3月5日迁入", "")],
    ]  # fmt: skip
    top, tall = 170, 92
    for number, row in enumerate(rows):
        y = top + number * tall
        sheet.draw.rectangle([50, y, 950, y + tall], outline=(90, 90, 90), width=2)
        for column, (label, key, value, shown) in enumerate(row):
            x = 62 + column * 440
            sheet.put(x, y + 28, label, key, value, size, shown=shown)
    when = lately(dice, 5000)
    sheet.put(500, 1010, "登记日期：", "issued", str(when), size, gap=0.1, shown=days(when))
    sheet.text(60, 1010, "承办人签章：", size)
    return sheet.done("household_page")


def disability_card(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1000, 680, (238, 246, 238))
    sheet.waves((218, 234, 220))
    sheet.title(40, "中华人民共和国残疾人证", 46)
    size, kinds = 32, ("视力", "听力", "言语", "肢体", "智力", "精神")
    kind, grade = dice.randrange(6), dice.randrange(1, 5)
    issued = lately(dice, 4200)
    until = date(issued.year + 10, issued.month, min(issued.day, 28))
    number = f"{who.number}{kind + 1}{grade}"
    y = 130.0
    sheet.put(60, y, "姓名", "name", who.name, size)
    sheet.put(400, y, "性别", "sex", who.sex, size)
    sheet.put(60, y + 65, "出生日期", "birth_date", str(who.born), size, shown=days(who.born))
    sheet.put(60, y + 130, "残疾类别", "category", kinds[kind], size)
    sheet.put(400, y + 130, "残疾等级", "grade", str(grade), size, shown="一二三四"[grade - 1] + "级")
    sheet.put(60, y + 195, "证号", "card_number", number, size)
    sheet.put(60, y + 260, "住址", "address", who.address, size, wide=560)
    sheet.put(60, y + 380, "发证日期", "issued", str(issued), size - 2, shown=days(issued))
    sheet.put(60, y + 440, "有效期至", "valid_to", str(until), size - 2, shown=days(until))
    sheet.draw.rectangle([740, 130, 940, 380], fill=(190, 200, 210))
    return sheet.done("disability_card")


def marriage_certificate(dice: random.Random) -> Paper:
    one, two = somebody(dice, 1950, 2003), somebody(dice, 1950, 2003)
    sheet = Sheet(dice, 1100, 780, (250, 238, 234))
    sheet.waves((246, 226, 222))
    sheet.title(36, "结婚证", 58, ink=(170, 40, 40))
    day = lately(dice, 9000)
    size = 29
    sheet.put(60, 130, "持证人", "name", one.name, size)
    sheet.put(560, 130, "登记日期", "issued", str(day), size, shown=days(day))
    sheet.put(60, 190, "结婚证字号", "card_number", f"J510107-{day.year}-{dice.randrange(1, 9999):06d}", size)
    for top, who, first in ((270, one, True), (480, two, False)):
        end = "" if first else "_two"
        sheet.put(60, top, "姓名", "name_one" if first else "name_two", who.name, size)
        sheet.put(560, top, "性别", "", who.sex, size)
        sheet.put(60, top + 56, "国籍", "", "中国", size)
        sheet.put(560, top + 56, "出生日期", "", "", size, shown=days(who.born))
        sheet.put(60, top + 112, "身份证件号", "citizen_id" + end, who.number, size)
    sheet.text(60, 690, "登记机关：成都市武侯区民政局", size)
    sheet.stamp(900, 650, 80)
    return sheet.done("marriage_certificate")


def bank_card(dice: random.Random) -> Paper:
    ground, ink = dice.choice([((24, 74, 140), (245, 245, 245)), ((165, 30, 42), (250, 245, 235)),
                               ((228, 232, 236), (30, 30, 40)), ((20, 110, 80), (245, 248, 245))])  # fmt: skip
    sheet = Sheet(dice, 1010, 638, ground, ink)
    sheet.text(60, 50, dice.choice(("中国工商银行", "成都农商银行", "中国建设银行", "成都银行")), 50)
    sheet.text(700, 66, dice.choice(("借记卡", "储蓄卡", "DEBIT CARD")), 32)
    digits = "62" + "".join(str(dice.randrange(10)) for _ in range(16))
    total = sum(d if n % 2 else sum(divmod(d * 2, 10)) for n, d in enumerate(map(int, reversed(digits))))
    number = digits + str(-total % 10)
    grouped = " ".join(number[n : n + 4] for n in range(0, 19, 4))
    sheet.text(70, 330, grouped, 52, typed=True)
    sheet.text(70, 440, f"有效期 VALID THRU {dice.randrange(1, 13):02d}/{dice.randrange(27, 36)}", 28)
    sheet.text(790, 520, "银联", 44)
    sheet.text(790, 575, "UnionPay", 26)
    sheet.draw.rectangle([80, 190, 190, 275], fill=(212, 190, 120))
    sheet.fields = {"card_number": number}
    return sheet.done("bank_card")


def business_licence(dice: random.Random) -> Paper:
    who = somebody(dice, 1960, 2000)
    sheet = Sheet(dice, 1280, 900, (250, 249, 243))
    sheet.draw.rectangle([26, 26, 1254, 874], outline=(190, 150, 70), width=8)
    sheet.title(70, "营业执照", 80)
    size = dice.choice((27, 29))
    text = "91510107MA" + "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    code = text + uscc.calc_check_digit(text)
    name = f"成都{''.join(dice.choice(GIVEN) for _ in range(2))}{dice.choice(BUSINESS)}有限公司"
    made = lately(dice, 6000)
    sheet.put(70, 200, "统一社会信用代码", "org_code", code, size)
    y = sheet.put(70, 290, "名称", "org_name", name, size)
    y = sheet.put(70, y + 16, "类型", "", "有限责任公司（自然人投资或控股）", size, wide=480)
    y = sheet.put(70, max(y, 420), "法定代表人", "name", who.name, size)
    sheet.put(70, y + 16, "经营范围", "", SCOPE,
              size - 2, wide=430)  # fmt: skip
    sheet.put(690, 290, "注册资本", "", dice.choice(("伍拾万元整", "壹佰万元整", "叁佰万元整")), size)
    sheet.put(
        690,
        355,
        "成立日期",
        "issued",
        str(made),
        size,
        shown=f"{made.year}年{made.month:02d}月{made.day:02d}日",
    )
    sheet.put(690, 420, "住所", "address", who.address, size, wide=420)
    sheet.text(800, 690, "登记机关", size)
    sheet.stamp(1050, 720, 90)
    return sheet.done("business_licence")


def birth_certificate(dice: random.Random) -> Paper:
    mother, father = somebody(dice, 1985, 2003), somebody(dice, 1985, 2003)
    child = somebody(dice, 2024, 2026)
    name = father.name[0] + child.name[1:]
    sheet = Sheet(dice, 1100, 800, (240, 246, 240))
    sheet.waves((222, 236, 226))
    sheet.title(40, "出生医学证明", 56)
    size = 28
    sheet.put(60, 150, "新生儿姓名", "name", name, size)
    sheet.put(430, 150, "性别", "sex", child.sex, size)
    shown = f"{days(child.born)}{dice.randrange(24)}时{dice.randrange(60)}分"
    sheet.put(620, 150, "出生时间", "birth_date", str(child.born), size, shown=shown)
    sheet.put(60, 215, "出生孕周", "", f"{dice.randrange(36, 42)}周", size)
    sheet.put(430, 215, "健康状况", "", "良好", size)
    sheet.put(60, 300, "母亲姓名", "name_mother", mother.name, size)
    sheet.put(430, 300, "年龄", "", str(2026 - mother.born.year), size)
    sheet.put(60, 360, "有效身份证件号码", "citizen_id_mother", mother.number, size)
    sheet.put(60, 440, "父亲姓名", "name_father", father.name, size)
    sheet.put(430, 440, "年龄", "", str(2026 - father.born.year), size)
    sheet.put(60, 500, "有效身份证件号码", "citizen_id_father", father.number, size)
    sheet.put(
        60,
        590,
        "出生医学证明编号",
        "card_number",
        f"{dice.choice('TUVW')}51{dice.randrange(10**7):07d}",
        size,
    )
    when = child.born + timedelta(days=dice.randrange(3, 40))
    sheet.put(60, 650, "签发日期", "issued", str(when), size, shown=days(when))
    sheet.stamp(900, 640, 85)
    return sheet.done("birth_certificate")


def diagnosis(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1000, 1200, (252, 252, 250))
    sheet.title(60, dice.choice(("成都市第三人民医院", "四川大学华西医院", "成都市武侯区人民医院")), 40)
    sheet.title(130, dice.choice(("疾病诊断证明书", "诊断证明书")), 46)
    size, day = dice.choice((28, 30, 32)), lately(dice, 300)
    sheet.put(70, 260, "姓名：", "name", who.name, size, gap=0.1)
    sheet.put(390, 260, "性别：", "sex", who.sex, size, gap=0.1)
    sheet.put(640, 260, "年龄：", "", f"{2026 - who.born.year}岁", size, gap=0.1)
    sheet.put(70, 330, "科室：", "", dice.choice(("内科", "骨科", "肾内科", "心内科")), size, gap=0.1)
    sheet.put(390, 330, "门诊号：", "", f"{dice.randrange(10**8):08d}", size, gap=0.1)
    sheet.put(70, 420, "诊断：", "diagnosis", dice.choice(ILLNESSES), size, gap=0.1)
    sheet.put(
        70,
        520,
        "建议：",
        "",
        dice.choice(ADVICE),
        size,
        gap=0.1,
    )
    sheet.put(560, 760, "医师：", "", somebody(dice).name, size, gap=0.1)
    sheet.put(560, 830, "日期：", "issued", str(day), size, gap=0.1, shown=days(day))
    sheet.stamp(720, 900, 100)
    return sheet.done("diagnosis")


def invoice(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1240, 760, (250, 250, 246))
    sheet.title(40, "四川省医疗住院收费票据（电子）", 42)
    size, day, total = 26, lately(dice, 300), dice.randrange(12_000, 4_500_000) / 100
    sheet.put(70, 130, "票据代码：", "", f"5106{dice.randrange(10**4):04d}", size, gap=0.1)
    sheet.put(740, 130, "票据号码：", "card_number", f"{dice.randrange(10**10):010d}", size, gap=0.1)
    sheet.put(70, 190, "交款人：", "name", who.name, size, gap=0.1)
    sheet.put(740, 190, "开票日期：", "issued", str(day), size, gap=0.1)
    sheet.draw.rectangle([60, 240, 1180, 560], outline=(120, 120, 120), width=2)
    for row, what in enumerate(("床位费", "检查费", "西药费", "化验费", "护理费")):
        sheet.text(90, 256 + row * 58, what, size)
        sheet.text(520, 256 + row * 58, f"{dice.randrange(1000, 400000) / 100:.2f}", size, typed=True)
    sheet.put(70, 590, "金额合计（小写）", "amount", f"{total:.2f}", size)
    sheet.put(70, 660, "收款单位：", "", "成都市第三人民医院", size, gap=0.1)
    sheet.stamp(1000, 640, 75)
    return sheet.done("invoice")


def property_certificate(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1000, 1180, (248, 246, 236))
    sheet.title(50, "不动产权证书", 50)
    number = f"川（{dice.randrange(2017, 2027)}）成都市不动产权第{dice.randrange(10**7):07d}号"
    sheet.fields["card_number"] = number
    sheet.text(90, 140, number, 30, typed=True)
    rows = [("权利人", "name", who.name), ("共有情况", "", dice.choice(("单独所有", "共同共有"))),
            ("坐落", "address", who.address), ("不动产单元号", "", f"5101070{dice.randrange(10**12):012d}"),
            ("权利类型", "", "国有建设用地使用权/房屋所有权"), ("用途", "", "城镇住宅用地/成套住宅"),
            ("面积", "area", f"{dice.randrange(3500, 16000) / 100:.2f}")]  # fmt: skip
    size = dice.choice((26, 28))
    for number_, (label, key, value) in enumerate(rows):
        y = 220 + number_ * 118
        sheet.draw.rectangle([60, y, 940, y + 118], outline=(120, 120, 110), width=2)
        sheet.draw.line([(280, y), (280, y + 118)], fill=(120, 120, 110), width=2)
        sheet.text(78, y + 40, label, size)
        shown = f"房屋建筑面积{value}㎡" if key == "area" else value
        if key:
            sheet.fields[key] = value
        half = 22
        sheet.text(300, y + (40 if len(shown) <= half else 20), shown[:half], size, typed=True)
        if len(shown) > half:
            sheet.text(300, y + 62, shown[half:], size, typed=True)
    return sheet.done("property_certificate")


def lease(dice: random.Random) -> Paper:
    owner, who = somebody(dice), somebody(dice)
    sheet = Sheet(dice, 1000, 1300, (253, 253, 252))
    sheet.title(60, "房屋租赁合同", 48)
    size, start = dice.choice((26, 28)), lately(dice, 500)
    until = start + timedelta(days=dice.choice((364, 364, 729, 182)))
    sheet.put(80, 180, "出租方（甲方）：", "name_owner", owner.name, size, gap=0.1)
    sheet.put(80, 240, "承租方（乙方）：", "name", who.name, size, gap=0.1)
    sheet.put(80, 300, "乙方身份证号：", "citizen_id", who.number, size, gap=0.1)
    sheet.text(80, 390, "根据《中华人民共和国民法典》，双方就房屋租赁达成如下协议：", size)
    sheet.put(80, 460, "一、房屋坐落：", "address", who.address, size, gap=0.1, wide=560)
    span = f"{days(start)}至{days(until)}"
    sheet.put(80, 570, "二、租赁期限：", "valid_to", str(until), size, gap=0.1, shown=span)
    sheet.put(80, 640, "三、月租金：", "amount", f"{dice.randrange(8, 60) * 100}", size, gap=0.1,
              shown="")  # fmt: skip
    sheet.text(80, 710, "四、乙方应当按月支付租金，不得擅自转租。", size)
    sheet.text(80, 1050, "甲方（签字）：", size)
    sheet.text(540, 1050, "乙方（签字）：", size)
    return sheet.done("lease")


KINDS: Mapping[str, Callable[[random.Random], Paper]] = {
    one.__name__: one
    for one in (
        id_front, id_back, household_page, disability_card, marriage_certificate, bank_card, business_licence,
        birth_certificate, diagnosis, invoice, property_certificate, lease,
    )
}  # fmt: skip


def for_whom(kind: str, who: Someone, seed: int = 1) -> Paper:
    """An identity card or a page of a household booklet made out to somebody."""
    return {"id_front": id_front, "household_page": household_page}[kind](random.Random(seed), who)


def drawn(kind: str, seed: int) -> Paper:
    """A paper of a kind; the same seed draws the same."""
    return KINDS[kind](random.Random(f"{kind}-{seed}"))
