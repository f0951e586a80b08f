"""Numbers vouch for themselves or are asked for; days, names and amounts as papers write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from shanzhi.reading import values

SCORES = (0.9,) * 60
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
NUMBERS = st.builds(
    lambda area, born, order: f"{area}{born:%Y%m%d}{order:03d}",
    st.sampled_from(("510107", "500101", "330113", "810000")),
    DAYS,
    st.integers(1, 999),
).map(lambda head: head + str(mod_11_2.calc_check_digit(head)))


@given(NUMBERS)
def test_a_whole_number_is_surer_than_its_characters(number: str) -> None:
    read = values.citizen_id(number, SCORES)
    assert read is not None and read.text == number and read.sure > 0.98


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_one_digit_misread_is_never_believed(number: str, place: int, by: int) -> None:
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    read = values.citizen_id(wrong, (1.0,) * 18)
    assert read is not None and read.sure <= values.DOUBT


@given(DAYS, st.sampled_from(("{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "{0:%Y.%m.%d}")))
def test_days_are_read_however_they_are_written(day: date, form: str) -> None:
    read = values.day(form.format(day) + "13时", SCORES)
    assert read is not None and read.text == str(day) and read.sure == 0.9
    span = values.last_day(f"2001.01.01-{form.format(day)}", SCORES)
    assert span is not None and span.text == str(day)


@given(st.text(max_size=40), st.floats(0, 1))
def test_nothing_breaks_a_reading_and_no_value_is_surer_than_certain(text: str, sure: float) -> None:
    for parse in (
        values.name, values.words, values.day, values.last_day, values.citizen_id, values.org_code, values.address,
        values.disability_number, values.card_number, values.amount, values.sex, values.people, values.marital,
    ):  # fmt: skip
        read = parse(text, (sure,) * len(text))
        assert read is None or (read.text and 0 <= read.sure <= 1)


@pytest.mark.parametrize(
    ("parse", "text", "wanted"),
    [
        (values.last_day, "2010.08.23-长期", "长期"),
        (values.day, "2026年2月30日", None),
        (values.name, "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        (values.name, "A12", None),
        (values.amount, "¥12,345.60元", "12345.60"),
        (values.people, "漢族", "汉"),
        (values.org_code, "91510107MA5TH6W94C", "91510107MA5TH6W94C"),
    ],
)
def test_what_papers_write(parse: values.Parse, text: str, wanted: str | None) -> None:
    read = parse(text, SCORES)
    assert (read.text if read else None) == wanted


def test_an_address_that_breaks_off_and_a_card_without_its_digit_are_doubted() -> None:
    broken, card = values.address("玉林南路12", SCORES), values.card_number("6222021234567890129", SCORES)
    assert broken is not None and broken.sure < 0.3 and card is not None and card.sure < 0.3
