"""Reading members of staff: whom somebody leads, who may be posted, and by which names they sign in."""

from collections.abc import Iterable

from shanzhi.orgs.models import Account, Held
from shanzhi.orgs.permissions import Scope


def led(reach: Scope, roles: Iterable[str] = ()) -> dict[int, str]:
    """Active members of staff who hold a role (one of some, or any) in an area that a scope reaches, or in an
    organisation there, by name."""
    held = Held.objects.filter(account__is_active=True, account__kind=Account.Kind.STAFF)
    held = held.filter(role__in=list(roles)) if roles else held
    rows = held.order_by("account__name", "account").values_list(
        "account", "account__name", "area", "org", "org__area"
    )
    return {
        account or 0: name
        for account, name, area, org, at in rows
        if reach.covers(area or at or "", [org] if org else [])
    }


def usernames(ids: Iterable[int]) -> dict[str, int]:
    """Accounts by the name with which they sign in."""
    return dict(Account.objects.filter(pk__in=list(ids)).values_list("username", "pk"))


def workers() -> dict[int, str]:
    """Ids and names of the active members of staff who may be posted to a grid, by name: at most 5,000."""
    rows = Account.objects.filter(is_active=True, kind=Account.Kind.STAFF).order_by("name", "pk")
    return dict(rows.values_list("pk", "name")[:5000])
