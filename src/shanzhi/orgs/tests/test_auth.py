import time
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client as Browser
from django.urls import path
from ninja import NinjaAPI
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from shanzhi.base.errors import Problem
from shanzhi.orgs import actions, queries
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.auth import (
    OPEN,
    OPEN_SCHEMA,
    SIGNED,
    actor_from,
    address_hash,
    client_address,
    limit_anonymous,
)
from shanzhi.orgs.models import Account, Client, GrantRow
from shanzhi.orgs.pages import urlpatterns as sign_in
from shanzhi.portal.pages import urlpatterns as portal

api = NinjaAPI(auth=SIGNED, urls_namespace="orgs-test")


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return JsonResponse({"code": error.code}, status=error.status)


@api.get("/who")
def who(request: HttpRequest) -> str:
    return actor_from(request).ref


@api.post("/write")
def write(request: HttpRequest) -> str:
    return actor_from(request).ref


@api.post("/report", auth=OPEN, openapi_extra=OPEN_SCHEMA)
def report(request: HttpRequest) -> str:
    limit_anonymous(request, "report", per_minute=3)
    return actor_from(request).ref


def _desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


urlpatterns = [path("api/", api.urls), *sign_in, *portal, path("desk/", _desk, name="desk")]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def bearer(key: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {key}"}}


def test_a_client_is_known_by_its_key(hotline: tuple[Client, str]) -> None:
    client, key = hotline
    answer = Browser().get("/api/who", **bearer(key))
    assert (answer.status_code, answer.json()) == (200, f"client:{client.pk}")
    actor = queries.actor_of_key(key)
    assert actor is not None
    assert actor.has("operator", "510107001")


@pytest.mark.parametrize("key", ["", "sz_wrong", "x" * 10_000, "键", "sz_%00"])
def test_a_wrong_key_opens_nothing_not_even_what_is_open_to_all(key: str) -> None:
    header = key.encode().decode("latin-1")
    assert Browser().get("/api/who", **bearer(header)).status_code == 401
    assert Browser().post("/api/report", **bearer(header)).status_code == 401


def test_nobody_is_told_to_sign_in() -> None:
    assert Browser().get("/api/who").status_code == 401
    assert Browser().post("/api/write").status_code == 401


def test_only_a_hash_of_the_key_is_kept(hotline: tuple[Client, str]) -> None:
    client, key = hotline
    assert key.encode() not in bytes(client.key_hash)
    assert len(bytes(client.key_hash)) == 32


def test_a_revoked_key_is_refused_within_seconds_by_every_process(
    hotline: tuple[Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, key = hotline
    assert queries.actor_of_key(key)
    Client.objects.filter(pk=client.pk).update(revoked_at=client.created_at)  # as another process would
    assert queries.actor_of_key(key), "it is remembered for a moment"
    later = time.monotonic() + queries.access.KEY_TTL + 0.01
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert queries.actor_of_key(key) is None


def test_a_key_revoked_here_is_refused_here_at_once(hotline: tuple[Client, str]) -> None:
    client, key = hotline
    assert Browser().get("/api/who", **bearer(key)).status_code == 200
    actions.revoke(Actor.system(), client.pk)
    assert Browser().get("/api/who", **bearer(key)).status_code == 401


def test_a_busy_client_costs_no_statement_for_each_request(
    hotline: tuple[Client, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, key = hotline
    Browser().get("/api/who", **bearer(key))
    with django_assert_num_queries(0):
        for _ in range(10):
            assert Browser().get("/api/who", **bearer(key)).status_code == 200


def test_a_client_is_limited() -> None:
    _, key = actions.open_client(Actor.system(), "slow", per_minute=3)
    assert [Browser().get("/api/who", **bearer(key)).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_personal_token_stands_for_its_owner_until_the_account_is_closed(zhang: Account) -> None:
    _, key = actions.open_token(queries.actor_of(zhang), "my script")
    answer = Browser().get("/api/who", **bearer(key))
    assert answer.json() == f"account:{zhang.pk}"
    actions.close_account(Actor.system(), zhang.pk)
    queries.forget()
    assert Browser().get("/api/who", **bearer(key)).status_code == 401


def test_the_session_of_a_page_works_for_the_api_and_ends_with_the_account(zhang: Account) -> None:
    browser = Browser()
    browser.force_login(zhang)
    assert browser.get("/api/who").json() == f"account:{zhang.pk}"
    actions.close_account(Actor.system(), zhang.pk)
    assert browser.get("/api/who").status_code == 401


@pytest.mark.parametrize("address", ["/api/write", "/api/report"])
def test_a_write_with_a_session_needs_the_csrf_token(zhang: Account, address: str) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(zhang)
    assert browser.post(address).status_code == 403
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    assert browser.post(address, headers={"X-CSRFToken": "b" * 32}).status_code == 403
    assert browser.post(address, headers={"X-CSRFToken": token}).status_code == 200


def test_a_write_with_a_key_or_by_a_stranger_needs_no_csrf_token(hotline: tuple[Client, str]) -> None:
    _, key = hotline
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post("/api/write", **bearer(key)).status_code == 200
    assert browser.post("/api/report").json() == "anonymous"


def test_a_made_up_session_is_nobody() -> None:
    browser = Browser()
    browser.cookies["sessionid"] = "0" * 32
    assert browser.get("/api/who").status_code == 401
    assert browser.post("/api/report").json() == "anonymous"


def test_strangers_from_one_address_are_limited_together_and_others_are_not(
    hotline: tuple[Client, str],
) -> None:
    answers = [Browser().post("/api/report").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert Browser(REMOTE_ADDR="10.0.0.9").post("/api/report").status_code == 200
    assert Browser().post("/api/report", **bearer(hotline[1])).status_code == 200


def test_an_address_is_kept_as_a_pseudonym_and_an_ipv6_subscriber_is_one() -> None:
    def asked(address: str) -> HttpRequest:
        request = HttpRequest()
        request.META["REMOTE_ADDR"] = address
        return request

    assert "10.0.0.9" not in address_hash(asked("10.0.0.9"))
    assert address_hash(asked("10.0.0.9")) != address_hash(asked("10.0.0.8"))
    assert address_hash(asked("2001:db8:1:2:3::4")) == address_hash(asked("2001:db8:1:2:ffff::1"))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.9"),  # nobody to believe
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.9"),
        (1, "", "10.0.0.9"),
    ],
)
def test_only_what_trusted_proxies_say_of_an_address_is_believed(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(request) == address


def test_staff_without_the_second_factor_they_must_have_are_nobody(
    zhang: Account, wang: Account, settings: Settings
) -> None:
    settings.STAFF_TOTP = True
    browser = Browser()
    browser.force_login(zhang)
    assert browser.get("/api/who").status_code == 401
    browser.force_login(wang)
    assert browser.get("/api/who").status_code == 200


def test_an_actor_takes_one_statement(
    zhang: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = Account.objects.get(pk=zhang.pk)
    with django_assert_num_queries(1):
        assert queries.actor_of(found) is queries.actor_of(found)
    assert queries.actor_of(found).grants == (Grant("street_leader", "510107001"),)


def test_a_closed_account_is_nobody(zhang: Account) -> None:
    zhang.is_active = False
    assert queries.actor_of(zhang) == Actor.anonymous()
    assert GrantRow.objects.filter(account=zhang).exists()
