"""Whether an address is whose it is said to be: a code is sent there, and nothing else before it is typed.

Else anybody could have the platform write to a stranger, or read of an account that is not his after a slip of
the finger. An address that is in use stays in use until the new one is confirmed.
"""

import hmac
from datetime import datetime, timedelta

from django.db.models import Q

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.crypto import hmac_sm3
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, TooMany, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.notices.models import Delivery, Proof
from shanzhi.notices.notice import Letter
from shanzhi.notices.sending import post, withdraw
from shanzhi.orgs.queries import field_key

VALID = timedelta(days=2)
TRIES = 5
A_DAY = 5  # codes to one account
DIGITS = 6
CHANNELS = ("email", "sms")


def code(one: Proof) -> str:
    """Six digits, different for each letter."""
    made = hmac_sm3(field_key("proof"), one.entry.bytes)
    return str(int.from_bytes(made[:8]) % 10**DIGITS).zfill(DIGITS)


def opened(one: Proof) -> str:
    return FieldCipher(field_key("proof")).decrypt(bytes(one.sealed), _bound(one.account_id, one.channel))


def pending(account: int) -> dict[str, Proof]:
    """What waits for its code, by channel."""
    return {one.channel: one for one in Proof.objects.filter(account=account)}


def ask(account: int, channel: str, address: str, *, wanted: bool, language: str, at: datetime) -> None:
    """Sends a code to an address; one that was sent there and is still good is not sent again.

    Raises TooMany after five in a day.
    """
    known = Proof.objects.select_for_update().filter(account=account, channel=channel).first()
    if known is not None and opened(known) == address and good(known, at):
        Proof.objects.filter(pk=known.pk).update(wanted=wanted)
        return
    asked = Q(
        recipient__in=[_recipient(account, one) for one in CHANNELS], created_at__gte=at - timedelta(days=1)
    )
    if Delivery.objects.filter(asked).count() >= A_DAY:
        raise TooMany()
    drop(account, channel)
    one = Proof(account_id=account, channel=channel, entry=new_id(), wanted=wanted, asked_at=at)
    one.sealed = FieldCipher(field_key("proof")).encrypt(address, _bound(account, channel))
    one.save(force_insert=True)
    secret = {"address": address, "code": code(one)}
    english = {"language": "en" if language.startswith("en") else "zh"}
    letter = Letter(
        channel, _recipient(account, channel), one.entry, "account.confirm", at, secret, None, english
    )
    post([letter])


def good(one: Proof, at: datetime) -> bool:
    return at <= one.asked_at + VALID and one.tries < TRIES


def proved(account: int, channel: str, given: str, at: datetime) -> Proof | None:
    """The address that a code belongs to, which waits no longer; None for a wrong code, which is counted.

    Raises NotFound where nothing waits, Conflict when it is too late or the fifth code was wrong.
    """
    one = Proof.objects.select_for_update().filter(account=account, channel=channel).first()
    if one is None:
        raise NotFound()
    if not good(one, at):
        raise Conflict(gettext_noop("This code is no longer good: give the address once more"))
    if hmac.compare_digest(code(one).encode(), given.strip().encode()):
        one.delete()
        return one
    one.tries += 1
    one.save(update_fields=["tries"])
    return None


def wrong() -> Invalid:
    return Invalid(errors=[FieldError("code", gettext_noop("This is not the code that was sent"))])


def drop(account: int, channel: str) -> None:
    """An address that is not wanted any more waits no longer; its letter, if it has not left, does not leave."""
    if Proof.objects.filter(account=account, channel=channel).delete()[0]:
        withdraw(_recipient(account, channel))


def _recipient(account: int, channel: str) -> str:
    return f"proof:{account}:{channel}"


def _bound(account: int, channel: str) -> bytes:
    return f"{account}:{channel}".encode()
