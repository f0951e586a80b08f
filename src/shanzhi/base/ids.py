"""Identifiers: time-ordered ids, numbers that people can dictate, secrets for links."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from stdnum.iso7064 import mod_11_10
from uuid_utils.compat import uuid7

from shanzhi.base.errors import Invalid, gettext_noop

SPACING = " \t\r\n\u3000\u00a0.·-‐‑–—－"  # what people put between groups of digits
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562), greater than every one this process made before."""
    return uuid7()


def floor_id(moment: datetime) -> UUID:
    """The lowest UUIDv7 of the millisecond of `moment`."""
    ms = (moment - EPOCH) // timedelta(milliseconds=1)
    return UUID(int=ms << 80 | 0x7 << 76 | 0x2 << 62)


def time_of(id_: UUID) -> datetime:
    """When a UUIDv7 was made (UTC, to the millisecond)."""
    return EPOCH + timedelta(milliseconds=id_.int >> 80)


def format_number(serial: int) -> str:
    """A serial number with its ISO 7064 MOD 11,10 check digit, in groups of four: 1 → '0000 0015'."""
    digits = f"{serial:07d}"
    digits += mod_11_10.calc_check_digit(digits)
    head = len(digits) % 4
    groups = [digits[:head]] if head else []
    return " ".join(groups + [digits[i : i + 4] for i in range(head, len(digits), 4)])


def parse_number(text: str) -> int:
    """The serial number that `format_number` wrote, however it is spaced, in full-width digits too.

    Raises Invalid when the check digit is wrong (a slip of the tongue or of the finger).
    """
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    rest = "".join(c for c in text if not c.isdecimal()).strip(SPACING)
    if rest or not 8 <= len(digits) <= 19 or not mod_11_10.is_valid(digits):
        raise Invalid(
            gettext_noop("%(text)s is not a tracking number: please check its digits"), text=text[:40]
        )
    return int(digits[:-1])


def new_secret() -> str:
    """A secret for a link: 144 random bits, safe in an address."""
    return secrets.token_urlsafe(18)
