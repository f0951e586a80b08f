"""Reading accounts, organisations and grants."""

from collections.abc import Iterable

from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.models import Account, GrantRow


def actor_of(account: Account) -> Actor:
    """The actor an account stands for; one statement at most, remembered with the account object.

    An account that is closed has no grants and counts as unknown.
    """
    if not account.is_active:
        return Actor.anonymous()
    known: Actor | None = account.__dict__.get("_actor")
    if known is None:
        rows = GrantRow.objects.filter(account=account.pk).values_list("role", "area", "org_id")
        known = Actor("account", account.pk, account.name, grants(rows))
        account.__dict__["_actor"] = known
    return known


def grants(rows: Iterable[tuple[str, str, str | None]]) -> tuple[Grant, ...]:
    """Grants from rows of (role, area, org), in a fixed order."""
    return tuple(sorted((Grant(role, area, org or "") for role, area, org in rows), key=str))
