"""Ids in the order of time, and numbers that 王大妈 reads out over the telephone."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import now
from shanzhi.base.errors import Invalid
from shanzhi.base.ids import floor_id, format_number, new_id, new_secret, parse_number, time_of

serials = st.integers(0, 10**18 - 1)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def test_an_id_is_greater_than_every_one_before() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert all(one < other for one, other in zip(ids, ids[1:], strict=False))
    assert {(id_.version, id_.variant) for id_ in ids} == {(7, RFC_4122)}


def test_in_another_thread_too() -> None:
    """Whoever asks later gets the greater id, whichever thread asks."""
    order: list[UUID] = []
    lock = Lock()

    def ask(_: int) -> None:
        for _ in range(500):
            with lock:
                order.append(new_id())

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(8)))
    assert order == sorted(set(order))
    assert len(order) == 4_000


def test_threads_that_do_not_wait_for_each_other_get_different_ids() -> None:
    with ThreadPoolExecutor(8) as threads:
        per_thread = list(threads.map(lambda _: [new_id() for _ in range(2_000)], range(8)))
    assert all(ids == sorted(ids) for ids in per_thread)
    assert len({id_ for ids in per_thread for id_ in ids}) == 16_000


def test_an_id_knows_when_it_was_made() -> None:
    before = now()
    id_ = new_id()
    assert before - timedelta(milliseconds=1) <= time_of(id_) <= now()
    assert floor_id(time_of(id_)) <= id_ < floor_id(time_of(id_) + timedelta(milliseconds=1))


@given(st.datetimes(datetime.fromisoformat("1970-01-01"), timezones=st.just(UTC)))
def test_the_lowest_id_of_a_millisecond(moment: datetime) -> None:
    id_ = floor_id(moment)
    assert (id_.version, id_.variant) == (7, RFC_4122)
    assert time_of(id_) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert floor_id(time_of(id_)) == id_


@pytest.mark.parametrize(
    ("serial", "number"),
    [
        (0, "0000 0007"),
        (1, "0000 0015"),
        (1234567, "1234 5672"),
        (12345678, "1 2345 6788"),
        (10**18 - 1, "999 9999 9999 9999 9991"),
    ],
)
def test_numbers_are_written_in_groups_of_four(serial: int, number: str) -> None:
    assert format_number(serial) == number
    assert parse_number(number) == serial


@pytest.mark.parametrize(
    "said",
    ["0000 0015", "00000015", " 0000-0015 ", "0000—0015", "００００　００１５", "0000.0015", "0000\t0015\n"]
    + ["0 0 0 0 0 0 1 5", "0000－0015", "0000\u00a00015", "0000·0015"],
)
def test_a_number_is_understood_however_it_is_written(said: str) -> None:
    assert parse_number(said) == 1


@pytest.mark.parametrize(
    "said",
    ["", "1", "0000 0016", "0000 0051", "000 0015", "0000 0015 0", "a0000 0015", "0000x0015", "编号00000015"]
    + ["-", "0" * 20, "²0000015", "9" * 5_000],
)
def test_what_is_no_number_is_refused(said: str) -> None:
    with pytest.raises(Invalid, match="not a tracking number") as refused:
        parse_number(said)
    assert len(str(refused.value)) < 120


@given(serials)
def test_every_number_comes_back(serial: int) -> None:
    assert parse_number(format_number(serial)) == serial
    assert parse_number(format_number(serial).translate(WIDE)) == serial


@given(serials, st.data())
def test_one_wrong_digit_is_always_noticed(serial: int, data: st.DataObject) -> None:
    digits = format_number(serial).replace(" ", "")
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from("0123456789".replace(digits[place], "")))
    with pytest.raises(Invalid):
        parse_number(digits[:place] + wrong + digits[place + 1 :])


def test_two_neighbours_changed_over_are_nearly_always_noticed() -> None:
    swapped = noticed = 0
    for serial in range(1_000_000, 1_003_000):
        digits = format_number(serial).replace(" ", "")
        for i in range(7):
            if digits[i] != digits[i + 1]:
                swapped += 1
                noticed += not _is_number(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])
    assert noticed / swapped > 0.97


def _is_number(digits: str) -> bool:
    try:
        parse_number(digits)
    except Invalid:
        return False
    return True


def test_secrets_are_long_safe_in_an_address_and_never_the_same() -> None:
    made = {new_secret() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(re.fullmatch(r"[\w-]{24}", secret) for secret in made)
