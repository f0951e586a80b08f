"""Addresses of subscribers: encrypted, and found by a pseudonym."""

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.crypto import hmac_sm3
from shanzhi.orgs.queries import field_key
from shanzhi.subscriptions.models import Subscription


def sealed(one: Subscription, address: str) -> bytes:
    return FieldCipher(field_key("subscription")).encrypt(address, one.pk.bytes)


def opened(one: Subscription) -> str:
    """The address; empty where there is none (any more)."""
    if one.address is None:
        return ""
    return FieldCipher(field_key("subscription")).decrypt(bytes(one.address), one.pk.bytes)


def pseudonym(address: str) -> bytes:
    return hmac_sm3(field_key("pseudonym"), b"subscriber\0" + address.encode())
