"""The district, the day and the people of `dispatch_day`: roads, grids, workers, tasks; all drawn from seeds.

ROADS=folder has `*_nodes.csv` (id, lon, lat) and `*_edges.csv` (from, to, length_m, speed_mps, kind); without it a
grid of streets is generated. MESSAGES=folder has `messages.csv` (time) and `labelled.csv` (category); without it the
hours and kinds below are used, which were counted in such files once.
"""

import csv
import os
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from shanzhi.dispatch.travel import Day, Edge, Factor, Roads, Speeds

START, HOURS = 9 * 60, 9  # the day begins at nine
DAY = Day((Factor(540, 570, 1.3), Factor(690, 780, 1.1), Factor(1020, 1080, 1.4)))  # rush hours that all know
LIMITS = np.array([30.0, 120.0, 480.0])  # minutes until somebody must be there, by urgency
SHARES = np.array([0.1, 0.3, 0.6])
WORK = np.array([20.0, 24.0, 16.0, 22.0, 14.0, 18.0])  # minutes of work by skill, as the planner expects
SPREAD = 0.5  # of the real minutes around them (gamma)
NOISE = 0.25  # of the roads (log-normal), which the planner does not see
USUAL_HOURS = (0.130, 0.148, 0.122, 0.078, 0.087, 0.112, 0.124, 0.118, 0.081)  # of the working day
USUAL_KINDS = (0.24, 0.20, 0.16, 0.15, 0.14, 0.11)
BIKE = Speeds({"motorway": 0, "motorway_link": 0, "rail": 0, "subway": 0, "steps": 0, "footway": 2.0, "path": 2.0,
               "pedestrian": 2.0, "cycleway": 5.0, "service": 4.0, "living_street": 4.0}, 5.5, 5.5)  # fmt: skip
FOOT = Speeds({"motorway": 0, "motorway_link": 0, "rail": 0, "subway": 0}, 1.3, 1.3)
BOTH_WAYS = {"footway", "path", "pedestrian", "steps", "living_street", "cycleway"}


@dataclass(frozen=True)
class Load:
    """How much comes in, and who is there for it."""

    name: str
    an_hour: float
    workers: int = 500
    surge: int = 0
    on_foot: bool = False


LOADS = (
    Load("light", 600),
    Load("busy", 900),
    Load("overload", 1050),
    Load("surge", 600, surge=1500),
    Load("sparse", 170, workers=100),
    Load("on foot", 600, on_foot=True),
)


@dataclass(frozen=True)
class World:
    """One day in one district; the same for every policy."""

    ways: Any  # minutes between nodes, float32
    places: Any  # lon, lat of the nodes
    grid_of: Any  # of each node
    home: Any  # node of each worker, in the middle of his grid
    skills: Any  # mask of each worker
    deputy: Any  # [grid, skill]: the worker who does such tasks of a grid: its own, else the nearest who can
    node: Any  # of each task, in the order of coming
    kind: Any
    urgency: Any
    opened: Any
    due: Any
    work: Any
    noise: Any

    def __len__(self) -> int:
        return len(self.node)


@cache
def roads(on_foot: bool) -> tuple[Roads, str]:
    """The graph, and where it comes from."""
    folder = os.environ.get("ROADS", "")
    if folder:
        return _read(Path(folder), on_foot), "roads of a real district (OpenStreetMap contributors)"
    return _generated(on_foot), "a generated grid of streets"


def _read(folder: Path, on_foot: bool) -> Roads:
    speeds = FOOT if on_foot else BIKE
    with next(folder.glob("*_nodes.csv")).open() as file:
        nodes = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    number = {id_: n for n, id_ in enumerate(nodes)}
    edges = []
    with next(folder.glob("*_edges.csv")).open() as file:
        for row in csv.DictReader(file):
            kind = row["kind"].split(".")[-1]
            speed = speeds.on(kind, float(row["speed_mps"]))
            if speed > 0 and row["from"] in number and row["to"] in number:
                seconds = max(float(row["length_m"]), 1.0) / speed
                ends = number[row["from"]], number[row["to"]]
                edges.append(Edge(*ends, seconds))
                if on_foot or kind in BOTH_WAYS:
                    edges.append(Edge(*ends[::-1], seconds))
    return Roads.build(list(nodes.values()), edges, DAY)


def _generated(on_foot: bool, side: int = 41, step: float = 0.0022) -> Roads:
    chance, speed = np.random.default_rng(1), 1.3 if on_foot else 5.0
    at = np.array([(114.0 + step * x, 22.5 + step * y) for x in range(side) for y in range(side)])
    at += chance.normal(0, step / 6, at.shape)
    edges = []
    for n in range(len(at)):
        for other in ([n + side] if n + side < len(at) else []) + ([n + 1] if (n + 1) % side else []):
            metres = float(np.linalg.norm((at[n] - at[other]) * (102_700, 111_195)))
            if chance.random() < 0.93:
                edges += [Edge(n, other, metres / speed), Edge(other, n, metres / speed)]
    return Roads.build([(float(x), float(y)) for x, y in at], edges, DAY)


@cache
def profile() -> tuple[Any, Any, str]:
    """Shares of the nine hours and of the six kinds, and where they come from."""
    folder = os.environ.get("MESSAGES", "")
    if not folder:
        return np.array(USUAL_HOURS), np.array(USUAL_KINDS), "built-in hours and kinds"
    with (Path(folder) / "messages.csv").open() as file:
        times = Counter(int(row["time"].split(" ")[1].split(":")[0]) for row in csv.DictReader(file))
    with (Path(folder) / "labelled.csv").open() as file:
        kinds = Counter(row["category"] for row in csv.DictReader(file))
    hours = np.array([times[START // 60 + n] for n in range(HOURS)], float)
    most = [count for _, count in kinds.most_common()]
    shares = np.array([*most[:5], sum(most[5:])], float)
    return hours / hours.sum(), shares / shares.sum(), "hours and kinds of real messages"


@cache
def ways(on_foot: bool) -> Any:
    """Minutes between all nodes on a free road."""
    return np.ascontiguousarray(roads(on_foot)[0].matrix / 60)


@cache
def district(on_foot: bool, workers: int) -> tuple[Any, Any, Any, Any, Any]:
    """Where people live, the grids, who works there and what they can: the same for all seeds."""
    chance, graph = np.random.default_rng(42), roads(on_foot)[0]
    flat = (graph.nodes - graph.nodes.mean(axis=0)) * (102.7, 111.2)
    lives = np.exp(field(flat, chance, 0.8))
    lives /= lives.sum()
    home = chance.choice(len(flat), workers, replace=False, p=lives)
    grid_of = ways(on_foot)[home].argmin(axis=0)
    kinds = profile()[1]
    own = chance.choice(6, workers, p=kinds)
    odds = (kinds + 0.1) / (kinds + 0.1).sum()
    skills = np.zeros(workers, np.uint64)
    for n in range(workers):
        two = chance.choice(6, 3, replace=False, p=odds)
        skills[n] = sum(1 << int(k) for k in {int(own[n]), *two.tolist()[:2]})
    apart = ways(on_foot)[home][:, home].copy()
    can = (skills[:, None] >> np.arange(6, dtype=np.uint64) & np.uint64(1)).astype(bool)
    deputy = np.stack([np.where(can[:, k][:, None], apart, np.inf).argmin(axis=0) for k in range(6)], axis=1)
    return lives, home, grid_of, skills, deputy


def field(flat: Any, chance: Any, size: float) -> Any:
    """A smooth random field over places in kilometres: hills and hollows about a kilometre wide."""
    waves = chance.normal(0, 1 / 1.2, (40, 2))
    phases = chance.uniform(0, 2 * np.pi, 40)
    return size * np.cos(flat @ waves.T + phases).sum(axis=1) / np.sqrt(20)


def day(load: Load, seed: int) -> World:
    """One day: where, when and what, by the seed alone."""
    chance = np.random.default_rng((seed, 7))
    lives, home, grid_of, skills, deputy = district(load.on_foot, load.workers)
    graph = roads(load.on_foot)[0]
    hours, kinds, _ = profile()
    flat = (graph.nodes - graph.nodes.mean(axis=0)) * (102.7, 111.2)
    odds = lives * np.exp(field(flat, chance, 0.6))
    counts = chance.poisson(load.an_hour * HOURS * hours)
    opened = np.concatenate([START + 60 * n + chance.uniform(0, 60, c) for n, c in enumerate(counts)])
    if load.surge:
        opened = np.concatenate([opened, START + 180 + chance.uniform(0, 20, load.surge)])
    opened.sort()
    size = len(opened)
    kind, urgency = chance.choice(6, size, p=kinds), chance.choice(3, size, p=SHARES)
    return World(
        ways(load.on_foot), graph.nodes, grid_of, home, skills, deputy,
        chance.choice(len(flat), size, p=odds / odds.sum()), kind, urgency, opened, opened + LIMITS[urgency],
        chance.gamma(1 / SPREAD**2, WORK[kind] * SPREAD**2),
        np.exp(chance.normal(-(NOISE**2) / 2, NOISE, size)),
    )  # fmt: skip
