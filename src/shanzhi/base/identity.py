"""Numbers of people and organisations as they are written, and what of them may be shown (脱敏).

The `normal_` functions take what somebody typed and give the one form that is kept; an empty text stays empty.
"""

import re
import unicodedata
from datetime import date

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from shanzhi.base.errors import FieldError, Invalid, gettext_noop

MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0(?:10|2[0-9])[2-9][0-9]{7}|0[3-9][0-9]{2}[2-9][0-9]{6,7}")
SERVICE = re.compile(r"(?:400|800)[0-9]{7}|9[56][0-9]{3,6}|1[0-9]{2,4}")
CITIZEN = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]")
ORG = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def normal_phone(text: str) -> str:
    """The digits of a Chinese phone number, without the country's +86 and with the 0 of a landline.

    Raises Invalid for anything that is neither a mobile number, a landline with its area code, nor a service
    number (400…, 95…, 12345).
    """
    if MOBILE.fullmatch(text):  # as most are given
        return text
    digits = re.sub(r"[\s\-—–().]", "", unicodedata.normalize("NFKC", text))
    home = re.sub(r"^(?:\+|00)?86(?=[0-9]{10,12}$)", "", digits)
    written = (digits,) if home == digits else (digits, home, "0" + home)
    number = next((n for n in written if any(kind.fullmatch(n) for kind in (MOBILE, LANDLINE, SERVICE))), "")
    if digits and not number:
        raise Invalid(errors=[FieldError("phone", gettext_noop("This is not a phone number"))])
    return number


def normal_citizen_id(text: str) -> str:
    """A citizen id (公民身份号码, GB 11643-1999) in capitals.

    Date and check character (ISO 7064 MOD 11-2) are checked, the division code is not: codes that were given
    up live on in ids, and new districts come every year. Raises Invalid.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if plain and not (CITIZEN.fullmatch(plain) and _is_date(plain[6:14]) and mod_11_2.is_valid(plain)):
        raise Invalid(errors=[FieldError("citizen_id", gettext_noop("This is not a citizen id"))])
    return plain


def normal_org_code(text: str) -> str:
    """A unified social credit code (统一社会信用代码, GB 32100-2015) in capitals, 18 characters.

    The check character (modulo 31) is checked. Any registering authority is accepted: village collectives
    begin with N, the army with A. Raises Invalid.
    """
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if plain and not (ORG.fullmatch(plain) and uscc.calc_check_digit(plain) == plain[-1]):
        raise Invalid(
            errors=[FieldError("org_code", gettext_noop("This is not a unified social credit code"))]
        )
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
