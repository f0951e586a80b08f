"""Names for people instead of codes."""

import pytest
from django.utils.translation import override

from shanzhi.web import names
from shanzhi.web.names import Names
from shanzhi.web.tests.demo import wuhou, wuhou_once

__all__ = ["wuhou", "wuhou_once"]


@pytest.mark.parametrize(
    ("language", "area", "category", "channel"),
    [
        ("en", "Yulin Subdistrict", "Exposed rubbish", "A connected system"),
        ("zh-hans", "玉林街道", "暴露垃圾", "对接系统"),
    ],
)
def test_codes_become_words_in_the_language_of_the_page(
    wuhou: None, language: str, area: str, category: str, channel: str
) -> None:
    with override(language):
        assert names.area("510107005") == area
        assert names.category("E0101") == category
        assert names.channel("client:3") == channel


def test_rules_have_their_titles(wuhou: None) -> None:
    with override("zh-hans"):
        assert names.rule("responsibility@2") == "武侯区责任清单（样例），第 2 版"


@pytest.mark.parametrize(
    "reference", ["", "responsibility", "responsibility@", "responsibility@99", "gone@1"]
)
def test_rules_that_are_not_kept_here_keep_their_codes(wuhou: None, reference: str) -> None:
    assert names.rule(reference) == reference


def test_what_has_no_name_keeps_its_code(wuhou: None) -> None:
    assert names.area("990000") == "990000"
    assert names.category("Z99") == "Z99"
    assert names.type_title("nothing") == "nothing"


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("account:7", "赵处置"),
        ("account:8", "Somebody"),
        ("client:1", "A connected system"),
        ("system", "The platform"),
        ("anonymous", "A resident"),
    ],
)
def test_actors_have_names(ref: str, name: str) -> None:
    with override("en"):
        assert Names({}, {7: "赵处置"}).actor(ref) == name
