"""Rounds with their points and missed ones; visits whose answers become facts and replace none."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.base.geo import Point
from shanzhi.base.ids import format_number
from shanzhi.cases.models import Case
from shanzhi.cases.queries import state_of
from shanzhi.cases.tests.district import YULIN, actor, clean, photo
from shanzhi.files.models import StoredFile
from shanzhi.journal.queries import stream
from shanzhi.orgs.actor import Actor
from shanzhi.patrol import actions, codes, queries
from shanzhi.patrol.actions import Home, Plan, Said, Stood
from shanzhi.patrol.models import Pass, Round
from shanzhi.patrol.papers import sheet
from shanzhi.residents.actions import contact, facts
from shanzhi.residents.models import FactValue

pytestmark = pytest.mark.usefixtures("district")
AREA = "510107005"


def begun(username: str = "liwangge") -> tuple[Actor, UUID]:
    who, id_ = actor(username), uuid4()
    actions.begin(who, id_, [AREA])
    return who, id_


def test_a_round_says_what_was_passed_and_what_was_missed() -> None:
    who, id_ = begun()
    first, *others = Round.objects.get(pk=id_).expected
    stop = queries.setting().points[first]
    code = codes.payload(queries.secret(), first)
    spot = Point(stop.lon, stop.lat)
    actions.stand(who, id_, Stood(first, "qr", code, {"clean": True, "exits": False, "x": True}, spot=spot))
    actions.walk(who, id_, [(0.0, *YULIN), (60.0, YULIN[0] + 0.001, YULIN[1])])
    state = actions.end(who, id_, "")
    assert state["state"] == "done" and not state["open"]
    result = list(stream(state.id))[-1].data["facts"]["result"]
    assert "、".join(queries.setting().points[key].name for key in others) in result
    assert Pass.objects.get().away_m == pytest.approx(0, abs=1)
    assert Round.objects.get().metres == pytest.approx(96, abs=2)
    seen = queries.looked_over(actor("zhangdudao"), now())
    assert len(seen["rounds"][0]["missed"]) == len(others)
    clean()


def test_a_wrong_code_is_refused_and_a_round_that_is_over_takes_nothing_more() -> None:
    who, id_ = begun()
    first = Round.objects.get(pk=id_).expected[0]
    with pytest.raises(Invalid):
        actions.stand(who, id_, Stood(first, "code", "AAAAAA"))
    with pytest.raises(NotFound):
        actions.end(actor("zhouwangge"), id_, "")
    actions.end(who, id_, "")
    with pytest.raises(Conflict):
        actions.stand(who, id_, Stood(first, "hand"))


def visit() -> tuple[UUID, UUID]:
    person = contact(Actor.system(), name="王独居", phone="17000000001")
    home = Home(person, "玉林北路1号", Point(*YULIN))
    return person, actions.plan_visit(Actor.system(), Plan("elderly-alone", date(2026, 11, 25)), home).id


def test_answers_of_a_visit_are_facts_with_source_and_day_and_replace_none() -> None:
    person, case = visit()
    facts.keep(Actor.system(), person, [facts.Given("lives_alone", False)], source="declared")
    actions.visited(actor("liwangge"), case, Said(True, {"alone": True, "care": "some", "needs": "送餐"}))
    rows = FactValue.objects.filter(subject=person).order_by("at")
    assert [(row.key, row.source, row.value) for row in rows if row.key == "lives_alone"] == [
        ("lives_alone", "declared", False),
        ("lives_alone", "visit", True),
    ]
    assert all(row.trust == 1 and row.evidence["case"] == str(case) for row in rows if row.source == "visit")
    told = next(entry for entry in stream(person) if entry.kind == "person.visited")
    assert told.data["purpose"] == queries.setting().visits["elderly-alone"].purpose
    assert not state_of(case)["open"]


def test_nobody_at_home_leaves_the_visit_to_be_made_and_others_may_not_make_it() -> None:
    _, case = visit()
    with pytest.raises((Denied, NotFound)):
        actions.visited(actor("zhouwangge"), case, Said(True, {}))
    actions.visited(actor("liwangge"), case, Said(False, {}))
    assert state_of(case)["open"]
    [waiting] = queries.visits(actor("liwangge"), [AREA], now())
    assert waiting["name"] == "王**" and "17000000001" not in str(waiting)


def test_the_sheet_of_codes_is_a_pdf() -> None:
    assert sheet(queries.stops_in([AREA])).startswith(b"%PDF")


def test_what_is_not_in_order_becomes_a_case_once_and_only_if_he_wants_it() -> None:
    who, id_ = begun()
    first = next(key for key in Round.objects.get(pk=id_).expected if "clean" in answers_of(key))
    actions.stand(who, id_, Stood(first, "hand", answers={"clean": False}, words="三袋"))
    assert not Case.objects.filter(type="street-issue").exists()
    file = photo(who)
    found = Stood(first, "hand", answers={"clean": False, "lights": False}, files=(file,), reports=True)
    state = actions.stand(who, id_, found)
    [case] = Case.objects.filter(type="street-issue")  # rubbish was said before: only the lamp is new
    assert case.category == "C0108" and case.area.startswith(AREA) and case.channel == "field"
    assert StoredFile.objects.get(pk=file).case == case.pk
    assert format_number(case.number) in list(stream(state.id))[-1].data["facts"]["words"]
    actions.end(who, id_, "")
    clean()


def answers_of(point: str) -> set[str]:
    known = queries.setting()
    return set(known.checklists[known.points[point].checklist].items)
