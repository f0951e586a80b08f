"""Errors as pages: what was typed comes back with them, and machines are answered in their own shape."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test import Client, RequestFactory

from shanzhi.base.errors import Failed, Unavailable, trouble
from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import YULIN, opened
from shanzhi.files.queries import vault
from shanzhi.files.tests.samples import picture
from shanzhi.orgs.models import Account
from shanzhi.web.problems import are_words, came_from, kept

HERE = "http://testserver"
NO_ROOM = """CREATE FUNCTION pg_temp.no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"""
ROOM = """CREATE OR REPLACE FUNCTION pg_temp.no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RETURN NEW; END $$"""


def visitor(username: str = "", **headers: str) -> Client:
    client = Client(
        raise_request_exception=False, headers={"origin": HERE, "accept-language": "en"} | headers
    )
    if username:
        client.force_login(Account.objects.get(username=username))
    return client


@pytest.fixture
def full(district: None) -> None:
    """A database whose disk takes no more cases: PostgreSQL's own error, from a trigger."""
    with connection.cursor() as cursor:
        cursor.execute(NO_ROOM)
        cursor.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON cases_case EXECUTE FUNCTION pg_temp.no_room()"
        )


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OperationalError("connection refused"), Unavailable),
        (InterfaceError("the connection is closed"), Unavailable),
        (OSError(errno.ENOSPC, "No space left on device"), Unavailable),
        (OSError(errno.ENOENT, "No such file"), Failed),
        (ZeroDivisionError(), Failed),
        (None, Failed),
    ],
)
def test_what_passes_is_told_from_a_fault_of_ours(error: BaseException | None, kind: type) -> None:
    assert type(trouble(error)) is kind


@pytest.mark.parametrize(("language", "says"), [("en", "Try again"), ("zh-CN", "再试一次")])
def test_a_full_disk_gives_a_page_with_what_was_typed(full: None, language: str, says: str) -> None:
    report = {"type": "street-issue", "text": "井盖松动 <b>危险</b>", "area": "510107005"}
    answer = visitor(**{"accept-language": language}).post("/report", report)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert says in page
    assert "井盖松动 &lt;b&gt;危险&lt;/b&gt;" in page
    assert 'value="510107005"' in page
    assert "Traceback" not in page
    assert "53100" not in page


def test_what_was_kept_is_sent_again_from_the_page(full: None) -> None:
    visitor_, before = visitor(), transaction.savepoint()
    report = {"type": "street-issue", "text": "井盖松动", "area": "510107005", "key": "k"}
    assert visitor_.post("/report", report).status_code == 503
    transaction.savepoint_rollback(before)  # as at the end of a request
    with connection.cursor() as cursor:
        cursor.execute(ROOM)
    assert visitor_.post("/report", report).status_code == 302
    assert Case.objects.get().title == "井盖松动"


def test_machines_are_told_in_the_one_shape(full: None) -> None:
    body = {"text": "井盖松动", "lon": YULIN[0], "lat": YULIN[1]}
    answer = visitor().post("/api/v1/intake/reports", body, "application/json")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer.json().keys() == {"code", "message", "hint", "facts", "errors"}
    assert answer.json()["code"] == "unavailable"


@contextmanager
def no_room() -> Iterator[None]:
    """A disk of four kilobytes in place of the vault's, where that can be had."""
    root = vault().root
    root.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(root)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a full disk needs the right to mount one")
    try:
        yield
    finally:
        subprocess.run(["umount", str(root)], check=True)


def test_a_full_disk_for_files_leaves_the_form_as_it_was(district: None) -> None:
    visitor_ = visitor()
    report = {"type": "street-issue", "text": "井盖松动", "area": "510107005"}
    with no_room():
        photo = SimpleUploadedFile("a.jpg", picture(size=(770, 410), quality=95), "image/jpeg")
        answer = visitor_.post("/report", report | {"photos": photo})
        told = visitor_.post("/api/v1/files", {"file": SimpleUploadedFile("b.jpg", picture(size=(777, 410)))})
    assert answer.status_code == 422
    assert "There is no room for files just now" in answer.content.decode()
    assert "井盖松动" in answer.content.decode()
    assert (told.status_code, told.json()["code"]) == (503, "unavailable")
    assert visitor_.post("/report", report).status_code == 302


def test_a_session_that_has_ended_keeps_what_was_typed(district: None) -> None:
    address = f"/desk/cases/{opened().id}"
    answer = visitor(referer=f"{HERE}{address}").post(
        address, {"form": "note", "note-words": "已联系 物业", "note-key": "k"}
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "已联系 物业" in page
    assert f"/accounts/login/?next={address}" in page


def test_a_page_from_before_signing_in_again_can_be_sent_again(district: None) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": HERE})
    client.force_login(Account.objects.get(username="wulian"))
    typed = {"form": "note", "note-words": "已联系 物业", "csrfmiddlewaretoken": "a" * 64}
    answer = client.post(f"/desk/cases/{opened().id}", typed)
    assert answer.status_code == 403
    assert "已联系 物业" in answer.content.decode()
    assert "a" * 64 not in answer.content.decode()


def test_only_forms_of_our_own_pages_come_back() -> None:
    ask = RequestFactory()
    typed = {"text": "两 个", "password": "secret words", "area": "5101"}
    assert kept(ask.post("/a", typed)) is None
    assert kept(ask.post("/a", typed, headers={"origin": "https://elsewhere.example"})) is None
    found = kept(ask.post("/a?b=1", typed, headers={"origin": HERE}))
    assert found
    assert found["address"] == "/a?b=1"
    assert [(one["name"], one["words"]) for one in found["fields"]] == [("text", True), ("area", False)]


def test_words_are_told_from_codes() -> None:
    assert are_words("井盖")
    assert are_words("a pothole")
    assert are_words("A" * 200)
    assert not are_words("510107005")


def test_one_comes_back_to_the_page_of_the_form() -> None:
    ask = RequestFactory()
    own = {"referer": f"{HERE}/desk/?tab=mine"}
    assert came_from(ask.post("/desk/filters", headers=own)) == "/desk/?tab=mine"
    assert came_from(ask.get("/desk/today", headers=own)) == "/desk/today"
    assert came_from(ask.post("/desk/filters", headers={"referer": "https://x.example/a"})) == "/desk/filters"
