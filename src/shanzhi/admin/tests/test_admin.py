"""Who runs the installation sees how it runs, and decides who may do what."""

from datetime import timedelta

import pytest
from django.test import Client

from shanzhi.base.clock import now
from shanzhi.base.ids import new_id
from shanzhi.journal.models import ReaderPosition, SetAside, TickerTurn
from shanzhi.orgs.models import Account, GrantRow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wuhou")]


def signed_in(username: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(username=username))
    return client


@pytest.fixture
def admin() -> Client:
    return signed_in("admin")


@pytest.mark.parametrize("who", ["sunpaiqian", "zhangdudao", "shenji", "wangdama"])
@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts", "/admin/accounts/1"])
def test_nobody_else_comes_in(who: str, address: str) -> None:
    assert signed_in(who).get(address).status_code == 403


def test_readers_that_fail_are_seen(admin: Client) -> None:
    ReaderPosition.objects.create(name="sick", entry=new_id(), moved_at=now(), failures=2, error="no room")
    SetAside.objects.create(reader="sick", entry=new_id(), error="cannot digest this", at=now())
    page = admin.get("/admin/").content.decode()
    assert "no room" in page
    assert "cannot digest this" in page
    assert 'lamp red">sick' in page


def test_work_that_fails_is_seen_and_tried_again(admin: Client) -> None:
    at, later = now(), now() + timedelta(minutes=4)
    TickerTurn.objects.create(
        name="notices.sending.send", ran_at=at, next_at=later, failures=3, error="no line"
    )
    TickerTurn.objects.create(name="cases.ticker.tick", ran_at=at, next_at=at)
    page = admin.get("/admin/").content.decode()
    assert "no line" in page
    assert 'lamp red">notices.sending.send' in page
    assert 'lamp green">cases.ticker.tick' in page
    assert 'lamp yellow">orgs.jobs.forget_sessions' in page  # nobody has ever run it
    answer = admin.post("/admin/", {"do": "tick", "ticker": "notices.sending.send"}, follow=True)
    assert "next turn of a worker" in answer.content.decode()
    assert TickerTurn.objects.get(pk="notices.sending.send").next_at <= now()


def test_the_pack_in_force_is_named(admin: Client) -> None:
    assert "wuhou" in admin.get("/admin/").content.decode()


def test_accounts_are_found_by_name(admin: Client) -> None:
    page = admin.get("/admin/accounts", {"q": "wangdama"}).content.decode()
    assert "wangdama" in page
    assert "sunpaiqian" not in page
    assert admin.get("/admin/accounts", {"q": "nobody\0"}).status_code == 200


def test_an_account_is_opened_given_a_role_and_closed(admin: Client) -> None:
    typed = {"username": "NewOne", "name": "新人", "password": "long-enough-2026", "staff": "on"}
    answer = admin.post("/admin/accounts", typed)
    account = Account.objects.get(username="newone")
    assert answer.headers["location"] == f"/admin/accounts/{account.pk}"
    admin.post(
        answer.headers["location"], {"do": "grant", "role": "grid_worker", "area": "510107", "org": ""}
    )
    [grant] = GrantRow.objects.filter(account=account)
    assert (grant.role, grant.area) == ("grid_worker", "510107")
    admin.post(answer.headers["location"], {"do": "take", "grant": "0"})
    assert not GrantRow.objects.filter(account=account).exists()
    admin.post(answer.headers["location"], {"do": "close"})
    account.refresh_from_db()
    assert not account.is_active
    admin.post(answer.headers["location"], {"do": "reopen"})
    account.refresh_from_db()
    assert account.is_active


def test_a_taken_username_keeps_what_was_typed(admin: Client) -> None:
    typed = {"username": "wangdama", "name": "另一个", "password": "long-enough-2026", "staff": "on"}
    answer = admin.post("/admin/accounts", typed)
    assert answer.status_code == 422
    assert "另一个" in answer.content.decode()
    assert "is taken" in answer.content.decode()


def test_a_role_without_its_area_is_refused(admin: Client) -> None:
    account = Account.objects.get(username="wangdama")
    answer = admin.post(f"/admin/accounts/{account.pk}", {"do": "grant", "role": "dispatcher"})
    assert answer.status_code == 422
    assert "needs an area" in answer.content.decode()
    assert not GrantRow.objects.filter(account=account, role="dispatcher").exists()


def test_ending_the_sessions_signs_out_everywhere(admin: Client) -> None:
    phone = signed_in("sunpaiqian")
    assert phone.get("/desk/").status_code == 200
    account = Account.objects.get(username="sunpaiqian")
    admin.post(f"/admin/accounts/{account.pk}", {"do": "end"})
    assert phone.get("/desk/").status_code in (302, 401)


def test_one_does_not_close_oneself(admin: Client) -> None:
    own = Account.objects.get(username="admin")
    admin.post(f"/admin/accounts/{own.pk}", {"do": "close"})
    own.refresh_from_db()
    assert own.is_active


def test_odd_input_does_nothing(admin: Client) -> None:
    account = Account.objects.get(username="sunpaiqian")
    before = GrantRow.objects.filter(account=account).count()
    for typed in ({"do": "take", "grant": "999"}, {"do": "take", "grant": "x"}, {"do": "dance"}, {}):
        assert admin.post(f"/admin/accounts/{account.pk}", typed).status_code in (200, 302)
    assert GrantRow.objects.filter(account=account).count() == before
    assert admin.get("/admin/accounts/999999").status_code == 404


def test_what_was_set_aside_is_tried_again_with_its_outcome(admin: Client) -> None:
    row = SetAside.objects.create(reader="sick", entry=new_id(), error="before", at=now())
    page = admin.post("/admin/", {"do": "retry", "entry": row.pk}, follow=True).content.decode()
    assert "1 failed again" in page
    assert "no longer installed" in page
    fine = SetAside.objects.create(reader="search", entry=new_id(), error="before", at=now())
    page = admin.post("/admin/", {"do": "all"}, follow=True).content.decode()
    assert "1 entries are done; 1 failed again" in page
    assert not SetAside.objects.filter(pk=fine.pk).exists()
    page = admin.post("/admin/", {"do": "let_go", "entry": [row.pk, "x"]}, follow=True).content.decode()
    assert "Nothing is set aside" in page
    assert "nothing to try again" in admin.post("/admin/", {"do": "all"}, follow=True).content.decode()


def test_a_session_is_seen_and_ended_alone() -> None:
    phone, other = (
        Client(headers={"accept-language": "en", "user-agent": agent}) for agent in (ANDROID, "?")
    )
    for one in (phone, other):
        answer = one.post("/accounts/login/", {"login": "sunpaiqian", "password": "wuhou-demo"})
        assert answer.status_code == 302
    account = Account.objects.get(username="sunpaiqian")
    address, admin = f"/admin/accounts/{account.pk}", signed_in("admin")
    page = admin.get(address)
    assert "Chrome · Android" in page.content.decode()
    assert str(phone.session.session_key) not in page.content.decode()
    [mine] = [one["id"] for one in page.context["sessions"] if one["device"]]
    admin.post(address, {"do": "end_one", "session": mine})
    assert phone.get("/desk/").status_code == 302
    assert other.get("/desk/").status_code == 200
    assert admin.post(address, {"do": "end_one", "session": mine}).status_code == 404
    admin.post(address, {"do": "end"})
    assert "Signed in nowhere" in admin.get(address).content.decode()


ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/124.0.0.0 Mobile Safari/537.36"


def test_the_look_is_for_staff(admin: Client) -> None:
    page = admin.get("/admin/look").content.decode()
    assert "--main" in page
    assert "too little" not in page
    assert signed_in("liwangge").get("/admin/look").status_code == 200
    assert signed_in("wangdama").get("/admin/look").status_code == 403


def test_models_show_how_good_they_are(admin: Client) -> None:
    from shanzhi.learning.models import ModelVersion

    report = {
        "count": 9, "accuracy": 0.5, "macro_f1": 0.4, "certain": 0.75, "ece": 0.1,
        "classes": [{"label": "C0108", "count": 9, "precision": 0.5, "recall": 0.5, "f1": 0.5}],
        "confusion": [["C0108", "E0402", 3]], "curve": [{"count": 9, "said": 0.8, "right": 0.5}],
        "wrong": [{"text": "灯坏了", "label": "C0108", "said": "E0402", "probability": 0.9}],
    }  # fmt: skip
    ModelVersion.objects.create(
        name="category", version=1, digest="", labels=2, trained_on=90, report=report, running=True,
        actor="system", at=now(),
    )  # fmt: skip
    assert "0.400" in admin.get("/admin/models").content.decode()
    page = admin.get("/admin/models/category/1").content.decode()
    assert "Street lamp C0108" in page
    assert "灯坏了" in page
    assert admin.get("/admin/models/category/2").status_code == 404
    assert signed_in("zhangdudao").get("/admin/models").status_code == 403
