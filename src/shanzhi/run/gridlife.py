"""Who works in which grid of the demo, one leave with a substitute, hours of training: generated, and said to be."""

from datetime import date, timedelta

from shanzhi.insight import contesting
from shanzhi.orgs import posted
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.staffing import usernames, workers
from shanzhi.places import queries as places

POSTS = {"liwangge": ("510107005",), "zhouwangge": ("510107001", "510107010")}
TRAINING = (
    "username,day,hours,title\nliwangge,{0},2,消防安全（演示数据）\nzhouwangge,{0},3.5,走访礼仪（演示数据）\n"
)


def live(day: date) -> None:
    """Posts the demo's grid workers to the communities of their streets, since half a year ago."""
    system = Actor.system("demo")
    known = usernames(workers())
    if not set(POSTS) <= set(known):
        return
    since = day - timedelta(days=180)
    for username, streets in POSTS.items():
        for street in streets:
            for community in places.children(street):
                posted.post(system, known[username], community.code, since)
    away = day + timedelta(days=5)
    posted.leave(system, known["zhouwangge"], away, away + timedelta(days=3), known["liwangge"])
    contesting.take_training(system, TRAINING.format((day - timedelta(days=9)).isoformat()))
