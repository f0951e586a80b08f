"""Phone numbers and citizen ids as people write them, and what of them may be shown (脱敏)."""

import re
import unicodedata
from datetime import date

from stdnum.iso7064 import mod_11_2

from shanzhi.base.errors import FieldError, Invalid, gettext_noop

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}[2-9]\d{6,7}")
SERVICE = re.compile(r"(?:400|800)\d{7}|9[56]\d{3,6}|1\d{2,4}")
CITIZEN = re.compile(r"[1-9]\d{16}[\dX]")


def normal_phone(text: str) -> str:
    """The digits of a Chinese phone number however it is written; empty for an empty text.

    Raises Invalid for anything that is neither a mobile number, a landline with its area code, nor a service
    number (400…, 95…, 12345).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s\-—().]", "", plain)
    digits = re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|0\d{9,11}$)", "", digits)
    if digits and not any(p.fullmatch(digits) for p in (MOBILE, LANDLINE, SERVICE)):
        raise Invalid(errors=[FieldError("phone", gettext_noop("This is not a phone number"))])
    return digits


def normal_citizen_id(text: str) -> str:
    """A citizen id (公民身份号码, GB 11643-1999) in capitals; empty for an empty text.

    Date and check digit are checked, the division code is not: codes that were given up live on in ids.
    Raises Invalid.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if plain and not (CITIZEN.fullmatch(plain) and _is_date(plain[6:14]) and mod_11_2.is_valid(plain)):
        raise Invalid(errors=[FieldError("citizen_id", gettext_noop("This is not a citizen id"))])
    return plain


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def mask_name(name: str) -> str:
    """王大妈 → 王**, 欧阳娜娜 → 欧***: the first character, and how many follow (at most three)."""
    return name[:1] + "*" * min(len(name) - 1, 3) if name else ""


def mask_phone(phone: str) -> str:
    """13812345678 → 138****5678; of short numbers only the last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if phone else ""


def mask_citizen_id(number: str) -> str:
    """510107195003071234 → 5101**********1234."""
    return f"{number[:4]}**********{number[-4:]}" if number else ""


def mask_address(address: str) -> str:
    """The address without its numbers of house, unit and door: 玉林南路12号3单元 → 玉林南路**号*单元."""
    return re.sub(r"\d|(?<=[\dA-Za-z])[A-Za-z]", "*", unicodedata.normalize("NFKC", address))
