"""What a telephone in the street keeps of its session: a ticket, and the secret its data are sealed with.

By the ticket we tell a session that ran out from one that somebody ended. One that ran out is signed in anew and
what waits on the telephone stays; one that was ended (signed out, taken away by an administrator, the account
closed) empties the telephone at its next contact.
"""

import base64
import hashlib
from typing import Literal

from django.core import signing
from django.http import HttpRequest

from shanzhi.base.crypto import hmac_sm3
from shanzhi.orgs.models import Account, Session
from shanzhi.orgs.queries import field_key

Standing = Literal["over", "ended"]
SALT = "shanzhi.orgs.standing"


def ticket(request: HttpRequest) -> str:
    """The ticket of the session of a request; the session itself cannot be taken up with it."""
    user = request.user
    if not isinstance(user, Account):
        return ""
    ends = request.session.get_expiry_date().timestamp()
    mark = _mark(request.session.session_key or "")
    return signing.dumps([user.pk, user.generation, mark, int(ends)], salt=SALT)


def standing(text: str, now: float) -> Standing:
    """What became of the session of a ticket that is no longer signed in; whatever is no ticket of ours is over."""
    try:
        account, generation, mark, ends = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return "over"
    found = Account.objects.filter(pk=account).first()
    if found is None or not found.is_active or found.generation != generation:
        return "ended"
    if now >= ends:
        return "over"
    keys = Session.objects.filter(account=account).values_list("pk", flat=True)
    return "over" if any(_mark(key) == mark for key in keys) else "ended"


def secret(request: HttpRequest, device: str) -> str:
    """What the data on one telephone of one account are sealed with; another once its sessions have been ended."""
    user = request.user
    if not isinstance(user, Account):
        return ""
    text = f"{user.pk}:{user.generation}:{device}"
    return base64.b64encode(hmac_sm3(field_key("telephone"), text.encode())).decode()


def _mark(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()[:16]
