"""Whom a rule reaches: the bitmaps over the whole register say the same as going through it person by person."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, Invalid
from shanzhi.cases.tests.district import actor
from shanzhi.journal.models import EntryRow
from shanzhi.orgs.actor import Actor
from shanzhi.residents import actions as people
from shanzhi.residents.actions.facts import Given, household, keep
from shanzhi.residents.models import FactConflict, FactValue
from shanzhi.residents.queries import facts
from shanzhi.run import registers
from shanzhi.services.actions import policies
from shanzhi.services.models import Match, Policy
from shanzhi.services.queries import catalogue, reach
from shanzhi.services.tests.people import born, registered
from shanzhi.services.tests.test_repinning import from_75
from shanzhi.services.tests.versions import next_rule

pytestmark = pytest.mark.usefixtures("district", "changing")
BASIS = "中华人民共和国个人信息保护法第十三条"


def town(size: int = 40) -> None:
    """Invented people, some with expired, disputed, declared or missing facts, some in households."""
    dice = random.Random(7)
    day, made = facts.today(), []
    for number in range(size):
        person = people.contact(Actor.system(), name=f"居民{number}", phone=f"1390001{number:04d}")
        hukou = dice.choice(("510107005", "510107001", "510105"))
        told = registers.told(day, age=dice.randrange(1, 104), dice=dice, hukou=hukou)
        list(registers.enter(person, told, at=now() - timedelta(days=dice.choice((1, 400)))))
        made.append(person)
    for person in dice.sample(made, 8):
        keep(
            Actor.system(), person, [Given("birth_date", born(60))], source="window"
        )  # another register differs
    for person in dice.sample(made, 8):
        keep(Actor.system(), person, [Given("disability", "1")], source="declared")
    for pair in range(0, 10, 2):
        home = household(Actor.system(), {made[pair]: "本人", made[pair + 1]: "配偶"})
        keep(Actor.system(), home, [Given("income_head", "500")], source="assistance")
    FactValue.objects.filter(subject__in=dice.sample(made, 6), key="hukou").delete()


def test_bitmaps_and_going_through_everybody_are_equal_for_every_service() -> None:
    town()
    assert FactConflict.objects.exists()
    day = facts.today()
    yes = 0
    for item in catalogue.current().values():
        rule = catalogue.rule(item)
        assert rule is not None
        fast, slow = reach.reached(rule, day), reach.one_by_one(rule, day)
        assert fast == slow, item.code
        yes += len(fast.amounts)
    assert yes > 50  # not equal because nobody is found


def test_before_it_is_issued_one_sees_how_many_where_and_what_a_month_costs() -> None:
    registered("wangdama", age=82)
    registered("chenjumin", age=92)
    registered("liwangge", age=40)
    found = policies.preview(actor("xufuwu"), "MZ-001", purpose="应享尽享", basis=BASIS)
    assert (found.looked_at, found.qualify, found.fresh, found.budget) == (3, 2, 2, Decimal(300))
    assert [(code, n, fresh, cost) for code, n, fresh, cost in found.places] == [
        ("510107005", 2, 2, Decimal(300))
    ]
    assert Policy.objects.count() == 0 and Match.objects.count() == 0
    entry = EntryRow.objects.get(kind="policy.previewed")
    assert entry.data["purpose"] == "应享尽享" and entry.data["keys"] == ["age", "hukou"]
    with pytest.raises(Invalid):
        policies.preview(actor("xufuwu"), "MZ-001", purpose="", basis=BASIS)
    with pytest.raises(Denied):
        policies.preview(actor("zhengminzheng"), "MZ-001", purpose="应享尽享", basis=BASIS)


def test_what_if_the_rule_of_next_month_were_in_force() -> None:
    registered("wangdama", age=82)
    registered("chenjumin", age=77)
    later = facts.today() + timedelta(days=30)
    from_75()
    spec = catalogue.rule(catalogue.item("MZ-001"))
    assert spec is not None
    now_ = policies.preview(actor("xufuwu"), "MZ-001", purpose="测算", basis=BASIS)
    assert (now_.qualify, now_.before) == (2, None)
    rows = [row for row in spec.spec.body["rows"] if row["then"]["amount"] != "60"]
    next_rule(since=later, rows=rows, cover=False, examples=[])
    then = policies.preview(actor("xufuwu"), "MZ-001", purpose="测算", basis=BASIS, day=later)
    assert then.before is not None and then.rule == "elderly-allowance@3"
    assert (len(then.before.amounts), then.qualify, then.gain, then.lose) == (2, 1, 0, 1)
    assert (then.before.sum, then.budget) == (Decimal(160), Decimal(100))
