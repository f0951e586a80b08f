import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import path
from pytest_django.fixtures import Settings

from shanzhi import settings as ours
from shanzhi.journal import queries as journal
from shanzhi.orgs.actions import open_account, stream
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import Account, GrantRow
from shanzhi.orgs.pages import urlpatterns as sign_in_pages
from shanzhi.orgs.queries import actor_of
from shanzhi.orgs.sessions import SessionStore, holder
from shanzhi.orgs.sign_in import HOMES
from shanzhi.orgs.tests.conftest import PASSWORD
from shanzhi.portal.pages import urlpatterns as portal


def _home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [*sign_in_pages, path("", _home), path("desk/", _home, name="desk"), *portal]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


def sign_in(browser: Browser, username: str, password: str = PASSWORD) -> Any:
    return browser.post(LOGIN, {"login": username, "password": password})


def prove_again(browser: Browser) -> None:
    """What touches the second factor asks for the password once more."""
    assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def code_for(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("username", ["wangdama", "WangDaMa", " wangdama "])
def test_a_resident_signs_in_and_comes_home(wang: Account, username: str) -> None:
    answer = sign_in(Browser(), username)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_staff_come_to_the_desk_and_the_journal_knows(zhang: Account) -> None:
    assert sign_in(Browser(), "zhangdudao")["Location"] == "/desk/"
    kinds = [entry.kind for entry in journal.stream(stream(f"account:{zhang.pk}"))]
    assert kinds == ["account.opened", "account.signed_in"]


@pytest.mark.parametrize("role", ["evaluator", "auditor", "administrator"])
def test_who_is_never_given_a_case_begins_where_his_work_is(zhang: Account, role: str) -> None:
    GrantRow.objects.filter(account=zhang).delete()
    GrantRow.objects.create(account=zhang, role=role, area="510107")
    assert sign_in(Browser(), zhang.username)["Location"] == HOMES[role]
    GrantRow.objects.create(account=zhang, role="grid_worker", area="510107")
    assert sign_in(Browser(), zhang.username)["Location"] == "/desk/"


def test_a_session_is_read_with_its_account_in_one_statement_and_ends_with_it(zhang: Account) -> None:
    client = Browser()
    client.force_login(zhang)

    def asked() -> Any:
        request: Any = HttpRequest()
        request.session = SessionStore(client.cookies["sessionid"].value)
        return holder(request)

    with CaptureQueriesContext(connection) as counted:
        found = asked()
        assert actor_of(found).roles()
    assert (found, len(counted)) == (zhang, 1)
    Account.objects.filter(pk=zhang.pk).update(generation=1)
    assert not asked().is_authenticated  # all sessions were ended
    client.force_login(Account.objects.get(pk=zhang.pk))
    assert asked().is_authenticated
    Account.objects.filter(pk=zhang.pk).update(is_active=False)
    assert not asked().is_authenticated


def test_the_password_is_kept_by_argon2(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS  # tests have a quicker one first
    account = open_account(Actor.system(), "xinren", PASSWORD, name="新人")
    assert account.password.startswith("argon2$argon2id$")
    assert account.check_password(PASSWORD)


@pytest.mark.parametrize(("username", "password"), [("wangdama", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_and_an_unknown_name_look_the_same(
    wang: Account, username: str, password: str
) -> None:
    answer = sign_in(Browser(), username, password)
    assert answer.status_code == 200
    assert "_auth_user_id" not in answer.client.session


def test_a_closed_account_cannot_sign_in(wang: Account) -> None:
    Account.objects.update(is_active=False)
    browser = Browser()
    sign_in(browser, "wangdama")
    assert "_auth_user_id" not in browser.session


def test_guessing_ends_after_five_tries_even_with_the_right_password_and_from_elsewhere(
    wang: Account,
) -> None:
    for number in range(5):
        sign_in(Browser(REMOTE_ADDR=f"10.0.0.{number}"), "wangdama", "wrong")
    browser = Browser(REMOTE_ADDR="10.0.1.1")
    sign_in(browser, "wangdama")
    assert "_auth_user_id" not in browser.session


def test_guessing_many_names_from_one_address_ends_too(wang: Account) -> None:
    for number in range(10):
        sign_in(Browser(), f"name{number}", "wrong")
    browser = Browser()
    sign_in(browser, "wangdama")
    assert "_auth_user_id" not in browser.session


def test_signing_in_needs_the_csrf_token(wang: Account) -> None:
    assert sign_in(Browser(enforce_csrf_checks=True), "wangdama").status_code == 403


def test_nobody_is_sent_to_another_site_after_signing_in(wang: Account) -> None:
    answer = Browser().post(
        LOGIN, {"login": "wangdama", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_signing_out_needs_a_click_and_ends_the_session(wang: Account) -> None:
    browser = Browser()
    browser.force_login(wang)
    assert browser.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in browser.session
    assert browser.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in browser.session


def test_nobody_opens_an_account_for_himself() -> None:
    data = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    Browser().post("/accounts/signup/", data)
    assert not Account.objects.exists()


def test_staff_sign_in_with_a_second_factor_once_they_have_one(zhang: Account) -> None:
    browser = Browser()
    sign_in(browser, "zhangdudao")
    assert "/reauthenticate/" in browser.get("/accounts/2fa/totp/activate/")["Location"]
    prove_again(browser)
    page = browser.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)}).status_code == 302
    kept = Authenticator.objects.get(user=zhang, type="totp")
    assert secret not in str(kept.data), "the secret is encrypted"

    again = Browser()
    assert sign_in(again, "zhangdudao")["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in again.session
    again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in again.session
    cache.clear()  # a code is good once: forget that it was used to set up
    again.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert "_auth_user_id" in again.session
    prove_again(again)
    assert again.get("/accounts/2fa/codes/").status_code == 200


def test_where_staff_must_have_a_second_factor_nothing_opens_before(
    zhang: Account, wang: Account, settings: Settings
) -> None:
    settings.STAFF_TOTP = True
    browser = Browser()
    browser.force_login(zhang)
    assert browser.get("/desk/")["Location"] == "/accounts/2fa/totp/activate/"
    assert browser.get("/accounts/2fa/totp/activate/").status_code in (200, 302)
    browser.force_login(wang)
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("address", [LOGIN, "/accounts/signup/", "/"])
def test_pages_come_with_strict_headers(address: str) -> None:
    answer = Browser().get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


PAGES = [
    "/accounts/reauthenticate/",
    "/accounts/password/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
]


@pytest.mark.parametrize("address", [LOGIN, *PAGES])
def test_pages_work_under_their_policy_and_are_chinese(zhang: Account, address: str) -> None:
    browser = Browser()
    if address != LOGIN:
        sign_in(browser, "zhangdudao")
        prove_again(browser)
    answer = browser.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'lang="zh-hans"' in html
    assert re.search(r"[\u4e00-\u9fff]{2}", html)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", html)
    assert not re.search(r"\son\w+=|<style|\sstyle=", html)


def test_cookies_are_not_for_scripts_nor_for_other_sites(wang: Account, settings: Settings) -> None:
    browser = Browser()
    browser.get(LOGIN)
    sign_in(browser, "wangdama")
    for name in ("sessionid", "csrftoken"):
        assert browser.cookies[name]["httponly"]
        assert browser.cookies[name]["samesite"] == "Lax"


def test_a_demo_shows_its_accounts_and_a_button_signs_in(wang: Account) -> None:
    assert "王大妈" not in Browser().get(LOGIN).content.decode(), "no account is shown that is not of a demo"
    Account.objects.update(demo_password=PASSWORD)
    html = Browser().get(LOGIN).content.decode()
    assert "王大妈" in html
    assert "居民" in html
    assert f'value="{PASSWORD}"' in html
