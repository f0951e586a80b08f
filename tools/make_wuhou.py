"""Makes the areas, grids and facilities of the demo pack; the same files every time.

Run: .venv/bin/python tools/make_wuhou.py DIVISIONS [PACK]

DIVISIONS is a folder with the streets.csv and villages.csv.xz of china-division 2.7.0 (MIT): codes and names
of streets and communities are taken from there. Their real borders are not open data: all outlines here are
made up. The outline of the district and the places of its streets are drawn roughly after the map; streets
are divided into communities and those into grids by relaxed Voronoi cells, and everything is noded on one
lattice of a millionth of a degree (11 cm), so that neighbours share each vertex and the grids tile exactly.
"""

import csv
import json
import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

COUNTY = ("510107", "武侯区", "Wuhou District")
ABOVE = [("51", "四川省", "Sichuan Province", "province", ""), ("5101", "成都市", "Chengdu", "city", "51")]
SEED = 510107
LATTICE = 1e-6  # degrees
STRETCH = 0.86  # cosine of the latitude: what a degree of longitude is to one of latitude
MEAN_GRIDS, FEWEST, MOST = 5.8, 4, 9
NUMERALS = "一二三四五六七八九"

OUTLINE = [
    (103.9560, 30.6430), (103.9655, 30.6525), (103.9790, 30.6560), (103.9950, 30.6590), (104.0110, 30.6570),
    (104.0240, 30.6600), (104.0370, 30.6580), (104.0480, 30.6530), (104.0590, 30.6490), (104.0690, 30.6450),
    (104.0800, 30.6420), (104.0900, 30.6370), (104.0985, 30.6280), (104.0960, 30.6180), (104.0900, 30.6080),
    (104.0865, 30.5960), (104.0890, 30.5840), (104.0870, 30.5720), (104.0810, 30.5610), (104.0660, 30.5570),
    (104.0500, 30.5590), (104.0370, 30.5640), (104.0270, 30.5710), (104.0180, 30.5790), (104.0060, 30.5770),
    (103.9920, 30.5740), (103.9770, 30.5770), (103.9620, 30.5790), (103.9500, 30.5870), (103.9480, 30.6000),
    (103.9560, 30.6120), (103.9610, 30.6240), (103.9540, 30.6340),
]  # fmt: skip

STREETS = {  # street: a point in its middle, roughly
    "510107001": (104.0400, 30.6460, "Jiangxi Street Subdistrict"),
    "510107004": (104.0850, 30.6290, "Wangjiang Road Subdistrict"),
    "510107005": (104.0640, 30.6340, "Yulin Subdistrict"),
    "510107007": (104.0730, 30.6130, "South Railway Station Subdistrict"),
    "510107009": (104.0050, 30.6440, "Jinyang Subdistrict"),
    "510107010": (104.0210, 30.6310, "Hongpailou Subdistrict"),
    "510107011": (103.9930, 30.6150, "Cuqiao Subdistrict"),
    "510107012": (103.9780, 30.6390, "Jitouqiao Subdistrict"),
    "510107013": (103.9680, 30.6000, "Jinhuaqiao Subdistrict"),
    "510107014": (104.0180, 30.6060, "Cujin Subdistrict"),
    "510107015": (103.9960, 30.5880, "Huaxing Subdistrict"),
    "510107061": (104.0530, 30.6130, "Fangcao Street Subdistrict"),
    "510107062": (104.0420, 30.6250, "Xiaojiahe Subdistrict"),
    "510107063": (104.0410, 30.5870, "Shiyang Subdistrict"),
    "510107064": (104.0690, 30.5810, "Guixi Subdistrict"),
}


@dataclass(frozen=True)
class Named:
    """A street or community as the divisions have it."""

    code: str
    name: str
    parent: str


def divisions(folder: Path) -> tuple[list[Named], list[Named]]:
    """The streets and communities of the district; 居委会 is the committee, not part of the name."""
    with (folder / "streets.csv").open(encoding="utf-8") as file:
        streets = [
            Named(row["code"], row["name"], row["areaCode"])
            for row in csv.DictReader(file)
            if row["areaCode"] == COUNTY[0]
        ]
    with lzma.open(folder / "villages.csv.xz", "rt", encoding="utf-8") as file:
        communities = [
            Named(row["code"], row["name"].removesuffix("居委会"), row["streetCode"])
            for row in csv.DictReader(file)
            if row["areaCode"] == COUNTY[0]
        ]
    return streets, communities


def cells(within: Any, seeds: NDArray[np.float64]) -> list[Any]:
    """The part of `within` nearest to each seed."""
    around = shapely.buffer(within, 1).envelope
    diagram = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=around, ordered=True)
    return [shapely.intersection(cell, within) for cell in shapely.get_parts(diagram)]


def divided(within: Any, count: int, random: np.random.Generator) -> list[Any]:
    """An area in so many compact parts of about the same size (Lloyd's relaxation)."""
    if count == 1:
        return [within]
    west, south, east, north = within.bounds
    points = random.uniform((west, south), (east, north), (50 * count, 2))
    seeds = points[shapely.contains_xy(within, points)][:count]
    for _ in range(30):
        parts = cells(within, seeds)
        seeds = shapely.get_coordinates(shapely.centroid(parts))
    return parts


def grids(streets: list[Named], communities: list[Named]) -> Iterator[tuple[str, Any]]:
    """Codes and outlines of all grids, not yet noded, on a plane whose x is longitude times STRETCH."""
    random = np.random.default_rng(SEED)
    district = shapely.Polygon([(lon * STRETCH, lat) for lon, lat in OUTLINE])
    seeds = np.array([(STREETS[street.code][0] * STRETCH, STREETS[street.code][1]) for street in streets])
    mean = district.area / len(communities)
    for street, land in zip(streets, cells(district, seeds), strict=True):
        inside = [community for community in communities if community.parent == street.code]
        for community, part in zip(inside, divided(land, len(inside), random), strict=True):
            count = int(np.clip(round(MEAN_GRIDS * (part.area / mean) ** 0.5), FEWEST, MOST))
            for number, grid in enumerate(divided(part, count, random), 1):
                yield f"{community.code}{number:03}", grid


def noded(drawn: dict[str, Any]) -> dict[str, Any]:
    """The same grids in degrees, on the lattice, each vertex of a border belonging to both sides of it."""
    lines = [
        shapely.transform(grid.boundary, lambda points: points / (STRETCH, 1)) for grid in drawn.values()
    ]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=LATTICE)]))
    middle = shapely.transform(shapely.point_on_surface(faces), lambda points: points * (STRETCH, 1))
    codes = list(drawn)
    face, grid = shapely.STRtree(list(drawn.values())).query_nearest(middle, all_matches=False)
    parts: dict[str, list[Any]] = {code: [] for code in codes}
    for f, g in zip(face, grid, strict=True):
        parts[codes[g]].append(faces[f])
    joined = {code: shapely.normalize(shapely.coverage_union_all(found)) for code, found in parts.items()}
    return {code: shapely.orient_polygons(shape) for code, shape in joined.items()}


def write_areas(pack: Path, streets: list[Named], communities: list[Named]) -> None:
    with (pack / "areas.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["code", "name", "name_en", "level", "parent"])
        out.writerows(ABOVE)
        out.writerow([*COUNTY, "county", "5101"])
        for street in streets:
            out.writerow([street.code, street.name, STREETS[street.code][2], "street", street.parent])
        for community in communities:
            out.writerow([community.code, community.name, "", "community", community.parent])


def write_grids(pack: Path, outlines: dict[str, Any]) -> None:
    """One feature a line, so that a complaint about a line is a complaint about a grid."""
    features = []
    for code, shape in sorted(outlines.items()):
        ring = [[round(lon, 6), round(lat, 6)] for lon, lat in shape.exterior.coords]
        feature = {
            "type": "Feature",
            "properties": {"code": code, "name": f"第{NUMERALS[int(code[12:]) - 1]}网格", "generated": True},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","generated":true,"features":[\n' + ",\n".join(features) + "\n]}\n"
    (pack / "grids.geojson").write_text(text, encoding="utf-8")


def write_facilities(pack: Path, named: list[Named], outlines: dict[str, Any]) -> None:
    """An office for each street and a service centre for each community, in the grid around its middle."""
    with (pack / "facilities.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["key", "kind", "name", "lon", "lat", "area", "generated"])
        for area in named:
            within = {code: shape for code, shape in outlines.items() if code.startswith(area.code)}
            middle = shapely.centroid(shapely.union_all(list(within.values())))
            grid = min(within, key=lambda code: shapely.distance(within[code].centroid, middle))
            centre = shapely.point_on_surface(within[grid])
            kind = "street-office" if len(area.code) == 9 else "service-centre"
            name = area.name + ("办事处" if len(area.code) == 9 else "党群服务中心")
            lon, lat = round(centre.x, 6), round(centre.y, 6)
            out.writerow([f"{kind}-{area.code}", kind, name, lon, lat, grid, "true"])


def main() -> None:
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    pack = Path(sys.argv[2] if len(sys.argv) == 3 else "packs/wuhou")
    streets, communities = divisions(Path(sys.argv[1]))
    outlines = noded(dict(grids(streets, communities)))
    simple = all(shape.geom_type == "Polygon" and not shape.interiors for shape in outlines.values())
    if not simple or not shapely.coverage_is_valid(list(outlines.values())):
        sys.exit("the grids do not tile")
    write_areas(pack, streets, communities)
    write_grids(pack, outlines)
    write_facilities(pack, [*streets, *communities], outlines)


if __name__ == "__main__":
    main()
