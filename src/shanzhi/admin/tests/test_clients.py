"""API keys: shown once, exchanged without a stop, ended for good."""

import re

import pytest

from shanzhi.base.clock import now
from shanzhi.journal.models import EntryRow
from shanzhi.orgs.models import Client as ApiClient
from shanzhi.orgs.models import GrantRow
from shanzhi.orgs.queries import actor_of_key
from shanzhi.web.tests.demo import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wuhou")]
OPEN = {"name": "热线系统", "per_minute": "60", "key": "once-0001"}


def shown(page: str) -> str:
    found = re.search(r'id="key">(sz_[^<]+)<', page)
    return found[1] if found else ""


def test_a_key_is_shown_once_and_works() -> None:
    admin = signed_in("admin")
    answer = admin.post("/admin/clients", OPEN)
    key = shown(answer.content.decode())
    client = ApiClient.objects.get(name="热线系统")
    actor = actor_of_key(key)
    assert actor
    assert actor.ref == f"client:{client.pk}"
    assert "no-store" in answer.headers["cache-control"]
    assert key not in admin.get(f"/admin/clients/{client.pk}").content.decode()
    assert key not in str(list(EntryRow.objects.values_list("data", flat=True)))


def test_the_same_form_twice_opens_one_client() -> None:
    admin = signed_in("admin")
    admin.post("/admin/clients", OPEN)
    again = admin.post("/admin/clients", OPEN, follow=True)
    assert ApiClient.objects.filter(name="热线系统").count() == 1
    assert "done already" in again.content.decode()
    assert not shown(again.content.decode())


def test_what_was_typed_wrongly_stays() -> None:
    answer = signed_in("admin").post("/admin/clients", {**OPEN, "per_minute": "0"})
    assert answer.status_code == 422
    assert "热线系统" in answer.content.decode()


def test_roles_are_given_and_taken_and_the_limit_is_changed() -> None:
    admin = signed_in("admin")
    admin.post("/admin/clients", OPEN)
    client = ApiClient.objects.get()
    page = f"/admin/clients/{client.pk}"
    admin.post(page, {"do": "grant", "role": "operator", "area": "510107", "org": ""})
    admin.post(page, {"do": "rate", "per_minute": "90"})
    assert GrantRow.objects.get(client=client).role == "operator"
    client.refresh_from_db()
    assert client.per_minute == 90
    assert "510107" not in admin.get("/admin/clients").content.decode()  # names, not codes
    assert admin.post(page, {"do": "grant", "role": "dispatcher"}).status_code == 422
    assert admin.post(page, {"do": "rate", "per_minute": "-1"}).status_code == 422
    for which in ("7", "x", ""):
        admin.post(page, {"do": "take", "grant": which})
    assert GrantRow.objects.filter(client=client).count() == 1
    admin.post(page, {"do": "take", "grant": "0"})
    assert not GrantRow.objects.filter(client=client).exists()


def test_the_old_key_is_good_for_as_long_as_was_said() -> None:
    admin = signed_in("admin")
    old = shown(admin.post("/admin/clients", OPEN).content.decode())
    client = ApiClient.objects.get()
    rotate = {"do": "rotate", "overlap": "24", "key": "once-0002"}
    new = shown(admin.post(f"/admin/clients/{client.pk}", rotate).content.decode())
    assert new not in ("", old)
    assert actor_of_key(old)
    assert actor_of_key(new)
    again = admin.post(f"/admin/clients/{client.pk}", rotate, follow=True)
    assert "done already" in again.content.decode()
    assert actor_of_key(new)
    ApiClient.objects.update(old_until=now())
    from shanzhi.orgs.queries import forget

    forget()
    assert actor_of_key(old) is None
    assert actor_of_key(new)
    last = shown(
        admin.post(f"/admin/clients/{client.pk}", {**rotate, "overlap": "0", "key": "3"}).content.decode()
    )
    assert actor_of_key(new) is None
    assert actor_of_key(last)


def test_a_closed_key_is_refused_and_cannot_be_exchanged() -> None:
    admin = signed_in("admin")
    key = shown(admin.post("/admin/clients", OPEN).content.decode())
    client = ApiClient.objects.get()
    admin.post(f"/admin/clients/{client.pk}", {"do": "close"})
    assert actor_of_key(key) is None
    answer = admin.post(f"/admin/clients/{client.pk}", {"do": "rotate", "overlap": "0"}, follow=True)
    assert "This client is closed" in answer.content.decode()
    assert "closed" in admin.get("/admin/clients").content.decode()


def test_a_call_is_noted_as_the_last_use() -> None:
    admin = signed_in("admin")
    key = shown(admin.post("/admin/clients", OPEN).content.decode())
    assert "never" in admin.get("/admin/clients").content.decode()
    admin.get("/api/v1/cases", headers={"authorization": f"Bearer {key}"})
    used = ApiClient.objects.get().used_at
    assert used
    assert abs((now() - used).total_seconds()) < 60


@pytest.mark.parametrize("who", ["sunpaiqian", "shenji", "wangdama"])
def test_nobody_else_comes_in(who: str) -> None:
    assert signed_in(who).get("/admin/clients").status_code == 403
    assert signed_in(who).post("/admin/clients", OPEN).status_code == 403
    assert not ApiClient.objects.exists()
