"""Papers as a recogniser would give them, without one: lines of characters at places, turned as one likes."""

import math
from collections.abc import Sequence

from stdnum.iso7064 import mod_11_2

from shanzhi.reading.page import Seen, Shot

SIZE = 40.0


def line(text: str, x: float, y: float, *, sure: float = 0.98, scores: Sequence[float] = ()) -> Seen:
    """A line of characters as wide as they are high."""
    width = SIZE * len(text)
    corners = ((x, y), (x + width, y), (x + width, y + SIZE), (x, y + SIZE))
    return Seen(text, tuple(scores) or (sure,) * len(text), corners)


def turned(lines: Sequence[Seen], angle: float) -> Shot:
    """The lines turned about the middle of the page; corners begin at the upper left, as recognisers give them."""
    cos, sin = math.cos(angle), math.sin(angle)
    made = []
    for one in lines:
        points = [
            (500 + (x - 500) * cos - (y - 400) * sin, 400 + (x - 500) * sin + (y - 400) * cos)
            for x, y in one.corners
        ]
        first = min(range(4), key=lambda n: points[n][0] + points[n][1])
        made.append(Seen(one.text, one.scores, tuple(points[first:] + points[:first])))
    return Shot(tuple(made), 1_000, 800)


def number(head: str) -> str:
    """A citizen id with its check character."""
    return head + str(mod_11_2.calc_check_digit(head))


WANG = number("51010719440302002")
LI = number("51010719900101003")


def id_front(name: str = "王大妈", own: str = WANG, *, sure: float = 0.98, sex: str = "女") -> list[Seen]:
    born = f"{own[6:10]}年{int(own[10:12])}月{int(own[12:14])}日"
    return [
        line("姓名", 50, 60), line(name, 180, 60, sure=sure), line(f"性别{sex}民族汉", 50, 140),
        line("出生" + born, 50, 220), line("住址", 50, 300), line("四川省成都市武侯区玉林南路", 180, 300),
        line("12号3栋1单元201号", 180, 350), line("公民身份号码", 50, 500), line(own, 340, 500, sure=sure),
    ]  # fmt: skip


def id_back(until: str = "2040.01.01") -> list[Seen]:
    return [
        line("中华人民共和国", 200, 80), line("居民身份证", 250, 180), line("签发机关", 100, 400),
        line("成都市公安局武侯区分局", 300, 400), line("有效期限", 100, 480), line(f"2010.01.01-{until}", 300, 480),
    ]  # fmt: skip


def bank_card() -> list[Seen]:
    return [
        line("成都银行", 60, 50), line("借记卡", 700, 60), line("6222021234567890128", 60, 330), line("银联", 800, 500)
    ]  # fmt: skip
