"""What the registers of departments would say of invented people: for the demo, benches and figures. Generated."""

import random
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shanzhi.orgs.actor import Actor
from shanzhi.residents.actions.facts import Given, keep

COUNTY = "510107"
Told = dict[str, dict[str, Any]]


def told(day: date, *, age: int, dice: random.Random, hukou: str = COUNTY, **given: Any) -> Told:
    """Facts by source, of somebody so old; `given` goes before what is drawn."""
    facts = _person(day, age, dice, hukou) | _means(age, dice)
    for source in facts.values():
        source.update({key: value for key, value in given.items() if key in source})
    return facts


def _person(day: date, age: int, dice: random.Random, hukou: str) -> Told:
    """Population, family and assistance."""
    old, child = age >= 60, age < 16
    return {
        "police": {
            "birth_date": str(date(day.year - age, dice.randrange(1, max(2, day.month)), dice.randrange(1, 28))),
            "gender": dice.choice(["male", "female"]),
            "hukou": hukou,
            "hukou_booklet": True,
            "identity": True,
            "dwells": hukou if hukou.startswith(COUNTY) else COUNTY,
            "residence_months": dice.randrange(3, 240),
            "died": False,
            "exit_barred": False,
            "registered_birth": True,
            "children": 0 if age < 26 else dice.randrange(0, 3),
            "clean_record": True,
            "lost_card": False,
        },
        "marriage": {"marital": "single" if age < 26 else dice.choice(["married"] * 6 + ["divorced"])},
        "assistance": {
            "assistance": dice.choices(["none", "dibao", "edge", "tekun"], (90, 6, 3, 1))[0],
            "orphan": "none",
            "able_to_work": not old and not child,
            "supporter": True,
        },
        "disabled": {
            "disability": dice.choices(["none", "1", "2", "3", "4"], (92, 1, 2, 3, 2))[0],
            "needs_care": False,
        },
    }  # fmt: skip


def _means(age: int, dice: random.Random) -> Told:
    """Work, insurance, schooling, home, trade, car."""
    old, working = age >= 60, 22 <= age < 60
    return {
        "labour": {
            "work": "retired" if old else "employed" if working else "student",
            "residence_ground": "work" if working else "home",
            "unemployment_registered": False,
            "unemployment_months": dice.randrange(12, 200) if working else 0,
            "left_unwillingly": False,
            "pension": "employee" if working else "resident" if old else "none",
            "pension_years": min(max(age - 22, 0), 35),
            "draws_pension": old,
            "labour_relation": working,
        },
        "medical": {
            "medical": "employee" if working else "resident",
            "medical_paid": True,
            "maternity_insured": working,
            "settled_at_hospital": False,
            "chronic": age > 65 and dice.random() < 0.4,
        },
        "health": {"newborn": False, "gave_birth": False, "fit_health": True, "nurse_trained": False},
        "education": {
            "schooled": 6 < age < 16,
            "degree": dice.choice(["lower", "secondary", "college", "bachelor"]),
            "exam_passed": False,
            "mandarin": age < 60,
        },
        "estate": {"owns_home": dice.random() < 0.6, "home_head": str(dice.randrange(8, 45)), "estate_clear": True},
        "market": {
            "has_premises": False, "licensed_business": False, "closed_business": False, "food_trade": "none",
            "food_place_fit": False, "public_place": False,
        },
        "traffic": {
            "licence_ends": dice.randrange(20, 2000), "fines_open": False, "car_age": dice.randrange(0, 9),
            "insured_car": True,
        },
    }  # fmt: skip


def enter(person: UUID, facts: Told, *, at: datetime | None = None) -> Iterator[UUID]:
    """Puts them into the one record, each from its source."""
    for source, listed in facts.items():
        given = [Given(key, value) for key, value in listed.items()]
        yield from keep(Actor.system(), person, given, source=source, at=at)
