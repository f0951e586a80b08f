import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.intake.open311.formats import ITEMS, clean, render, to_json, to_xml, utc


@pytest.mark.parametrize(
    ("root", "value", "xml", "plain"),
    [
        ("services", [], "<services />", []),
        ("error", {"code": 404}, "<error><code>404</code></error>", {"code": 404}),
        ("value", {"a": None, "b": True}, "<value><a /><b>true</b></value>", {"a": None, "b": True}),
        ("values", ["路", "灯"], "<values><value>路</value><value>灯</value></values>", ["路", "灯"]),
        ("request", {"text": "a<b&c>"}, "<request><text>a&lt;b&amp;c&gt;</text></request>", {"text": "a<b&c>"}),
        ("request", {"text": "a\x00b\x1bc\ud800"}, "<request><text>abc</text></request>", {"text": "abc"}),
        ("request", {"lat": 30.65}, "<request><lat>30.65</lat></request>", {"lat": 30.65}),
    ],
)  # fmt: skip
def test_one_value_two_forms(root: str, value: Any, xml: str, plain: Any) -> None:
    assert to_xml(root, value).decode().splitlines() == ["<?xml version='1.0' encoding='utf-8'?>", xml]
    assert json.loads(to_json(value)) == plain


def test_times_are_utc() -> None:
    beijing = datetime(2026, 1, 1, 8, 0, 5, 999, tzinfo=timezone(timedelta(hours=8)))
    assert utc(beijing) == utc(datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC)) == "2026-01-01T00:00:05Z"


@given(st.text())
def test_any_text_comes_through_both_forms_alike(text: str) -> None:
    value = [{"description": text}]
    read = ElementTree.fromstring(render("xml", "service_requests", value))
    said = read.findtext("request/description") or ""
    told = json.loads(render("json", "service_requests", value))[0]["description"]
    assert said == told.replace("\r\n", "\n").replace("\r", "\n")
    assert told == clean(text)


def test_every_list_has_a_name_for_its_items() -> None:
    assert all(many != one for many, one in ITEMS.items())
