"""Registers of organisations, accounts, clients and sessions, and who of the staff is where."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, NotFound, gettext_noop
from shanzhi.orgs import keys
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import Account, Client, GrantRow, Held, Org, Session
from shanzhi.orgs.queries.access import field_key, grants, key_secret
from shanzhi.packs.queries import version

ACCOUNT = ("id", "username", "name", "kind", "is_active", "last_login", "created_at")
CLIENT = (
    "id",
    "name",
    "per_minute",
    "created_at",
    "used_at",
    "old_until",
    "revoked_at",
    "account",
    "account__name",
)
AROUND = 200


def orgs(keys: Iterable[str] | None = None) -> dict[str, str]:
    """Names of organisations by key: those asked for (closed ones too), or all that are open."""
    if keys is None:
        return dict(_names(version("orgs")))
    found = Org.objects.filter(pk__in=list(keys))
    return dict(found.order_by("key").values_list("key", "name"))


def areas_of(keys: Iterable[str]) -> dict[str, str]:
    """The areas that organisations work in, by key; unknown ones are left out."""
    found = _areas(version("orgs"))
    return {key: found[key] for key in keys if key in found}


@lru_cache(maxsize=2)
def _areas(_: int) -> dict[str, str]:
    return dict(Org.objects.values_list("key", "area"))


@lru_cache(maxsize=2)
def _names(_: int) -> tuple[tuple[str, str], ...]:
    return tuple(Org.objects.filter(open=True).order_by("key").values_list("key", "name"))


def accounts(text: str = "", *, offset: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    """Accounts in the order of their names, those with `text` in name or username; for who manages them."""
    found = Account.objects.order_by("name", "id")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__contains=text.lower()))
    return list(found.values(*ACCOUNT)[offset : offset + limit])


def account(id_: int) -> dict[str, Any]:
    """One account with its grants in a steady order; raises NotFound."""
    found = Account.objects.filter(pk=id_).values(*ACCOUNT).first()
    if found is None:
        raise NotFound()
    rows = GrantRow.objects.filter(account=id_).values_list("role", "area", "org")
    return {**found, "grants": sorted(grants(rows), key=str)}


def clients() -> list[dict[str, Any]]:
    """API clients and personal tokens with their grants: those in use first, by name; for who manages them."""
    held: dict[int, list[tuple[str, str, str | None]]] = {}
    for client_, *one in GrantRow.objects.exclude(client=None).values_list("client", "role", "area", "org"):
        held.setdefault(client_ or 0, []).append((one[0], one[1], one[2]))
    rows = Client.objects.order_by(F("revoked_at").asc(nulls_first=True), "name", "id").values(*CLIENT)
    return [{**row, "grants": sorted(grants(held.get(row["id"], ())), key=str)} for row in rows]


def client(id_: int) -> dict[str, Any]:
    """One of them; raises NotFound."""
    found = Client.objects.filter(pk=id_).values(*CLIENT).first()
    if found is None:
        raise NotFound()
    rows = GrantRow.objects.filter(client=id_).values_list("role", "area", "org")
    return {**found, "grants": sorted(grants(rows), key=str)}


def sessions(account: int) -> list[dict[str, Any]]:
    """Where an account is signed in, the newest first: what browser it is, and since when.

    `id` tells one from another without being what the browser holds: whoever reads it cannot use it.
    """
    holder = Account.objects.filter(pk=account).first()
    rows = Session.objects.filter(account=account, expire_date__gt=now()).order_by("-since", "pk")
    good = holder.get_session_auth_hash() if holder else ""
    return [
        {"id": session_id(row.pk), "device": row.device, "since": row.since, "until": row.expire_date}
        for row in rows
        if constant_time_compare(row.get_decoded().get(HASH_SESSION_KEY, ""), good)
    ]


def session_id(secret: str) -> str:
    """A name for a session that does not give it away."""
    return keys.digest(f"session:{secret}", key_secret()).hex()[:16]


def account_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of accounts by id, in one statement."""
    return dict(Account.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an account is reached."""

    email: str
    phone: str
    language: str
    staff: bool


def contacts(ids: Iterable[int]) -> dict[int, Contact]:
    """Where accounts that are open are reached; in one statement."""
    cipher = FieldCipher(field_key("account"))
    rows = Account.objects.filter(pk__in=set(ids), is_active=True)
    return {
        one.pk: Contact(
            one.email,
            cipher.decrypt(bytes(one.phone), str(one.pk).encode()) if one.phone else "",
            one.language,
            one.is_staff,
        )
        for one in rows
    }


def people_of(org: str) -> dict[int, str]:
    """Ids and names of the active accounts that hold any role in an organisation."""
    held = Held.objects.filter(org=org, account__is_active=True)
    return dict(held.order_by("account").values_list("account", "account__name").distinct())


def usernames_of(ids: Iterable[int]) -> dict[str, int]:
    """Accounts by their usernames, in one statement."""
    return dict(Account.objects.filter(pk__in=list(ids)).values_list("username", "pk"))


def holders(role: str, area: str) -> list[int]:
    """Ids of the active accounts that hold a role for an area around `area` (or for it)."""
    held = Held.objects.filter(role=role, org=None, account__is_active=True)
    found = held.values_list("account", "area")
    return sorted({account for account, reach in found if area.startswith(reach)})


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try the demo with, and its published password."""

    username: str
    name: str
    password: str
    kind: str
    roles: tuple[str, ...]


def demo_accounts() -> list[DemoAccount]:
    """The demo accounts; none in a real installation."""
    accounts = list(Account.objects.filter(is_active=True).exclude(demo_password="").order_by("id"))
    held: dict[int, set[str]] = {a.pk: set() for a in accounts}
    for account, role in GrantRow.objects.filter(account__in=held).values_list("account_id", "role"):
        held[account or 0].add(role)
    return [
        DemoAccount(a.username, a.name, a.demo_password, a.kind, tuple(sorted(held[a.pk]))) for a in accounts
    ]


def street_office(area: str) -> str:
    """The organisation of the street (街道办事处) that an area lies in; of the county's centre otherwise."""
    offices = _offices(version("orgs"))
    return offices.get(area[:9]) or offices.get("", "")


@lru_cache(maxsize=2)
def _offices(_: int) -> dict[str, str]:
    streets = Org.objects.filter(open=True, kind="street").values_list("area", "key")
    centres = Org.objects.filter(open=True, kind="centre").order_by("key").values_list("key", flat=True)
    return {**dict(streets), "": next(iter(centres), "")}


@lru_cache(maxsize=2)
def _open(_: int) -> frozenset[str]:
    return frozenset(Org.objects.filter(open=True).values_list("key", flat=True))


def check_owner(org: str, person: int | None, helpers: Iterable[str] = ()) -> None:
    """Raises Invalid unless the organisations are open and the person works in the first of them."""
    missing = {org, *helpers} - _open(version("orgs"))
    errors = [
        FieldError("org" if key == org else "helpers", gettext_noop("There is no such organisation"))
        for key in sorted(missing)
    ]
    if person is not None and person not in people_of(org):
        errors.append(FieldError("person", gettext_noop("This person does not work there")))
    if errors:
        raise Invalid(errors=errors)


def actors(*, ids: Iterable[int] = (), usernames: Iterable[str] = ()) -> list[Actor]:
    """The actors of active accounts, in the order of their ids, in two statements."""
    wanted = Q(pk__in=list(ids)) | Q(username__in=list(usernames))
    accounts = list(Account.objects.filter(wanted, is_active=True).order_by("pk"))
    held: dict[int, list[tuple[str, str, str | None]]] = {account.pk: [] for account in accounts}
    for account, role, area, org in Held.objects.filter(account__in=held).values_list(
        "account_id", "role", "area", "org_id"
    ):
        held[account or 0].append((role, area, org))
    return [Actor("account", account.pk, account.name, grants(held[account.pk])) for account in accounts]


def staff(usernames: Iterable[str]) -> dict[str, Actor]:
    """Active members of staff by account name, as actors; those who are not there are left out."""
    return _staff(Q(username__in=list(usernames)))


def staff_around(area: str, orgs: Iterable[str], text: str) -> dict[str, Actor]:
    """Those with a grant for an area around a place or for one of some organisations, found by name; at most 200."""
    reach = [area[:n] for n in range(len(area) + 1)]
    held = Held.objects.filter(Q(org=None, area__in=reach) | Q(org__in=list(orgs)))
    called = Q(username__istartswith=text) | Q(name__icontains=text) if text else Q()
    return _staff(called & Q(pk__in=held.values("account")))


def _staff(wanted: Q) -> dict[str, Actor]:
    rows = Account.objects.filter(wanted, is_active=True, kind=Account.Kind.STAFF).order_by("name", "pk")
    names = dict(rows.values_list("pk", "username")[:AROUND])
    return {names[one.id]: one for one in actors(ids=names) if one.id is not None} if names else {}


def forget() -> None:
    """Makes this process look again at organisations."""
    for remembered in (_names, _areas, _open, _offices):
        remembered.cache_clear()
