"""The outbox: a secret is shown once, what is dead can be sent again."""

from uuid import uuid4

from shanzhi.base.clock import now
from shanzhi.notices.models import Delivery, Endpoint
from shanzhi.web.tests.demo import signed_in


def test_a_system_is_added_and_its_secret_shown_once(wuhou: None) -> None:
    admin = signed_in("admin")
    page = admin.post("/admin/outbox", {"add": "1", "name": "分析平台", "url": "https://county.example/hook"})
    secret = page.context["secret"]
    assert len(secret) > 30
    assert secret in page.content.decode()
    assert secret not in admin.get("/admin/outbox").content.decode()
    bad = admin.post("/admin/outbox", {"add": "1", "name": "x", "url": "ftp://x"})
    assert bad.status_code == 422
    assert 'value="ftp://x"' in bad.content.decode()


def test_what_is_dead_is_sent_again_and_a_system_switched_off(wuhou: None) -> None:
    admin = signed_in("admin")
    admin.post("/admin/outbox", {"add": "1", "name": "x", "url": "https://county.example/hook"})
    endpoint = Endpoint.objects.get()
    dead = Delivery.objects.create(
        channel="webhook", endpoint=endpoint, entry=uuid4(), kind="case.moved", status="dead", attempts=8,
        next_at=now(), created_at=now(), error="HTTP 500",
    )  # fmt: skip
    assert "HTTP 500" in admin.get("/admin/outbox").content.decode()
    admin.post("/admin/outbox", {"delivery": [dead.pk, "x"]})
    admin.post("/admin/outbox", {"switch": endpoint.pk, "to": "off"})
    assert Delivery.objects.get().status == "waiting"
    assert not Endpoint.objects.get().active


def test_nobody_else_comes_in(wuhou: None) -> None:
    assert signed_in("sunpaiqian").get("/admin/outbox").status_code == 403
