"""Invented people, and sheets to draw their papers on: what the pictures of `bench/prereview.py` are made of.

Layouts follow what the papers look like, not their official artwork. Names, numbers and addresses are drawn by dice
from a seed; a number that happened to be somebody's would be chance. Each drawing comes with what stands on it.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
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


Ink = tuple[int, int, int]


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
        self, x: float, y: float, words: str, size: int, *, typed: bool = False, ink: Ink | None = None
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

    def title(self, y: float, words: str, size: int, ink: Ink | None = None) -> None:
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
