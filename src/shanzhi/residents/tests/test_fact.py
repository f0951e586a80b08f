"""Which value counts: by trust, source, age and validity, whatever the order in which values came."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.residents.fact import FactType, Value, best, contradicts, known, usable, years

DAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
TITLE = {"zh": "身份证有效", "en": "Card is valid"}
IDENTITY = FactType.model_validate(
    {
        "type": "bool", "title": TITLE, "question": TITLE, "basis": "居民身份证法", "max_age": 365,
        "sources": ["police", "window", "declared"],
    }
)  # fmt: skip
BORN = FactType.model_validate({"type": "date", "title": TITLE, "question": TITLE, "basis": "居民身份证法"})
AGE = FactType.model_validate({"type": "int", "title": TITLE, "basis": "居民身份证法", "since": "born"})
ME = UUID(int=1)


def value(
    said: object = True, source: str = "police", trust: int = 4, days: int = 0, to: date | None = None
) -> Value:
    at = NOON - timedelta(days=days)
    return Value(UUID(int=days + 10 * trust), ME, "identity", said, source, trust, at, None, to)


VALUES = st.lists(
    st.builds(
        value,
        st.booleans(),
        st.sampled_from(["police", "window", "declared"]),
        st.integers(0, 4),
        st.integers(0, 600),
    ),
    max_size=6,
)


@settings(max_examples=100)
@given(VALUES, st.randoms())
def test_what_counts_does_not_hang_on_the_order_and_is_never_less_trusted(
    values: list[Value], dice: object
) -> None:
    found = best(IDENTITY, values, DAY)
    mixed = sorted(values, key=lambda _: dice.random())  # type: ignore[attr-defined]
    again = best(IDENTITY, mixed, DAY)
    usable_ = [one for one in values if usable(IDENTITY, one, DAY)]
    assert (found is None) == (not usable_)
    if found and again:
        assert found.trust == again.trust == max(one.trust for one in usable_)
        assert (found.source, found.at) == (again.source, again.at)


def test_an_expired_card_and_an_old_reading_are_not_known() -> None:
    assert not usable(IDENTITY, value(to=DAY - timedelta(days=1)), DAY)
    assert usable(IDENTITY, value(to=DAY), DAY)
    assert not usable(IDENTITY, value(days=366), DAY) and usable(IDENTITY, value(days=365), DAY)
    assert not usable(IDENTITY, value(days=-1), DAY)


def test_the_source_believed_first_goes_before_the_newer_one() -> None:
    old, new = value(True, "police", days=30), value(False, "window", trust=4)
    assert best(IDENTITY, [new, old], DAY) is old


def test_only_authoritative_sources_contradict_each_other() -> None:
    police, declared = value(True), value(False, "declared", trust=1)
    assert contradicts(IDENTITY, declared, [police], DAY) is None
    window = value(False, "window", trust=3)
    assert contradicts(IDENTITY, window, [police, declared], DAY) is police
    assert contradicts(IDENTITY, value(True, "window", trust=3), [police], DAY) is None


def test_what_is_in_dispute_decides_nothing() -> None:
    found = known({"identity": IDENTITY}, [value()], DAY, [(ME, "identity")])
    assert found["identity"].disputed and not found["identity"].authoritative


def test_the_age_is_counted_from_the_birthday_on() -> None:
    assert years(date(1946, 6, 1), DAY) == 80 and years(date(1946, 6, 2), DAY) == 79
    assert years(date(2024, 2, 29), date(2025, 2, 28)) == 0
    born = Value(UUID(int=5), ME, "born", "1946-06-01", "police", 4, NOON)
    found = known({"born": BORN, "age": AGE}, [born], DAY)
    assert found["age"].value == 80 and found["age"].authoritative


def test_a_value_from_before_its_type_was_changed_is_unknown() -> None:
    assert known({"identity": IDENTITY}, [value("valid")], DAY) == {}
    assert known({"identity": IDENTITY}, [value(True)], DAY)["identity"].value is True
