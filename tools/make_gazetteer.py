"""Makes the gazetteer of the demo pack: generated roads, estates and other places people name, the same each time.

Run: .venv/bin/python tools/make_gazetteer.py [PACK]

Every name is made up of common parts and stands at a made-up place within a community of the pack (the file says
`generated` in each row). A road runs through two to four neighbouring communities, with its house numbers.
"""

import csv
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

SEED = 510107
FIRST = "锦青云金玉瑞祥华康文新永安宁福丰和兴盛景天星海江河清春竹梅兰桂柳松枫荷莲紫翠碧银白红"
SECOND = "苑林泉溪湖塘湾山峰岭台坪坝桥门关亭阁舟鹤凤鹭莺燕阳月辉霞虹露霖润泽源通达顺昌隆盈"
ROAD = ("路", "街", "大道", "横街", "一路", "二路", "一街", "二街", "巷", "东路", "西路", "南街", "北街")
ESTATE = ("花园", "苑", "小区", "公寓", "名都", "新居", "家园", "府", "雅居", "国际")
OTHER = ("小学", "中学", "幼儿园", "菜市场", "广场", "医院", "公园", "大厦", "购物中心", "停车场")
ROADS_EACH, ESTATES_EACH, OTHERS_EACH = 1.6, 3, 3


@dataclass(frozen=True)
class Community:
    code: str
    name: str
    outline: BaseGeometry

    def point(self, dice: random.Random) -> tuple[float, float]:
        west, south, east, north = self.outline.bounds
        while True:
            lon, lat = round(dice.uniform(west, east), 6), round(dice.uniform(south, north), 6)
            if shapely.contains_xy(self.outline, lon, lat):
                return lon, lat


def communities(pack: Path) -> list[Community]:
    grids: dict[str, list[BaseGeometry]] = {}
    for feature in json.loads((pack / "grids.geojson").read_text())["features"]:
        grids.setdefault(feature["properties"]["code"][:12], []).append(shape(feature["geometry"]))
    with (pack / "areas.csv").open() as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    return [
        Community(code, names[code], shape(shapely.union_all(parts))) for code, parts in sorted(grids.items())
    ]


class Names:
    """Names made of common parts, each given once."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.given = dice, set[str]()

    def new(self, endings: tuple[str, ...]) -> str:
        while True:
            name = self.dice.choice(FIRST) + self.dice.choice(SECOND) + self.dice.choice(endings)
            if name not in self.given:
                self.given.add(name)
                return name


def roads(all_: list[Community], names: Names, dice: random.Random) -> Iterator[dict[str, object]]:
    for number in range(round(len(all_) * ROADS_EACH)):
        start = all_[number % len(all_)]
        along = [start]
        for _ in range(dice.randint(1, 3)):
            near = [c for c in all_ if c not in along and c.outline.distance(along[-1].outline) < 1e-5]
            if near:
                along.append(dice.choice(near))
        name, at = names.new(ROAD), 1
        for part, community in enumerate(along, 1):
            last = at + dice.randrange(20, 80)
            lon, lat = community.point(dice)
            yield {
                "key": f"road-{number + 1:03d}-{part}", "kind": "road", "name": name, "area": community.code,
                "lon": lon, "lat": lat, "low": at, "high": last, "other_names": "",
            }  # fmt: skip
            at = last + 1


def points(all_: list[Community], names: Names, dice: random.Random) -> Iterator[dict[str, object]]:
    number = 0
    for community in all_:
        for endings, count in ((ESTATE, ESTATES_EACH), (OTHER, OTHERS_EACH)):
            for _ in range(count):
                number += 1
                lon, lat = community.point(dice)
                old = names.new(endings) if dice.random() < 0.15 else ""
                yield {
                    "key": f"poi-{number:04d}", "kind": "poi", "name": names.new(endings), "area": community.code,
                    "lon": lon, "lat": lat, "low": 0, "high": 0, "other_names": old,
                }  # fmt: skip


def main(pack: Path) -> None:
    dice = random.Random(SEED)
    all_, names = communities(pack), Names(dice)
    rows = [*roads(all_, names, dice), *points(all_, names, dice)]
    columns = ("key", "kind", "name", "area", "lon", "lat", "low", "high", "other_names", "generated")
    with (pack / "gazetteer.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"generated": "true"} for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "packs" / "wuhou")
