"""A policy written in the morning has found its people; nobody is told before a person lets the letters go."""

from datetime import timedelta

import pytest
from django.test import Client

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid
from shanzhi.cases.tests.district import actor
from shanzhi.journal.queries import stream
from shanzhi.notices.queries import inbox
from shanzhi.orgs.models import Account
from shanzhi.services.actions import drafting, policies, stopping
from shanzhi.services.models import Application
from shanzhi.services.queries import applications, figures
from shanzhi.services.queries import policies as found
from shanzhi.services.tests.people import registered
from shanzhi.services.tests.test_applying import AGREED, filled

pytestmark = pytest.mark.usefixtures("district")
BASIS = "中华人民共和国个人信息保护法第十三条"


def test_it_finds_who_qualifies_and_has_it_not() -> None:
    registered("wangdama", age=82)
    registered("chenjumin", age=35)
    policy = policies.look_for(actor("xufuwu"), "MZ-001", purpose="应享尽享", basis=BASIS)
    assert policy.looked_at == 2 and policy.counts == {"found": 1, "served": 0, "refused": 0}
    [entry] = stream(policy.pk)
    assert entry.data["purpose"] == "应享尽享" and entry.data["keys"] == ["age", "hukou"]
    assert inbox(actor("wangdama")) == []
    assert policies.release(actor("xufuwu"), policy.pk) == 1
    [letter] = inbox(actor("wangdama"))
    assert letter["kind"] == policies.KIND and letter["data"]["item"] == "MZ-001"
    with pytest.raises(Conflict):
        policies.release(actor("xufuwu"), policy.pk)
    drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    after = found.coverage(policy)
    assert (after.qualify, after.before, after.now) == (1, 0, 1)


def test_who_wants_no_letters_gets_none() -> None:
    registered("wangdama", age=82)
    policies.letters(actor("wangdama"), wanted=False)
    policy = policies.look_for(actor("xufuwu"), "MZ-001", purpose="应享尽享", basis=BASIS)
    assert policy.counts["refused"] == 1 and policies.release(actor("xufuwu"), policy.pk) == 0
    assert inbox(actor("wangdama")) == []


def test_only_with_purpose_and_ground_and_the_right() -> None:
    with pytest.raises(Invalid):
        policies.look_for(actor("xufuwu"), "MZ-001", purpose="", basis=BASIS)
    with pytest.raises(Denied):
        policies.look_for(actor("zhengminzheng"), "MZ-001", purpose="应享尽享", basis=BASIS)
    stopping.stop(actor("xufuwu"), "elderly-allowance", reason="标准调整")
    with pytest.raises(Invalid):
        policies.look_for(actor("xufuwu"), "MZ-001", purpose="应享尽享", basis=BASIS)


def test_figures_are_counted_from_applications_and_open_into_them() -> None:
    registered("wangdama", age=82)
    registered("chenjumin", age=70)
    drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    case = drafting.send(actor("chenjumin"), filled("chenjumin").pk, consent=AGREED, anyway=True)
    first, last = now() - timedelta(days=1), now() + timedelta(days=1)
    shares = figures.shares(actor("xufuwu"), first, last)
    assert (shares["prefilled"].n, shares["prefilled"].of) == (4, 8)
    assert (shares["at_once"].n, shares["at_once"].of) == (1, 1)
    assert shares["online"].value == 1 and shares["promised"].value == 1
    assert (shares["collected"].n, shares["collected"].of) == (8, 12)
    assert shares["in_time"].value == 1 and figures.behind(actor("xufuwu"), "in_time", first, last) == []
    Application.objects.filter(pk=case).update(started_at=now() - timedelta(minutes=25))
    late = figures.behind(actor("xufuwu"), "in_time", first, last)
    assert [row["case"] for row in late] == [case]
    behind = figures.behind(actor("xufuwu"), "prefilled", first, last)
    assert {row["case"] for row in behind} >= {case}
    assert figures.minutes(actor("xufuwu"), first, last) is not None


def test_a_drawn_decision_is_looked_at_once() -> None:
    registered("wangdama", age=82)
    case = drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    Application.objects.filter(pk=case).update(drawn_at=now())
    assert [row["case"] for row in applications.samples(actor("xufuwu"))] == [case]
    with pytest.raises(Invalid):
        stopping.checked(actor("xufuwu"), case, right=False, words="")
    stopping.checked(actor("xufuwu"), case, right=True, words="")
    assert applications.samples(actor("xufuwu")) == []


def test_every_figure_on_the_page_opens_into_those_that_keep_it_from_being_whole() -> None:
    """Each share and the page behind it speak of the same applications: what is behind is what is not counted."""
    registered("wangdama", age=82)
    registered("chenjumin", age=70)
    drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    drafting.send(actor("chenjumin"), filled("chenjumin").pk, consent=AGREED, anyway=True)
    Application.objects.update(started_at=now() - timedelta(minutes=25))
    first, last = now() - timedelta(days=1), now() + timedelta(days=1)
    shares = figures.shares(actor("xufuwu"), first, last)
    client = Client()
    client.force_login(Account.objects.get(username="xufuwu"))
    page = client.get("/desk/services/manage").content.decode()
    for code in (*figures.SHARES, "in_time"):
        assert f"/desk/services/figures/{code}" in page
        behind = figures.behind(actor("xufuwu"), code, first, last)
        assert bool(behind) == (shares[code].n < shares[code].of)
        listed = client.get(f"/desk/services/figures/{code}").content.decode()
        assert all(f"/desk/services/{row['case']}" in listed for row in behind)
        assert all(client.get(f"/desk/services/{row['case']}").status_code == 200 for row in behind[:1])
