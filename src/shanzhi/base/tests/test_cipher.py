import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.cipher import FieldCipher

CIPHER = FieldCipher(b"k" * 16)


@given(st.text(), st.binary(max_size=16))
def test_what_is_encrypted_comes_back(text: str, bound: bytes) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(text, bound), bound) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert CIPHER.encrypt("王大妈") != CIPHER.encrypt("王大妈")


@pytest.mark.parametrize("at", [0, 12, 14, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    data = bytearray(CIPHER.encrypt("王大妈"))
    data[at] ^= 1
    with pytest.raises(ValueError, match="changed"):
        CIPHER.decrypt(bytes(data))


def test_a_field_does_not_decrypt_elsewhere_or_with_another_key() -> None:
    data = CIPHER.encrypt("王大妈", b"person 1")
    with pytest.raises(ValueError):
        CIPHER.decrypt(data, b"person 2")
    with pytest.raises(ValueError):
        FieldCipher(b"x" * 16).decrypt(data, b"person 1")
    with pytest.raises(ValueError):
        CIPHER.decrypt(b"short")
    with pytest.raises(ValueError):
        FieldCipher(b"short")
