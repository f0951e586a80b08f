"""Everybody says how he wants to be told; what is wrong is said at its field and what was typed is kept."""

from django.test import Client

from shanzhi.notices import proving, queries
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
    assert "case.extended" in queries.preference(actor).muted
    assert 'value="case.helping"' not in page  # a resident's office is never asked to help
    assert 'value="case.helping"' in signed_in("wulian").get("/my/telling").content.decode()


def test_the_code_that_came_is_typed_on_the_page(wuhou: None) -> None:
    wang = signed_in("wangdama")
    answer = wang.post("/my/telling", {"by_email": "on", "email": "wang@county.example"}, follow=True)
    assert "We have sent a code to wang@county.example" in answer.content.decode()
    [actor] = actors(usernames=["wangdama"])
    assert not queries.preference(actor).email
    right = proving.code(proving.pending(actor.account or 0)["email"])
    wrong = wang.post("/my/telling", {"channel": "email", "code": "12"})
    assert (wrong.status_code, "This is not the code" in wrong.content.decode()) == (422, True)
    done = wang.post("/my/telling", {"channel": "email", "code": right}, follow=True).content.decode()
    assert "Confirmed" in done
    assert "We have sent a code" not in done
    assert queries.preference(actor).email
    assert wang.post("/my/telling", {"channel": "email", "code": right}).status_code == 302  # once is enough


def test_a_way_without_an_address_keeps_what_was_typed(wuhou: None) -> None:
    answer = signed_in("wulian").post("/my/telling", {"by_email": "on", "by_sms": "on", "phone": "123"})
    assert answer.status_code == 422
    assert 'value="123"' in answer.content.decode()


def test_a_stranger_signs_in_first(wuhou: None) -> None:
    assert Client().get("/my/telling").status_code == 302
