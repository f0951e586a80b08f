"""API keys: how they look and what is kept of them. Only the HMAC-SM3 of a key is ever stored."""

from shanzhi.base.crypto import hmac_sm3
from shanzhi.base.ids import new_secret

PREFIX = "sz_"
LONGEST = 200


def new_key() -> str:
    """A new key, shown once. The prefix lets scanners for leaked secrets recognise it."""
    return PREFIX + new_secret()


def digest(key: str, secret: str) -> bytes:
    """What is kept of a key: 32 bytes, worthless without the installation's secret."""
    return hmac_sm3(secret.encode(), key.encode())
