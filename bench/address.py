"""Addresses: is what people write located in the right community? Ours beside a look for official names.

Run: make bench NAME=address (DIVISIONS=folder of china-division 2.7.0 for a second place, see docs/figures.md)

2,000 addresses in ten styles are generated from the files of the demo pack, 1,000 in six styles from the names of a
county that nothing was tuned on. The generator knows nothing of how addresses are read: it has its own sentences,
its own slips of the pen, and its own table of characters that sound alike. Where an address does not say which of
two places of one name is meant, it is not asked. `right` counts the community; `near` those whose point lies within
one kilometre of the place meant.
"""

import csv
import json
import lzma
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shanzhi.language.address import locate
from shanzhi.language.gazetteer import Entry, Gazetteer

PACK = Path(__file__).resolve().parent.parent / "packs" / "wuhou"
OTHER = "330106"  # Xihu district of Hangzhou
COUNT, SECOND_COUNT, SEED = 2_000, 1_000, 20_261_125
ALIKE = (
    "锦金津今 苑院园元 林临琳 青清轻 云芸匀 泉全权 溪西希 湖胡 塘堂唐 湾弯 峰锋丰风 "
    "岭领 坪平萍 坝霸 桥乔侨 门闷 亭停庭 华花 康糠 文闻纹 新心欣辛 永泳勇 安按鞍 "
    "宁凝 和河荷合 兴星 盛胜圣 景井 天添 海亥 江姜 春椿 竹烛 梅煤玫 兰蓝 桂贵 柳六 "
    "松淞 枫封 莲连 紫子 翠脆 碧必 银吟 白百 红洪虹 玉育裕 瑞锐 祥详 明名鸣 东冬 "
    "南楠男 北贝 双霜 龙隆 长常 少绍 洗喜 望旺 郭锅 家加佳 棕宗 跳眺 得德 高糕 "
    "沙纱 吉及 太泰 丽力 机鸡 里理 古鼓 村存 城程成 庄装 山珊 水 石时 马码 王汪 "
    "黄皇 李理 下夏 上尚 中钟 大达 小晓 三叁 联连 民明 胜盛 光广 建健 前钱 后厚 "
    "路陆 翠粹 蒋奖 转专 留流 灵玲 西希 转赚 杨扬 梧吴 浦普 沿言 "
)
COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
    "同工也能下过子说产种面而方后多定行学法所"
)
CORNERS = ("交叉口", "交汇处", "路口", "十字路口")
BEFORE = (
    "",
    "您好，",
    "我要反映，",
    "请问，",
    "地址：",
    "位置在",
    "我住在",
    "投诉一下，",
    "昨天路过",
    "情况是这样的，在",
)
AFTER = (
    "路灯坏了", "有人占道经营", "的垃圾没人清", "，井盖松动", "晚上很吵", "，下水道堵了", "有个大坑", "，请派人来看看",
    "有车违停", "。电话打了三次没人管",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What is meant: a community and a point, and the words a style is made of."""

    code: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Case:
    style: str
    text: str
    place: Place


Row = dict[str, str]
Made = tuple[str, Place] | None


class District:
    """The names of a district as its files have them."""

    def __init__(self, areas: Sequence[Row], names: Sequence[Row], above: str, county: str) -> None:
        self.above, self.county = above, county
        self.area = {row["code"]: row["name"] for row in areas}
        self.communities = [code for code in self.area if len(code) == 12]
        named: dict[str, list[str]] = defaultdict(list)
        for code in self.communities:
            named[bare(self.area[code])].append(code)
        self.clear = [code for code in self.communities if len(named[bare(self.area[code])]) == 1]
        self.points = [row for row in names if row["kind"] == "poi"]
        self.roads: dict[str, list[Row]] = defaultdict(list)
        for row in names:
            if row["kind"] == "road":
                self.roads[row["name"]].append(row)
        self.crossings = list(self._crossings())

    def street(self, code: str) -> str:
        return self.area[code[:9]]

    def _crossings(self) -> Iterator[tuple[str, str, Row]]:
        names = sorted(self.roads)
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                both = {r["area"] for r in self.roads[one]} & {r["area"] for r in self.roads[other]}
                if len(both) == 1:
                    code = both.pop()
                    yield one, other, next(r for r in self.roads[one] if r["area"] == code)


def bare(name: str) -> str:
    for ending in (
        "社区居民委员会",
        "村民委员会",
        "居民委员会",
        "社区居委会",
        "村委会",
        "居委会",
        "社区",
        "街道办事处",
        "街道",
        "村",
        "镇",
    ):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


def at(row: Row) -> Place:
    return Place(row["area"], float(row["lon"]), float(row["lat"]))


def slip(text: str, dice: random.Random) -> str:
    """One character replaced by any common one."""
    where = dice.randrange(len(text))
    return text[:where] + dice.choice(COMMON) + text[where + 1 :]


def alike(text: str, dice: random.Random) -> str:
    """One character replaced by one that sounds the same; the text as it is if there is none."""
    groups = [g for g in ALIKE.split() if len(g) > 1]
    choices = [(i, g) for i, c in enumerate(text) for g in groups if c in g]
    if not choices:
        return text
    where, group = dice.choice(choices)
    return text[:where] + dice.choice([c for c in group if c != text[where]]) + text[where + 1 :]


def door(dice: random.Random) -> str:
    return dice.choice(("3栋2单元501", "12号楼", "6幢一单元", "二期4栋", "1栋3单元门口", ""))


def full(d: District, dice: random.Random) -> Made:
    code = dice.choice(d.communities)
    return f"{d.above}{d.county}{d.street(code)}{d.area[code]}{dice.randint(1, 200)}号", Place(
        code, None, None
    )


def no_province(d: District, dice: random.Random) -> Made:
    if not d.points:
        code = dice.choice(d.communities)
        return f"{d.county}{d.street(code)}{d.area[code]}{door(dice)}", Place(code, None, None)
    row = dice.choice(d.points)
    return f"{d.county}{d.street(row['area'])}{row['name']}{door(dice)}", at(row)


def shortened(d: District, dice: random.Random) -> Made:
    code = dice.choice(d.clear)
    street, name = bare(d.street(code)), bare(d.area[code])
    return (
        f"{street}{dice.choice(('', '的', '那边'))}{name}{dice.choice(('', '那里', '附近', '里面'))}",
        Place(code, None, None),
    )


def community_only(d: District, dice: random.Random) -> Made:
    code = dice.choice(d.clear)
    ending = dice.choice(("社区", "社区居委会", "居委会", "社区服务中心"))
    name = bare(d.area[code])
    return f"{name}{ending}{dice.choice(('门口', '旁边', '后面的巷子', '楼下'))}", Place(code, None, None)


def crossing(d: District, dice: random.Random) -> Made:
    one, other, row = dice.choice(d.crossings)
    first, second = dice.sample((one, other), 2)
    return (
        f"{first}{dice.choice(('与', '和', '、', '跟'))}{second}{dice.choice(CORNERS)}",
        at(row),
    )


def opposite(d: District, dice: random.Random) -> Made:
    where = dice.choice(("对面", "斜对面", "旁边", "背后", "往东50米", "隔壁"))
    if not d.points:
        code = dice.choice(d.clear)
        return f"{d.area[code]}{where}的超市", Place(code, None, None)
    row = dice.choice(d.points)
    return f"{row['name']}{where}", at(row)


def numbered(d: District, dice: random.Random) -> Made:
    row = dice.choice([r for rows in d.roads.values() for r in rows])
    number = dice.randint(int(row["low"]), int(row["high"]))
    return f"{row['name']}{number}{dice.choice(('号', '号附' + str(dice.randint(1, 9)) + '号', '号院'))}", at(
        row
    )


def misspelt(d: District, dice: random.Random, change: Callable[[str, random.Random], str] = slip) -> Made:
    if d.points and dice.random() < 0.5:
        row = dice.choice(d.points)
        return change(row["name"], dice) + dice.choice(("门口", "楼下", "旁边")), at(row)
    code = dice.choice(d.clear)
    return f"{bare(d.street(code))}{change(bare(d.area[code]), dice)}社区", Place(code, None, None)


def sounding(d: District, dice: random.Random) -> Made:
    return misspelt(d, dice, alike)


def old_name(d: District, dice: random.Random) -> Made:
    row = dice.choice([r for r in d.points if r["other_names"]])
    name = row["other_names"].split("|")[0]
    return (
        f"{dice.choice(('老', '原来的', '以前叫', '', '原'))}{name}{dice.choice(('里面', '门口', '那儿'))}",
        at(row),
    )


TEN = (
    full,
    no_province,
    shortened,
    community_only,
    crossing,
    opposite,
    numbered,
    misspelt,
    sounding,
    old_name,
)
SIX = (full, no_province, shortened, community_only, misspelt, sounding)


def cases(d: District, styles: Sequence[Callable[[District, random.Random], Made]], count: int) -> list[Case]:
    dice = random.Random(SEED)
    found: list[Case] = []
    while len(found) < count:
        style = styles[len(found) % len(styles)]
        made = style(d, dice)
        if made:
            text = dice.choice(BEFORE) + made[0] + dice.choice(AFTER)
            found.append(Case(style.__name__, text, made[1]))
    return found


def wuhou() -> tuple[District, Gazetteer]:
    with (PACK / "areas.csv").open() as file:
        areas = list(csv.DictReader(file))
    with (PACK / "gazetteer.csv").open() as file:
        names = list(csv.DictReader(file))
    with (PACK / "facilities.csv").open() as file:
        facilities = list(csv.DictReader(file))
    entries = [
        Entry(r["level"], r["name"], r["code"])  # type: ignore[arg-type]  # one of the three below
        for r in areas
        if r["level"] in ("county", "street", "community")
    ]
    entries += [Entry("poi", r["name"], r["area"], float(r["lon"]), float(r["lat"])) for r in facilities]
    entries += [
        Entry(
            r["kind"], r["name"], r["area"], float(r["lon"]), float(r["lat"]), int(r["low"]), int(r["high"]),  # type: ignore[arg-type]
            tuple(filter(None, r["other_names"].split("|"))),
        )
        for r in names
    ]  # fmt: skip
    return District(areas, names, "四川省成都市", "武侯区"), Gazetteer.of(entries, "510107")


def second(folder: Path) -> tuple[District, Gazetteer]:
    with (folder / "streets.csv").open() as file:
        streets = [(r["code"], r["name"]) for r in csv.DictReader(file) if r["code"].startswith(OTHER)]
    with lzma.open(folder / "villages.csv.xz", "rt") as file:
        villages = [(r["code"], r["name"]) for r in csv.DictReader(file) if r["code"].startswith(OTHER)]
    areas = [{"code": code, "name": name} for code, name in [*streets, *villages]]
    entries = [Entry("county", "西湖区", OTHER)]
    entries += [Entry("street", name, code) for code, name in streets]
    entries += [Entry("community", name, code) for code, name in villages]
    return District(areas, [], "浙江省杭州市", "西湖区"), Gazetteer.of(entries, OTHER)


def by_official_names(entries: Sequence[Entry]) -> Callable[[str], str]:
    """The peer: the longest official name that stands in the text, those of communities and finer before others."""
    every = {(e.name, e.area[:12]) for e in entries}
    names = sorted(every, key=lambda pair: (len(pair[1]) < 12, -len(pair[0]), pair))

    def find(text: str) -> str:
        return next((area for name, area in names if name in text), "")

    return find


def measure(
    title: str, asked: Sequence[Case], gazetteer: Gazetteer, table: Table
) -> tuple[float, float, float]:
    peer = by_official_names(gazetteer.entries)
    right: dict[str, list[bool]] = defaultdict(list)
    theirs: dict[str, list[bool]] = defaultdict(list)
    near = []
    locate("warm", gazetteer)
    gazetteer.misspelt("warm", ())
    start = time.process_time()
    answers = [locate(case.text, gazetteer) for case in asked]
    spent = time.process_time() - start
    for case, found in zip(asked, answers, strict=True):
        right[case.style].append(bool(found) and found[0].area[:12] == case.place.code)
        theirs[case.style].append(peer(case.text) == case.place.code)
        if case.place.lon is not None and found and found[0].lon is not None:
            near.append(away(found[0].lon, found[0].lat or 0, case.place.lon, case.place.lat or 0) < 1_000)
        if os.environ.get("SHOW") and not right[case.style][-1]:
            print(case.style, case.text, case.place.code, found[:1])  # noqa: T201
    for style, marks in right.items():
        peers = theirs[style]
        table.add_row(
            title, style, str(len(marks)), f"{sum(marks) / len(marks):.3f}", f"{sum(peers) / len(peers):.3f}"
        )
    every, all_theirs = (
        [m for marks in right.values() for m in marks],
        [m for marks in theirs.values() for m in marks],
    )
    ours, peers_ = sum(every) / len(every), sum(all_theirs) / len(all_theirs)
    table.add_row(title, "all", str(len(every)), f"[bold]{ours:.3f}[/]", f"{peers_:.3f}", end_section=True)
    note = f"{title}: {len(asked) / spent:,.0f} addresses a second of processor time"
    Console().print(note + (f"; within 1 km {sum(near) / len(near):.3f} of {len(near)}" if near else ""))
    return ours, peers_, len(asked) / spent


def away(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    return hypot((lon - other_lon) * cos(radians(lat)), lat - other_lat) * 111_195


def main() -> None:
    table = Table(title="In the right community")
    for column in ("place", "style", "addresses", "ours", "official names"):
        table.add_column(column, justify="left" if column in ("place", "style") else "right")
    district, gazetteer = wuhou()
    ours, theirs, speed = measure("Wuhou", cases(district, TEN, COUNT), gazetteer, table)
    result = {
        "bench": "address",
        "right": ours,
        "official_names": theirs,
        "ratio": ours / theirs,
        "a_second": speed,
    }
    folder = os.environ.get("DIVISIONS", "")
    if folder:
        district, gazetteer = second(Path(folder))
        result["second_place"], _, _ = measure(
            "Xihu, Hangzhou", cases(district, SIX, SECOND_COUNT), gazetteer, table
        )
    else:
        Console().print("no DIVISIONS given: the second place is left out")
    Console().print(table)
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
