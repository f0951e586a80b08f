"""What the code on a paper form says (申请表二维码): which service in which version, and which draft; signed. Pure.

Nothing in it is about a person: the draft is an id that opens nothing by itself. Beside the QR code a short code is
printed, for typing where the picture cannot be read.
"""

import hmac
import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shanzhi.base.crypto import hmac_sm3

MARK = "SZ1"
NOBODY = "0"
FORM = re.compile(r"SZ1/([A-Z][A-Z0-9-]{1,19})/(\d{1,6})/(0|[A-Z2-7]{26})/([A-Z2-7]{16})")
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another
LENGTH = 10
Fault = Literal["foreign", "forged"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A printed form: a service in a version, and the draft that it belongs to; none for one that lies out blank."""

    item: str
    version: int
    draft: UUID | None = None


def written(ticket: Ticket, key: bytes) -> str:
    """The text of the QR code: capitals, digits and strokes, which make it small."""
    draft = b32encode(ticket.draft.bytes).decode().rstrip("=") if ticket.draft else NOBODY
    text = f"{MARK}/{ticket.item}/{ticket.version}/{draft}"
    return f"{text}/{_seal(text, key)}"


def read(text: str, key: bytes) -> Ticket | Fault:
    """The form that a text names: `foreign` when it is no code of ours, `forged` when we have not made it."""
    found = FORM.fullmatch(text.strip())
    if found is None:
        return "foreign"
    head, _, seal = text.strip().rpartition("/")
    if not hmac.compare_digest(_seal(head, key), seal):
        return "forged"
    draft = None if found[3] == NOBODY else UUID(bytes=b32decode(found[3] + "======"))
    return Ticket(found[1], int(found[2]), draft)


def _seal(text: str, key: bytes) -> str:
    return b32encode(hmac_sm3(key, text.encode())[:10]).decode()


def short(draft: UUID, key: bytes) -> str:
    """The code to type instead: ten letters and digits that nobody guesses."""
    number = int.from_bytes(hmac_sm3(key, b"short\0" + draft.bytes)[:8])
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def normal(typed: str) -> str:
    """A code as it was typed: without spaces and strokes, in capitals."""
    return re.sub(r"[\s-]+", "", typed).upper()
