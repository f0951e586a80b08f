"""Whoever threatens, or may die, is read by a person at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.language.danger import dangers

SELF = ["不想活了", "再不解决我就跳楼", "唔想做人", "I want to die", "活着没有意思", "准备自杀"]
THREAT = ["我要杀了他", "同归于尽", "杀你全家", "带着汽油去你们单位", "I will kill you"]
LIFE = ["救命啊", "孩子不见了", "老人昏迷不醒", "被家暴"]
CALM = ["路灯坏了", "杀虫剂味道大", "跳广场舞太吵", "希望加强消防", "老人活动室没有灯", "建议增设公交", ""]


@pytest.mark.parametrize("text", SELF + THREAT + LIFE)
def test_danger_is_raised(text: str) -> None:
    assert dangers(text)
    assert dangers(f"您好，领导，{text}，请回复")


@pytest.mark.parametrize("text", CALM)
def test_everyday_matters_are_not(text: str) -> None:
    assert dangers(text) == []


@given(st.text(max_size=40), st.sampled_from(SELF + LIFE), st.text(max_size=40))
def test_nothing_around_it_hides_it(before: str, text: str, after: str) -> None:
    assert dangers(before + "。" + text + "。" + after)
