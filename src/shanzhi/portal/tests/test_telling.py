"""Everybody says how he wants to be told; what is wrong is said at its field and what was typed is kept."""

from django.test import Client

from shanzhi.notices import queries
from shanzhi.orgs.queries import actors
from shanzhi.web.tests.demo import signed_in


def test_a_choice_is_kept_and_shown_again(wuhou: None) -> None:
    wang = signed_in("wangdama")
    sent = {
        "by_sms": "on",
        "phone": "138 1234 5678",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "told": ["case.answered"],
    }
    assert wang.post("/my/telling", sent).status_code == 302
    page = wang.get("/my/telling").content.decode()
    assert 'value="13812345678"' in page
    assert 'value="22:00"' in page
    [actor] = actors(usernames=["wangdama"])
    assert "case.answered" not in queries.preference(actor).muted
    assert "case.warned" in queries.preference(actor).muted


def test_a_way_without_an_address_keeps_what_was_typed(wuhou: None) -> None:
    answer = signed_in("wulian").post("/my/telling", {"by_email": "on", "by_sms": "on", "phone": "123"})
    assert answer.status_code == 422
    assert 'value="123"' in answer.content.decode()


def test_a_stranger_signs_in_first(wuhou: None) -> None:
    assert Client().get("/my/telling").status_code == 302
