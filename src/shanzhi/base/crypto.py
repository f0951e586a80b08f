"""Hashes by the Chinese commercial standards, and the canonical form that is hashed."""

import hashlib
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

PLAIN = 1e16  # from here floats are written with an exponent, and jsonb makes integers of them


def sm3(data: bytes) -> bytes:
    """The SM3 hash (GB/T 32905-2016) of `data`, 32 bytes."""
    return hashlib.new("sm3", data).digest()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC (RFC 2104) with SM3, 32 bytes."""
    keyed = _keyed(key).copy()
    keyed.update(data)
    return keyed.finalize()


@lru_cache(maxsize=16)  # half of the time goes into the key
def _keyed(key: bytes) -> HMAC:
    return HMAC(key, SM3())


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the same bytes before and after PostgreSQL's jsonb.

    Times, UUIDs and mappings are written as orjson writes them. jsonb keeps numbers as decimals: 1e16 comes back
    as 10000000000000000 and -0.0 as 0.0. Raises TypeError for what is no JSON; `shanzhi.base.plain.clean` says
    beforehand what jsonb cannot hold.
    """
    try:
        text = orjson.dumps(value, default=dict, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # an integer of more than 64 bits, maybe: a float that was 1e20 before
        return orjson.dumps(_decimal(value), default=dict, option=orjson.OPT_SORT_KEYS)
    # in a number, or in a text that happens to hold it; `in` would take twice as long as all of the rest
    if text.rfind(b"e+") >= 0 or text.rfind(b"-0.0") >= 0:
        return orjson.dumps(_decimal(value), default=dict, option=orjson.OPT_SORT_KEYS)
    return text


def _decimal(value: Any) -> Any:
    """The value with its numbers as jsonb writes them."""
    if isinstance(value, dict):
        return {key: _decimal(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_decimal(part) for part in value]
    if isinstance(value, float) and PLAIN <= abs(value) < float("inf"):
        return orjson.Fragment(str(int(Decimal(repr(value)))))
    if isinstance(value, int) and value.bit_length() > 63:
        return orjson.Fragment(str(value))
    return 0.0 if isinstance(value, float) and value == 0 else value
