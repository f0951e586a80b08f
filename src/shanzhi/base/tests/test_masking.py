import pytest

from shanzhi.base.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系13812345678王大妈", "联系138********王大妈"),
        ("联系１３８１２３４５６７８", "联系１３８********"),
        ("138-1234-5678", "138**********"),
        ("+86 138 1234 5678", "+86**************"),
        ("身份证51010719500307123X", "身份证510***************"),
        ("写信给wang@example.org吧", "写信给***吧"),
        ("玉林南路12号，三天了", "玉林南路12号，三天了"),
        ("2026-11", "2026-11"),
        ("坏了100盏", "坏了100盏"),
    ],
)
def test_what_everybody_may_read_reaches_nobody(text: str, shown: str) -> None:
    assert masked(text) == shown
