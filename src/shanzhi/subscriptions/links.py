"""Secrets of a subscription, computed and not kept: the link that confirms and ends it, and the code to type."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from shanzhi.base.crypto import hmac_sm3
from shanzhi.base.errors import NotFound

DIGITS = 6


def secret(id_: UUID) -> str:
    """144 bits, safe in an address."""
    return urlsafe_b64encode(hmac_sm3(_key(), b"link" + id_.bytes)[:18]).decode()


def path(id_: UUID) -> str:
    """The address of the page on which a subscription is confirmed and ended without signing in."""
    return f"/subscriptions/{id_}/{secret(id_)}"


def check(id_: UUID, given: str) -> None:
    """Raises NotFound when the secret is wrong."""
    if not hmac.compare_digest(secret(id_).encode(), given.encode()):
        raise NotFound()


def code(id_: UUID) -> str:
    """Six digits, sent to the address that is to be confirmed."""
    return str(int.from_bytes(hmac_sm3(_key(), b"code" + id_.bytes)[:8]) % 10**DIGITS).zfill(DIGITS)


@lru_cache(maxsize=1)
def _key() -> bytes:
    return b"subscriptions" + str(settings.HOME.secret("links")).encode()
