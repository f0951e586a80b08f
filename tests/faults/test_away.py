"""The database away for a while: pages say so in words and keep what was typed, machines are told in their shape.

A real installation whose server is given its database by address, so that it cannot start it again by itself.
"""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.faults.test_kill import Installation, installation, until

from shanzhi.run import embedded, postmaster

__all__ = ["installation"]
REPORT = {"type": "street-issue", "text": "井盖松动，很危险", "area": "510107005", "key": "one-report"}


@pytest.fixture
def away(installation: Installation) -> Iterator[Installation]:
    """The installation, running, with its database stopped."""
    embedded.start(installation.home.pg)
    installation.environment["DATABASE_URL"] = installation.home.url
    installation.start("serve", "--port", installation.url.rsplit(":", 1)[1], "--workers", "1")
    assert until(installation.answers)
    stop(installation.home.pg)
    yield installation
    installation.stop_all()
    embedded.stop(installation.home.pg)


def stop(data: Path) -> None:
    pid = postmaster.alive(data)
    assert pid
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
    assert until(lambda: postmaster.alive(data) is None)


def test_the_database_goes_away_and_comes_back(away: Installation) -> None:
    headers = {"accept-language": "zh-CN", "origin": away.url}
    visitor = httpx.Client(base_url=away.url, headers=headers, timeout=30)
    token = re.findall(r'name="csrf-token" content="([^"]+)"', visitor.get("/").text)[0]  # asks for no row
    sent = visitor.post("/report", data=REPORT | {"csrfmiddlewaretoken": token})
    assert sent.status_code == 503
    assert sent.headers["retry-after"] == "30"
    assert "系统暂时无法使用" in sent.text
    assert "您填写的内容已保留" in sent.text
    assert REPORT["text"] in sent.text
    assert "Traceback" not in sent.text
    assert "default-src 'none'" in sent.headers["content-security-policy"]

    shown = visitor.get("/nearby", headers={"accept-language": "en"})
    assert shown.status_code == 503
    assert "The platform cannot be reached just now" in shown.text
    signed = visitor.get("/desk/", cookies={"sessionid": "a" * 32})
    assert signed.status_code == 503

    told = httpx.post(f"{away.url}/api/v1/intake/reports", json={"text": "油烟"}, timeout=30)
    assert told.status_code == 503
    assert told.json()["code"] == "unavailable"
    assert told.json().keys() == {"code", "message", "hint", "facts", "errors"}
    open311 = httpx.get(f"{away.url}/open311/v2/services.json", timeout=30)
    assert open311.status_code == 503
    assert open311.json()[0]["code"] == 503

    embedded.stop(away.home.pg)
    embedded.start(away.home.pg)
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', sent.text)) | {"text": REPORT["text"]}
    assert visitor.post("/report", data=fields).status_code == 302
    assert away.ask("SELECT count(*) FROM cases_case") == [(1,)]
