"""The codes at points (点位码): a short word that only this installation can make, printed as a QR code beside it.

Whoever types or scans it has been where it hangs, or knows somebody who was: it is a sign, not a proof, and the
telephone's position stands beside it. The telephone knows only a mark of each code, so that it can say without a
signal whether one fits.
"""

import hashlib
import hmac

from shanzhi.base.crypto import hmac_sm3

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
LENGTH = 6
SCHEME = "SZP"


def code(secret: bytes, point: str) -> str:
    """The short word of a point: six of thirty letters, 700 million of them."""
    number = int.from_bytes(hmac_sm3(secret, point.encode())[:8], "big")
    letters = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return letters


def payload(secret: bytes, point: str) -> str:
    """What the QR code at a point says."""
    return f"{SCHEME}:{point}:{code(secret, point)}"


def mark(word: str) -> str:
    """What a telephone knows of a code, to recognise it by."""
    return hashlib.sha256(f"{SCHEME}:{word}".encode()).hexdigest()[:16]


def fits(secret: bytes, point: str, given: str) -> bool:
    """Whether what was typed or scanned is the code of a point."""
    word = given.strip().upper().rpartition(":")[2]
    return hmac.compare_digest(word.encode(), code(secret, point).encode())
