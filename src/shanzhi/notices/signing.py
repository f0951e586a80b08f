"""Signed webhooks: the receiver knows who sent them, when, and that nothing was changed. Pure.

Headers and signature are those of the Standard Webhooks specification 1.0 (standardwebhooks.com): HMAC-SHA256
over `id.timestamp.body`, in base64, with the prefix `v1,`.
"""

import base64
import hmac
from hashlib import sha256

TOLERANCE_S = 300


def headers(secret: bytes, id_: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What goes with a body; the id stays the same when it is sent again."""
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature(secret, id_, timestamp, body)}",
    }


def signature(secret: bytes, id_: str, timestamp: int, body: bytes) -> str:
    signed = b".".join((id_.encode(), str(timestamp).encode(), body))
    return base64.b64encode(hmac.digest(secret, signed, sha256)).decode()


def verified(secret: bytes, given: dict[str, str], body: bytes, at: int) -> bool:
    """What a receiver does: the signature fits and the message is not older than five minutes."""
    timestamp = given.get("webhook-timestamp", "")
    if not timestamp.isascii() or not timestamp.isdigit() or abs(at - int(timestamp)) > TOLERANCE_S:
        return False
    expected = f"v1,{signature(secret, given.get('webhook-id', ''), int(timestamp), body)}".encode()
    signatures = (
        given.get("webhook-signature", "").encode().split(b" ")
    )  # as text only ASCII could be compared
    return any(hmac.compare_digest(expected, one) for one in signatures)
