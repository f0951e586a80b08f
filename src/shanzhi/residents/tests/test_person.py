from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.errors import Invalid
from shanzhi.residents.person import COLUMNS, Contact, Keys, opened, person_id, row

KEYS = Keys(FieldCipher(b"c" * 16), b"p" * 16)
OTHERS = Keys(FieldCipher(b"c" * 16), b"q" * 16)
AT = datetime(2026, 11, 24, tzinfo=UTC)
WANG = Contact("王大妈", "138 1234 5678", address="玉林南路12号")


def test_a_row_holds_no_plain_text() -> None:
    made = row(KEYS, WANG, at=AT)
    assert tuple(made) == COLUMNS
    for secret in ("王大妈", "13812345678", "玉林"):
        assert secret not in str(made)
        assert secret.encode().hex() not in str(made)


@given(st.text(min_size=1, max_size=60).map(str.strip).filter(bool))
def test_what_goes_in_comes_out(name: str) -> None:
    made = row(KEYS, Contact(name, "13812345678"), at=AT)
    id_ = UUID(made["id"])
    assert opened(KEYS, id_, "name", bytes.fromhex(made["name"][2:])) == name
    assert made["citizen_id"] is None
    assert opened(KEYS, id_, "citizen_id", None) == ""


def test_fields_cannot_be_swapped_between_people_or_columns() -> None:
    made = row(KEYS, WANG, at=AT)
    phone = bytes.fromhex(made["phone"][2:])
    with pytest.raises(ValueError):
        opened(KEYS, UUID(made["id"]), "name", phone)
    with pytest.raises(ValueError):
        opened(KEYS, UUID(int=1), "phone", phone)


def test_the_same_contact_is_the_same_person_however_the_phone_is_written() -> None:
    again = Contact("王大妈", "+8613812345678")
    assert row(KEYS, WANG, at=AT)["id"] == row(KEYS, again, at=AT)["id"]


@pytest.mark.parametrize(
    "other", [Contact("李网格", "13812345678"), Contact("王大妈", "13812345679"), Contact("王大妈")]
)
def test_another_contact_is_another_person(other: Contact) -> None:
    assert row(KEYS, other, at=AT)["id"] != row(KEYS, WANG, at=AT)["id"]


def test_an_account_is_one_person_whatever_it_says() -> None:
    assert person_id(KEYS, WANG, 7) == person_id(KEYS, Contact(), 7) != person_id(KEYS, WANG, 8)


def test_ids_are_pseudonyms_of_this_installation() -> None:
    assert person_id(KEYS, WANG.normal()) != person_id(OTHERS, WANG.normal())
    assert person_id(KEYS, WANG.normal()).version == 8


def test_a_contact_never_shows_itself_in_a_log() -> None:
    assert "王" not in repr(WANG)
    assert not Contact()


def test_a_wrong_phone_is_refused() -> None:
    with pytest.raises(Invalid):
        row(KEYS, Contact("王大妈", "123456"), at=AT)
