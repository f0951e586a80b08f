"""Reading accounts, organisations, roles and grants."""

from shanzhi.orgs.queries import access, registers
from shanzhi.orgs.queries.access import (
    GRANTS,
    Key,
    actor_of,
    actor_of_key,
    field_key,
    grants,
    key_secret,
    known_key,
    remember,
    require,
    roles,
    scope,
)
from shanzhi.orgs.queries.registers import (
    Contact,
    DemoAccount,
    account,
    account_names,
    accounts,
    actors,
    areas_of,
    check_owner,
    client,
    clients,
    contacts,
    demo_accounts,
    holders,
    orgs,
    people_of,
    session_id,
    sessions,
    staff,
    staff_around,
    street_office,
    usernames_of,
)

__all__ = [
    "Contact",
    "DemoAccount",
    "GRANTS",
    "Key",
    "account",
    "account_names",
    "accounts",
    "actor_of",
    "actor_of_key",
    "actors",
    "areas_of",
    "check_owner",
    "client",
    "clients",
    "contacts",
    "demo_accounts",
    "field_key",
    "forget",
    "grants",
    "holders",
    "key_secret",
    "known_key",
    "orgs",
    "people_of",
    "remember",
    "require",
    "roles",
    "scope",
    "session_id",
    "sessions",
    "staff",
    "staff_around",
    "street_office",
    "usernames_of",
]


def forget() -> None:
    """Makes this process look again at keys, roles and organisations."""
    access.forget()
    registers.forget()
