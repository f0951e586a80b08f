"""The stream of changes, over HTTP: who may listen hears of what he may see, and of nothing else."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from shanzhi.cases import actions
from shanzhi.cases.opening import Report
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors
from shanzhi.web.tests.demo import signed_in
from shanzhi.web.tests.streaming import streaming

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    """One open page: what it was answered and what it hears."""

    def __init__(self, port: int, username: str = "", *headers: str) -> None:
        cookie = signed_in(username).cookies[settings.SESSION_COOKIE_NAME].value if username else "nothing"
        lines = (
            "GET /live HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Cookie: {settings.SESSION_COOKIE_NAME}={cookie}",
            *headers,
        )
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.sendall("\r\n".join((*lines, "", "")).encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = b"".join(iter(self.file.readline, b"\r\n")).decode().lower()

    def next(self) -> dict[str, Any]:
        """The next piece of news."""
        for line in self.file:
            if line.startswith(b'data: {"'):
                return dict(json.loads(line[6:]))
        raise AssertionError("the stream has ended")

    def hello(self) -> str:
        return next(line.decode() for line in self.file if line.startswith(b"data:"))


@pytest.fixture
def port(committed_district: None) -> Iterator[int]:
    with streaming() as port:
        until = time.monotonic() + 10
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < until:
            time.sleep(0.05)
        yield port


def actor(username: str) -> Actor:
    return actors(usernames=[username])[0]


def test_a_desk_hears_of_a_case_that_opens_and_moves(port: int) -> None:
    page = Listener(port, "wulian")
    assert (page.status, "text/event-stream" in page.headers) == (200, True)
    assert page.hello() == "data: 0\n"
    time.sleep(1.5)  # the reader stands at the end of the journal, also on a busy machine
    wang = actor("wangdama")
    case = actions.open_case(wang, Report("street-issue", "井盖松动", area="510107005", account=wang.account))
    told = page.next()
    assert (told["id"], told["new"], told["state"]["zh"]) == (str(case.id), True, "已上报")
    actions.move(actor("wulian"), case.id, "register")
    told = page.next()
    assert (told["new"], told["seq"], told["by"]) == (False, 2, f"account:{actor('wulian').account}")


def test_nobody_hears_of_what_he_may_not_see(port: int) -> None:
    outside, inside = Listener(port, "jiangshuiwu"), Listener(port, "sunpaiqian")
    assert outside.hello()
    assert inside.hello()
    time.sleep(0.5)
    wang = actor("wangdama")
    actions.open_case(wang, Report("street-issue", "井盖松动", area="510107005", account=wang.account))
    assert inside.next()["new"]
    outside.socket.settimeout(1)
    with pytest.raises(TimeoutError):
        outside.next()


@pytest.mark.parametrize(("username", "status"), [("", 403), ("wangdama", 403), ("shenji", 200)])
def test_only_staff_listens(port: int, username: str, status: int) -> None:
    assert Listener(port, username).status == status


def test_whoever_comes_back_is_told_that_something_may_be_missing(port: int) -> None:
    assert Listener(port, "wulian", "Last-Event-ID: 1").hello() == "data: 1\n"
