"""Work in the street in the generated month: visits to be made this week, and a round of yesterday that missed two
points. Said to be generated."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from shanzhi.base.clock import BEIJING
from shanzhi.base.geo import Point
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors
from shanzhi.patrol import actions, queries
from shanzhi.patrol.actions import Home, Plan, Stood
from shanzhi.residents.actions import contact
from shanzhi.run.servicelife import SURNAMES

AREA = "510107005"
VISITS = (("elderly-alone", "大爷"), ("elderly-alone", "婆婆"), ("rental", "房东"), ("elderly-alone", "奶奶"))
MISSED = 2


def live(end: datetime) -> None:
    dice = random.Random(510107)
    stops = queries.stops_in([AREA])
    for number, (kind, called) in enumerate(VISITS):
        stop = list(stops.values())[number]
        person = contact(
            Actor.system(), name=f"{dice.choice(SURNAMES)}{called}", phone=f"1700003{number:04d}"
        )
        home = Home(person, f"{stop.name}{number + 1}栋{number + 2}单元（演示）", Point(stop.lon, stop.lat))
        due = (end + timedelta(days=number)).astimezone(BEIJING).date()
        actions.plan_visit(Actor.system(), Plan(kind, due), home, at=end - timedelta(days=2))
    for worker in actors(usernames=["liwangge"]):
        _round(worker, list(stops), end - timedelta(days=1))


def _round(worker: Actor, keys: list[str], at: datetime) -> None:
    """Yesterday's round: all points but two, by hand, with everything in order."""
    id_ = UUID(int=random.Random(AREA).getrandbits(128), version=4)
    actions.begin(worker, id_, [AREA], at=at)
    for number, key in enumerate(keys[:-MISSED]):
        actions.stand(worker, id_, Stood(key, "hand", answers={}), at=at + timedelta(minutes=6 * number))
    actions.end(worker, id_, "（演示数据，程序生成）", at=at + timedelta(minutes=6 * len(keys)))
