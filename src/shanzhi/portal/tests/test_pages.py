"""The residents' door: 王大妈 reports, follows her report with the link, and has the last word."""

from typing import Any

import pytest
from django.test import Client

from shanzhi.files.tests.samples import picture

TEXT = "玉林东路小区门口的井盖松动，孩子经过危险"
GIVEN = {"type": "street-issue", "text": TEXT, "category": "C0101", "area": "510107005", "key": "k-1"}


@pytest.fixture
def guest(wuhou: None) -> Client:
    return Client(headers={"accept-language": "en"})


def reported(guest: Client, **more: Any) -> Any:
    return guest.post("/report", GIVEN | more)


@pytest.mark.parametrize("path", ["/", "/report", "/track"])
def test_pages_open_without_an_account(guest: Client, path: str) -> None:
    page = guest.get(path)
    assert page.status_code == 200
    html = page.content.decode()
    assert 'class="skip"' in html
    assert "style=" not in html
    assert "<script>" not in html


def test_a_report_leads_to_its_tracking_page_with_number_and_link(guest: Client) -> None:
    answer = reported(guest)
    assert answer.status_code == 302, answer.content.decode()
    page = guest.get(answer["location"]).content.decode()
    assert "Tracking number" in page
    assert "Promised by" in page
    assert TEXT in page
