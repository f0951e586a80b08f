"""Who somebody is and how far his rights reach: accounts and keys as actors, roles in force, scopes."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.db import connection

from shanzhi.base.crypto import hmac_sm3
from shanzhi.orgs import keys, permissions
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.models import Account, Held, RoleRow
from shanzhi.orgs.permissions import Scope
from shanzhi.orgs.roles import Reach, Role, in_force
from shanzhi.packs.queries import version

KEY_TTL = 3.0  # seconds; a revoked key is refused by every process after this long at the latest
KEYS_KEPT = 10_000

GRANTS = """(SELECT coalesce(json_agg(json_build_array(g.role, g.area, g.org)), '[]')
        FROM orgs_held g WHERE g.account_id = {})"""
KEY_SQL = """
SELECT c.id, c.name, c.per_minute, c.account_id, a.name,
       (SELECT coalesce(json_agg(json_build_array(g.role, g.area, g.org)), '[]') FROM orgs_held g
        WHERE CASE WHEN c.account_id IS NULL THEN g.client_id = c.id ELSE g.account_id = c.account_id END)
FROM orgs_client c LEFT JOIN orgs_account a ON a.id = c.account_id
WHERE (c.key_hash = %s OR (c.old_hash = %s AND c.old_until > clock_timestamp()))
    AND c.revoked_at IS NULL AND (c.account_id IS NULL OR a.is_active)"""


@dataclass(frozen=True, slots=True)
class Key:
    """A valid API key: who calls with it, which client it belongs to and how often it may call."""

    client: int
    actor: Actor
    per_minute: int


_keys: dict[bytes, tuple[float, Key]] = {}
_roles: tuple[int, dict[str, Role]] | None = None


def actor_of(account: Account) -> Actor:
    """The actor an account stands for; one statement at most, remembered with the account object.

    An account that is closed has no grants and counts as unknown.
    """
    if not account.is_active:
        return Actor.anonymous()
    known = account.known_as
    if known is None:
        rows = Held.objects.filter(account=account.pk).values_list("role", "area", "org_id")
        known = remember(account, rows)
    return known


def remember(account: Account, rows: Iterable[tuple[str, str, str | None]]) -> Actor:
    """The actor of an account whose grants have been read, kept with the account object."""
    actor = Actor("account", account.pk, account.name, grants(rows))
    account.known_as = actor
    return actor


def grants(rows: Iterable[tuple[str, str, str | None]]) -> tuple[Grant, ...]:
    """Grants from rows of (role, area, org), in a fixed order."""
    return tuple(sorted((Grant(role, area, org or "") for role, area, org in rows), key=str))


def actor_of_key(key: str) -> Actor | None:
    """The actor an API key stands for; None when it is unknown or revoked or its account is closed."""
    known = known_key(key)
    return known.actor if known else None


def known_key(key: str) -> Key | None:
    """A valid key, at most KEY_TTL seconds old: a busy client costs no statement for each request."""
    if not key or len(key) > keys.LONGEST:
        return None
    digest = keys.digest(key, key_secret())
    kept = _keys.get(digest)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = _look_up(digest)
    if found is None:
        _keys.pop(digest, None)
        return None
    if len(_keys) >= KEYS_KEPT:
        _keys.clear()
    _keys[digest] = (time.monotonic() + KEY_TTL, found)
    return found


def _look_up(digest: bytes) -> Key | None:
    with connection.cursor() as cursor:
        cursor.execute(KEY_SQL, [digest, digest])
        row = cursor.fetchone()
    if row is None:
        return None
    client, name, per_minute, account, person, held = row
    if account is None:
        return Key(client, Actor("client", client, name, grants(held)), per_minute)
    return Key(client, Actor("account", account, person, grants(held)), per_minute)


def forget() -> None:
    """Makes this process look again at keys and roles."""
    global _roles
    _keys.clear()
    _roles = None


@lru_cache(maxsize=1)
def key_secret() -> str:
    """The secret that hashes of API keys are made with."""
    return str(settings.HOME.secret("keys"))


@lru_cache(maxsize=20)
def field_key(purpose: str) -> bytes:
    """The key (16 bytes) that encrypts fields of one purpose, derived from the installation's secret."""
    return hmac_sm3(str(settings.HOME.secret("fields")).encode(), purpose.encode())[:16]


def roles() -> dict[str, Role]:
    """The roles in force, kept until a pack changes them."""
    global _roles
    current = version("roles")
    if _roles is None or _roles[0] != current:
        rows = RoleRow.objects.values_list("code", "title", "reach", "staff", "rights")
        found = [
            Role(code, title, cast(Reach, reach), staff, frozenset(h))
            for code, title, reach, staff, h in rows
        ]
        _roles = (current, in_force(found))
    return _roles[1]


def scope(actor: Actor, right: str = "case.view") -> Scope:
    """How far a right of the actor reaches, by the roles in force."""
    return permissions.scope(actor, right, roles())


def require(actor: Actor, right: str) -> Scope:
    """The same, but raises NotSignedIn or Denied when it reaches nothing."""
    found = scope(actor, right)
    permissions.require(actor, right, found)
    return found
