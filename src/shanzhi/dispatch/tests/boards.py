"""Small boards for tests: workers and tasks around 玉林, and Hypothesis strategies for them."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from shanzhi.dispatch.board import Numbers, Task, Tasks, Worker, Workers, arrays
from shanzhi.dispatch.costs import Weights
from shanzhi.dispatch.travel import Straight

LON, LAT = 104.06, 30.63
SKILLS = ("pump", "lift", "talk")
WEIGHTS = Weights()
NAMES = [one.name for one in WEIGHTS.urgencies]
BIKE = Straight(5.0)


def worker(name: str, east: float = 0.0, **more: Any) -> Worker:
    """A worker so many kilometres east of the middle."""
    return Worker(name, LON + east / 95.7, LAT, **more)


def task(name: str, east: float = 0.0, **more: Any) -> Task:
    facts: dict[str, Any] = {"urgency": "usual", "due": 480.0} | more
    return Task(name, LON + east / 95.7, LAT, **facts)


def board(workers: list[Worker], tasks: list[Task]) -> tuple[Workers, Tasks, Numbers]:
    """Both as arrays, and the minutes between them."""
    people, things = arrays(workers, tasks, NAMES)
    minutes: Numbers = BIKE.between(people.places, things.places) / 60
    return people, things, minutes


chosen = st.sets(st.sampled_from(SKILLS), max_size=2).map(frozenset)
kilometres = st.floats(-4, 4)


@st.composite
def boards(draw: Any, most: int = 6) -> tuple[list[Worker], list[Task]]:
    """Up to `most` of both, some off shift, busy, appointed or for two."""
    workers = [
        worker(
            f"w{n}",
            draw(kilometres),
            skills=draw(chosen),
            free=draw(st.sampled_from([0.0, 3.0, 30.0])),
            start=draw(st.sampled_from([0.0, 0.0, 5.0, 120.0])),
            end=draw(st.sampled_from([480.0, 480.0, 20.0])),
            worked=draw(st.floats(0, 300)),
            area=draw(st.sampled_from(["", "g1", "g2"])),
        )
        for n in range(draw(st.integers(0, most)))
    ]
    tasks = [
        task(
            f"t{n}",
            draw(kilometres),
            skills=draw(chosen),
            urgency=draw(st.sampled_from(NAMES)),
            due=draw(st.sampled_from([30.0, 120.0, 480.0])),
            people=draw(st.sampled_from([1, 1, 1, 2])),
            earliest=draw(st.sampled_from([-np.inf, -np.inf, 8.0, 100.0])),
            latest=draw(st.sampled_from([np.inf, 110.0])),
            area=draw(st.sampled_from(["", "g1", "g2"])),
        )
        for n in range(draw(st.integers(0, most)))
    ]
    return workers, tasks
