"""Who is asking: the actor of a request, for pages and for Ninja routes.

A route says `auth=SIGNED` when somebody must be known, or `auth=OPEN` (with `openapi_extra=OPEN_SCHEMA`)
when anybody may come. A key that is wrong is refused also where nobody need be known, and a write with a
session cookie needs the CSRF token everywhere: nobody is quietly taken for a stranger.
"""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from shanzhi.base.crypto import hmac_sm3
from shanzhi.base.errors import Denied, NotSignedIn, TooMany, gettext_noop
from shanzhi.orgs import limits
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.limits import note_use
from shanzhi.orgs.models import Account
from shanzhi.orgs.queries import actor_of, key_secret, known_key

WRONG_KEY = gettext_noop("This API key is not valid")
NO_CSRF = gettext_noop("The request did not come from a page of this site: reload the page and try again")


def actor_from(request: HttpRequest) -> Actor:
    """The actor of a request: what a Ninja route has found, or who the session belongs to."""
    known: Actor | None = getattr(request, "actor", None)
    if known is None:
        user = request.user
        known = actor_of(user) if isinstance(user, Account) else Actor.anonymous()
        if lacks_second_factor(user):
            known = Actor.anonymous()
        _set(request, known)
    return known


def by_key(request: HttpRequest, key: str) -> Actor:
    """The actor of an API key; raises NotSignedIn for a key that is not valid, TooMany beyond its limit."""
    found = known_key(key)
    if found is None:
        raise NotSignedIn(WRONG_KEY, code="wrong_key")
    if not limits.allow_often(f"client:{found.client}", per_minute=found.per_minute):
        raise TooMany(per_minute=found.per_minute)
    note_use(found.client)
    _set(request, found.actor)
    return found.actor


class Bearer(HttpBearer):
    """`Authorization: Bearer <key>`: clients and personal tokens."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return self.authenticate(request, token) if scheme.lower() == self.openapi_scheme else None

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        return by_key(request, token)


class Session(AuthBase):
    """The cookie of somebody signed in on the pages; writes need the CSRF token."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        actor = actor_from(request)
        if not actor.is_known:
            del cast(Any, request).actor
            return None
        if check_csrf(request):
            raise Denied(NO_CSRF, code="csrf")
        return actor


def anonymous(request: HttpRequest) -> Actor:
    """Anybody else."""
    actor = Actor.anonymous()
    _set(request, actor)
    return actor


SIGNED: tuple[Any, ...] = (Bearer(), Session())
OPEN: tuple[Any, ...] = (*SIGNED, anonymous)
OPEN_SCHEMA: dict[str, Any] = {"security": [{}]}


def limit_anonymous(request: HttpRequest, what: str, *, per_minute: int) -> None:
    """Raises TooMany when strangers from this address did `what` too often; one statement."""
    if actor_from(request).kind == "anonymous":
        key = f"{what}:{address_hash(request)}"
        if not limits.allow(key, per_minute=per_minute):
            raise TooMany(per_minute=per_minute)


def address_hash(request: HttpRequest) -> str:
    """A pseudonym of the caller's address: 32 hexadecimal digits, different in every installation.

    Of an IPv6 address the first 64 bits count, because one subscriber has all the rest.
    """
    address = client_address(request)
    if ":" in address:
        address = ":".join(address.split(":")[:4])
    return hmac_sm3(key_secret().encode(), address.encode()).hex()[:32]


def client_address(request: HttpRequest) -> str:
    """The caller's address. Behind SHANZHI_PROXIES trusted proxies it is what the first of them has seen.

    Of `X-Forwarded-For` only what the trusted proxies have added is believed.
    """
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    if proxies and len(seen) >= proxies and seen[-proxies]:
        return seen[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _set(request: HttpRequest, actor: Actor) -> None:
    cast(Any, request).actor = actor


def lacks_second_factor(user: object) -> bool:
    """Staff who must use a second factor (SHANZHI_STAFF_TOTP) and have none yet stand for nobody."""
    if not settings.STAFF_TOTP or not isinstance(user, Account) or not user.is_staff:
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return not is_mfa_enabled(user)
