"""Hashes by the Chinese commercial standards, and the canonical form that is hashed."""

import hashlib
import hmac
from typing import Any

import orjson


def sm3(data: bytes) -> bytes:
    """The SM3 hash (GB/T 32905-2016) of `data`, 32 bytes."""
    return hashlib.new("sm3", data).digest()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC (RFC 2104) with SM3, 32 bytes."""
    return hmac.digest(key, data, "sm3")


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces: the same bytes before and after PostgreSQL's jsonb."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
