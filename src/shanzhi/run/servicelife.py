"""Services in the generated month: people whom the registers know, and what they applied for. Said to be generated."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from shanzhi.base.errors import Problem
from shanzhi.cases import actions as cases
from shanzhi.cases.workflow import Inputs
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors
from shanzhi.residents.actions import contact
from shanzhi.residents.actions.facts import household
from shanzhi.residents.queries.facts import today
from shanzhi.run import registers
from shanzhi.services.actions import drafting, policies
from shanzhi.services.actions.applying import Asked, apply
from shanzhi.services.queries import catalogue

NEIGHBOURS = 60
BEFORE = timedelta(days=20)
STREETS = ("510107001", "510107004", "510107005", "510107010", "510107061")
KNOWN = {"wangdama": 82, "chenjumin": 35}
SURNAMES = "王李张刘陈杨赵黄周吴"


def live(end: datetime) -> None:
    """People, then applications: some granted at once, some judged by a person, some waiting."""
    dice = random.Random(2026)
    for username, age in KNOWN.items():
        for actor in actors(usernames=[username]):
            facts = registers.told(today(), age=age, dice=dice, hukou="510107005", assistance="none")
            list(registers.enter(drafting.own_person(actor), facts, at=end - BEFORE))
    _family(end)
    for number in range(NEIGHBOURS):
        _neighbour(dice, number, end)
    _policy(end)


def _policy(end: datetime) -> None:
    """徐服务 has looked for whom the allowance is meant and who has it not; the letters have left."""
    for actor in actors(usernames=["xufuwu"]):
        if "MZ-001" in catalogue.current():
            basis = "中华人民共和国个人信息保护法第十三条"
            made = policies.look_for(actor, "MZ-001", purpose="高龄津贴应享尽享（演示）", basis=basis, at=end)
            policies.release(actor, made.pk, at=end)


def _family(end: datetime) -> None:
    """陈居民 has a child of six, for whom he may apply."""
    for actor in actors(usernames=["chenjumin"]):
        child = contact(Actor.system(), name="陈小宝", phone="17000019999")
        facts = registers.told(today(), age=6, dice=random.Random(6), hukou="510107005", schooled=False)
        list(registers.enter(child, facts, at=end - BEFORE))
        household(Actor.system(), {drafting.own_person(actor): "本人", child: "子女"})


def _neighbour(dice: random.Random, number: int, end: datetime) -> None:
    """One invented neighbour, kept encrypted like anybody; some of them apply for something."""
    age = dice.choice((7, 30, 35, 45, 62, 70, 79, 81, 84, 88, 91, 95, 101))
    name = f"{dice.choice(SURNAMES)}{'大爷' if age > 60 else '居民'}"
    person = contact(Actor.system(), name=name, phone=f"1700001{number:04d}")
    street = dice.choice(STREETS)
    facts = registers.told(today(), age=age, dice=dice, hukou=street)
    list(registers.enter(person, facts, at=end - BEFORE))
    if number % 2:
        return
    at = end - timedelta(hours=dice.uniform(2, 300))
    code = "MZ-001" if age >= 79 else dice.choice(("MZ-002", "MZ-004", "GA-004", "ZJ-001"))
    if code not in catalogue.current():
        return
    asked = Asked(
        item=code, person=person, area=street, channel=dice.choice(("web", "web", "counter")), anyway=age < 80,
        answers={"payee": "social_card", "told_by": "sms", **_said(code)}, consent="（演示）",
        started_at=at - timedelta(minutes=dice.uniform(1, 9)),
    )  # fmt: skip
    try:
        case = apply(Actor.system(), asked, at=at)
    except Problem:
        return  # what this neighbour does not say is asked of others
    if case["open"] and number % 3:
        _judged(case.id, case["org"], at + timedelta(hours=2), dice)


def _said(code: str) -> dict[str, object]:
    """What is said beside what the registers know."""
    if code == "MZ-004":
        return {"hardship": "illness", "income_head": "1200"}
    if code == "MZ-002":
        return {"income_head": "600", "property_within": True}
    return {"income_head": "1500", "delivery": "electronic"}


def _judged(case: UUID, org: str, at: datetime, dice: random.Random) -> None:
    """A clerk accepts it, and most are granted."""
    names = {"civil-affairs": "zhengminzheng", "approval": "linchuangkou"}
    clerk = next(iter(actors(usernames=[names.get(org, "daiban")])), None)
    if clerk is None:
        return
    try:
        cases.move(clerk, case, "accept", at=at)
        later = at + timedelta(hours=dice.uniform(2, 40))
        if dice.random() < 0.7:
            cases.move(clerk, case, "grant", inputs=Inputs(result="经审核符合条件，准予（演示）"), at=later)
        else:
            cases.move(
                clerk, case, "decline", inputs=Inputs(reason="经入户核对，收入超过标准（演示）"), at=later
            )
    except Problem:
        return  # clocks may have moved it on meanwhile
