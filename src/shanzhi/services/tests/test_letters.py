"""Letters on paper to those without an account: printed once, handed over, opened by code and date of birth."""

from datetime import date
from uuid import UUID

import pytest

from shanzhi.base import qr
from shanzhi.base.errors import Conflict, Denied, Invalid, NotSignedIn
from shanzhi.cases import queries as cases
from shanzhi.cases.tests.district import actor
from shanzhi.journal.queries import stream
from shanzhi.orgs.actor import Actor
from shanzhi.residents import actions as people
from shanzhi.residents.actions.facts import Given, keep
from shanzhi.services.actions import drafting, letters, papers, policies
from shanzhi.services.models import Application, Match, NoLetters, Policy
from shanzhi.services.queries import policies as reading
from shanzhi.services.tests.people import born, registered
from shanzhi.services.tests.test_applying import AGREED
from shanzhi.services.tests.test_paper_forms import as_jpeg, picture

pytestmark = pytest.mark.usefixtures("district")
BASIS = "中华人民共和国个人信息保护法第十三条"
MANAGER = "xufuwu"


def neighbour(name: str = "赵大爷", phone: str = "13900000088", age: int = 91) -> UUID:
    """Somebody whom the registers know and who has no account."""
    person = people.contact(Actor.system(), name=name, phone=phone, address="玉林街道1号")
    keep(
        Actor.system(), person, [Given("birth_date", born(age)), Given("hukou", "510107005")], source="police"
    )
    return person


def released() -> Policy:
    policy = policies.look_for(actor(MANAGER), "MZ-001", purpose="应享尽享", basis=BASIS)
    policies.release(actor(MANAGER), policy.pk)
    return policy


def match(person: UUID) -> Match:
    return Match.objects.get(person=person)


def test_one_page_for_each_without_an_account_and_each_name_that_is_read_is_written_down() -> None:
    registered("wangdama", age=82)
    old, other = neighbour(), neighbour("钱大妈", "13900000089", 83)
    policy = policies.look_for(actor(MANAGER), "MZ-001", purpose="应享尽享", basis=BASIS)
    with pytest.raises(Conflict, match="first"):
        letters.printed(actor(MANAGER), policy.pk)
    policies.release(actor(MANAGER), policy.pk)
    with pytest.raises(Denied):
        letters.printed(actor("zhengminzheng"), policy.pk)
    pdf = letters.printed(actor(MANAGER), policy.pk)
    assert pdf.startswith(b"%PDF") and reading.counts(policy) == {"told": 1, "printed": 2}
    assert [entry.kind for entry in stream(old)].count("person.looked") == 1
    assert match(old).code != match(other).code and len(match(old).code) == 10
    with pytest.raises(Conflict, match="nobody"):
        letters.printed(actor(MANAGER), policy.pk)
    assert letters.printed(actor(MANAGER), policy.pk, again=True).startswith(b"%PDF")
    assert letters.handed(actor(MANAGER), policy.pk, [match(old).pk]) == 1
    assert letters.handed(actor(MANAGER), policy.pk, [match(old).pk]) == 0
    assert reading.counts(policy) == {"told": 1, "printed": 1, "handed": 1}


def test_who_wants_none_or_has_it_meanwhile_gets_none() -> None:
    first, second, third = neighbour(), neighbour("钱大妈", "13900000089"), neighbour("孙大爷", "13900000090")
    policy = released()
    NoLetters.objects.create(person=first, at=policy.listed_at)
    letters.wants_none(actor(MANAGER), policy.pk, match(second).pk)
    letters.printed(actor(MANAGER), policy.pk)
    assert reading.counts(policy) == {"refused": 2, "printed": 1}
    assert match(third).status == "printed"
    again = policies.look_for(actor(MANAGER), "MZ-001", purpose="应享尽享", basis=BASIS)
    assert again.counts["refused"] == 2


def test_by_letter_and_date_of_birth_a_relative_fills_it_in_and_a_person_judges() -> None:
    old = neighbour()
    policy = released()
    letters.printed(actor(MANAGER), policy.pk)
    code, right = match(old).code, date.fromisoformat(born(91))
    with pytest.raises(NotSignedIn):
        letters.opened(Actor.anonymous(), code, right)
    draft = letters.opened(actor("chenjumin"), f"{code[:5]}-{code[5:]}".lower(), right)
    assert (draft.person, draft.policy, draft.authority) == (old, policy.pk, letters.BY_LETTER)
    for key, value in (("payee", "social_card"), ("told_by", "call")):
        draft = drafting.answer(actor("chenjumin"), draft.pk, key, value, seen=draft.version)
    case = drafting.send(actor("chenjumin"), draft.pk, consent=AGREED)
    found = Application.objects.get(pk=case)
    assert (found.person, found.policy, cases.state_of(case)["state"]) == (old, policy.pk, "submitted")


def test_five_wrong_dates_close_a_letter_but_not_the_counter() -> None:
    old = neighbour()
    letters.printed(actor(MANAGER), released().pk)
    code = match(old).code
    for _ in range(letters.TRIES):
        with pytest.raises(Invalid, match="belong together"):
            letters.opened(actor("chenjumin"), code, date(1930, 1, 1))
    with pytest.raises(Conflict, match="counter"):
        letters.opened(actor("chenjumin"), code, date.fromisoformat(born(91)))
    with pytest.raises(Denied):
        letters.at_counter(actor("chenjumin"), code)
    draft = letters.at_counter(actor("linchuangkou"), code)
    assert (draft.person, draft.channel) == (old, "counter")
    with pytest.raises(Invalid, match="no letter"):
        letters.at_counter(actor("linchuangkou"), "ABCDEFGHJK")


def test_the_square_code_of_a_letter_is_read_at_the_counter() -> None:
    old = neighbour()
    letters.printed(actor(MANAGER), released().pk)
    text = f"https://shanzhi.example/services/letter?code={match(old).code}"
    data = as_jpeg(picture(text=text))
    assert qr.codes(data) == [text] and papers.read(data) == match(old).code
