"""Groups in forms: who lives in a household, one after the other; the rule reckons over all of them."""

from decimal import Decimal
from uuid import UUID

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Invalid, NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.tests.district import actor
from shanzhi.journal.queries import stream
from shanzhi.orgs.actor import Actor
from shanzhi.residents import actions as people
from shanzhi.residents.actions.facts import Given, household, keep
from shanzhi.residents.queries import facts
from shanzhi.rules.facts import FactError
from shanzhi.services import form
from shanzhi.services.actions import drafting, members
from shanzhi.services.actions.applying import weigh
from shanzhi.services.models import Draft
from shanzhi.services.queries import applications, catalogue
from shanzhi.services.review import told
from shanzhi.services.tests.people import born, registered
from shanzhi.services.tests.test_applying import AGREED

pytestmark = pytest.mark.usefixtures("district")
ME = {"relation": "self", "birth_date": "1980-01-01", "income": "1500"}
CHILD = {"relation": "child", "birth_date": "2019-05-06", "income": "0"}


def begun() -> Draft:
    registered(age=45)
    return drafting.begin(actor("wangdama"), "MZ-002")


def add(draft: Draft, *rows: dict[str, str]) -> Draft:
    for row in rows:
        draft = members.put(actor("wangdama"), draft.pk, "family", row, place=None, seen=draft.version)
    return draft


def closed(draft: Draft, *rows: dict[str, str]) -> Draft:
    draft = add(draft, *rows)
    return members.close(actor("wangdama"), draft.pk, "family", seen=draft.version)


def family() -> tuple[UUID, UUID]:
    """王大妈 with a child of six, as the register of households has them."""
    head = registered(age=45)
    child = people.contact(Actor.system(), name="王小宝", phone="13900000002")
    keep(Actor.system(), child, [Given("birth_date", born(6))], source="police")
    household(Actor.system(), {head: "本人", child: "子女"})
    return head, child


def test_two_services_of_the_pack_and_more_reckon_over_the_household() -> None:
    """What asks for the income a head asks who lives there; each of them still knows yes and no."""
    asking = [
        code
        for code, item in catalogue.current().items()
        if (rule := catalogue.rule(item)) and "family" in form.fields(item, rule, facts.types())
    ]
    assert {"MZ-002", "ZJ-001"} <= set(asking)


@pytest.mark.parametrize(
    ("incomes", "verdict"), [(("1500", "0"), True), (("1800", "0"), False), (("899",), True)]
)
def test_the_income_a_head_is_reckoned_from_all(incomes: tuple[str, ...], verdict: bool) -> None:
    draft = begun()
    draft = closed(draft, *({**ME, "income": one} for one in incomes))
    item = catalogue.item("MZ-002")
    rule = catalogue.rule(item)
    known = facts.of(draft.person, ["hukou"])
    found = weigh(drafting.asked_of(draft), now())
    assert rule is not None and known["hukou"].authoritative
    if verdict:
        assert found.review.answer is not None and found.review.answer.missing == ("property_within",)
    else:
        failing = [one for one in found.review.findings if one.what == "condition"]
        assert [(one.key, one.known and one.known.value) for one in failing] == [
            ("income_head", Decimal(900))
        ]
        answer = told(rule, found.merged, facts.today())
        assert answer is not None and answer.truth is False


def test_nobody_counts_before_somebody_says_that_these_are_all() -> None:
    draft = add(begun(), ME)
    item, registry = catalogue.item("MZ-002"), facts.types()
    found = weigh(drafting.asked_of(draft), now())
    question = form.next_question(item, found.rule, registry, found.merged, facts.today())
    assert "family" not in found.merged and question is not None and question.key == "family"
    draft = members.close(actor("wangdama"), draft.pk, "family", seen=draft.version)
    draft = add(draft, CHILD)  # and whoever adds one later says it again
    assert "family" not in drafting.answers(draft) and len(members.rows_of(draft, "family")) == 2


def test_one_is_changed_another_removed_and_each_is_checked() -> None:
    draft, who = add(begun(), ME, CHILD), actor("wangdama")
    with pytest.raises(Invalid) as wrong:
        members.put(who, draft.pk, "family", {**CHILD, "income": "viel"}, place=1, seen=draft.version)
    assert [one.field for one in wrong.value.errors] == ["income"]
    with pytest.raises(Invalid) as wrong:
        members.put(who, draft.pk, "family", {**CHILD, "birth_date": ""}, place=None, seen=draft.version)
    assert [one.field for one in wrong.value.errors] == ["birth_date"]
    draft = members.put(who, draft.pk, "family", {**CHILD, "income": "20"}, place=1, seen=draft.version)
    draft = members.drop(who, draft.pk, "family", 0, seen=draft.version)
    assert members.rows_of(draft, "family") == [{**CHILD, "income": "20"}]
    with pytest.raises(NotFound):
        members.drop(who, draft.pk, "family", 5, seen=draft.version)
    with pytest.raises(Conflict, match="another tab"):
        members.drop(who, draft.pk, "family", 0, seen=draft.version - 1)
    with pytest.raises(NotFound):
        members.put(who, draft.pk, "gender", {}, place=None, seen=draft.version)
    draft = members.drop(who, draft.pk, "family", 0, seen=draft.version)
    with pytest.raises(Invalid, match="at least"):
        members.close(who, draft.pk, "family", seen=draft.version)


def test_there_are_not_more_than_there_can_be() -> None:
    draft = add(begun(), *[CHILD] * 12)
    with pytest.raises(Invalid, match="at most"):
        add(draft, CHILD)
    with pytest.raises(FactError, match="expected 1 to 12"):
        facts.types()["family"].read([CHILD] * 13)


def test_those_whom_the_register_knows_are_taken_over_with_their_source_and_it_is_written_down() -> None:
    _, child = family()
    who = actor("wangdama")
    draft = drafting.begin(who, "MZ-002")
    draft = members.take_over(who, draft.pk, "family", seen=draft.version)
    me, kid = members.rows_of(draft, "family")
    assert (me["relation"], kid["relation"], kid["birth_date"]) == ("self", "child", born(6))
    assert kid["~"] == ["relation", "birth_date"] and members.missing(facts.types()["family"], kid) == [
        "income"
    ]
    read = [entry for entry in stream(child) if entry.kind == "facts.read"]
    assert [entry.data["purpose"] for entry in read] == ["household form"]
    with pytest.raises(Invalid, match="still missing"):
        members.close(who, draft.pk, "family", seen=draft.version)
    with pytest.raises(Conflict, match="already"):
        members.take_over(who, draft.pk, "family", seen=draft.version)
    for place, row in enumerate((me, kid)):
        said = {key: value for key, value in row.items() if key != "~"} | {"income": "100"}
        draft = members.put(who, draft.pk, "family", said, place=place, seen=draft.version)
    assert members.rows_of(draft, "family")[1]["~"] == ["relation", "birth_date"]
    draft = members.close(who, draft.pk, "family", seen=draft.version)
    assert all(set(row) == {"relation", "birth_date", "income"} for row in drafting.answers(draft)["family"])


def test_what_is_asked_of_a_member_keeps_the_order_of_the_file() -> None:
    type_ = facts.types()["family"]  # from the database, whose JSON has an order of its own
    assert tuple(type_.members) == type_.order == ("relation", "birth_date", "income")


def test_seen_from_a_child_the_relations_are_asked() -> None:
    head, child = family()
    assert members.head_is(facts.relatives(head)) and not members.head_is(facts.relatives(child))


def test_sent_it_can_be_looked_at_again_and_the_next_form_knows_the_household() -> None:
    draft, who = closed(begun(), ME, CHILD), actor("wangdama")
    for key, value in (("property_within", True), ("payee", "social_card")):
        draft = drafting.answer(who, draft.pk, key, value, seen=draft.version)
    case = drafting.send(who, draft.pk, consent=AGREED, anyway=True)
    found = applications.opened(who, case)
    assert found.answer is not None and found.answer.truth is True
    assert len(found.facts["family"].value) == 2 and found.facts["family"].trust == 1
    assert cases.state_of(case)["state"] == "submitted"
    text = str([entry.data for entry in stream(case)])
    assert "2019-05-06" not in text and "1500" not in text
    assert "family" in facts.of(draft.person, ["family"])
    assert {one["relation"] for one in found.facts["family"].value} == {"self", "child"}
    ids = applications.standing(found.application.facts, facts.today())
    assert ids["family"].value == found.facts["family"].value


def test_what_a_department_knows_of_the_income_goes_before_asking_everybody() -> None:
    person = registered(age=45)
    keep(Actor.system(), person, [Given("income_head", "650")], source="assistance")
    item = catalogue.item("MZ-002")
    known = facts.of(person, form.wanted(item, catalogue.rule(item), facts.types()))
    question = form.next_question(item, catalogue.rule(item), facts.types(), known, facts.today())
    assert question is not None and question.key != "family"
