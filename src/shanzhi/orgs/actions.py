"""Changing accounts, grants and API keys. Each change is an entry in the journal, without personal data."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.identity import normal_phone
from shanzhi.journal.actions import append
from shanzhi.orgs import keys, queries
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.models import Account, Client, GrantRow, Org, Session

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0002")


def stream(ref: str) -> UUID:
    """The journal's stream about an account or a client, by its `Actor.ref`."""
    return uuid5(SPACE, ref)


@transaction.atomic
def open_account(
    actor: Actor,
    username: str,
    password: str,
    *,
    name: str,
    staff: bool = False,
    grants: Iterable[Grant] = (),
) -> Account:
    """Opens an account. Raises Conflict when the username is taken, Invalid for a weak password."""
    _require_manager(actor)
    account = Account(username=username.strip().lower(), name=name, kind="staff" if staff else "resident")
    _check_password(password, account)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise Conflict(
            gettext_noop("The username %(username)s is taken"), username=account.username
        ) from error
    held = _grant(GrantRow(account=account), grants)
    ref = f"account:{account.pk}"
    append(actor.ref, stream(ref), "account.opened", {"account": ref, "kind": account.kind, "grants": held})
    return account


@transaction.atomic
def grant(actor: Actor, account_id: int, grants: Iterable[Grant]) -> Account:
    """Gives an account exactly these grants, instead of those it had."""
    _require_manager(actor)
    account = _account(account_id)
    GrantRow.objects.filter(account=account).delete()
    held = _grant(GrantRow(account=account), grants)
    ref = f"account:{account.pk}"
    append(actor.ref, stream(ref), "account.granted", {"account": ref, "grants": held})
    return account


@transaction.atomic
def close_account(actor: Actor, account_id: int) -> Account:
    """Closes an account: it can no longer sign in, its sessions and keys stop working."""
    _require_manager(actor)
    account = _account(account_id)
    account.is_active = False
    account.save(update_fields=["is_active"])
    Session.objects.filter(account=account).delete()
    ref = f"account:{account.pk}"
    append(actor.ref, stream(ref), "account.closed", {"account": ref})
    return account


@transaction.atomic
def reopen_account(actor: Actor, account_id: int) -> Account:
    """Lets a closed account sign in again, with the roles that it had."""
    _require_manager(actor)
    account = _account(account_id)
    account.is_active = True
    account.save(update_fields=["is_active"])
    ref = f"account:{account.pk}"
    append(actor.ref, stream(ref), "account.reopened", {"account": ref})
    return account


@transaction.atomic
def end_sessions(actor: Actor, account_id: int) -> None:
    """Signs an account out wherever it is signed in: one's own, or anybody's for who manages accounts."""
    if actor.account != account_id:
        _require_manager(actor)
    account = _account(account_id)
    account.generation += 1
    account.save(update_fields=["generation"])
    Session.objects.filter(account=account).delete()
    ref = f"account:{account.pk}"
    append(actor.ref, stream(ref), "account.sessions_ended", {"account": ref})


@transaction.atomic
def open_client(
    actor: Actor, name: str, *, grants: Iterable[Grant] = (), per_minute: int = 600, key: str = ""
) -> tuple[Client, str]:
    """A new API client and its key, which is shown this once only (`key` is for tests and benches)."""
    _require_manager(actor)
    _check_rate(per_minute)
    key = key or keys.new_key()
    digest = keys.digest(key, queries.key_secret())
    client = Client.objects.create(name=name, key_hash=digest, per_minute=per_minute)
    held = _grant(GrantRow(client=client), grants)
    ref = f"client:{client.pk}"
    append(actor.ref, stream(ref), "client.opened", {"client": ref, "name": name, "grants": held})
    return client, key


@transaction.atomic
def open_token(actor: Actor, name: str, *, per_minute: int = 600) -> tuple[Client, str]:
    """A personal token: a key that stands for the account itself, with all its grants."""
    if actor.account is None:
        raise NotFound()
    key = keys.new_key()
    digest = keys.digest(key, queries.key_secret())
    client = Client.objects.create(
        name=name, key_hash=digest, per_minute=per_minute, account=_account(actor.account)
    )
    ref = f"client:{client.pk}"
    append(actor.ref, stream(ref), "client.opened", {"client": ref, "account": actor.ref})
    return client, key


@transaction.atomic
def grant_client(actor: Actor, client_id: int, grants: Iterable[Grant], *, per_minute: int) -> Client:
    """Gives a client exactly these grants and this many requests a minute, instead of those it had."""
    _require_manager(actor)
    _check_rate(per_minute)
    client = _client(client_id, own=True)
    client.per_minute = per_minute
    client.save(update_fields=["per_minute"])
    GrantRow.objects.filter(client=client).delete()
    held = _grant(GrantRow(client=client), grants)
    ref = f"client:{client.pk}"
    facts = {"client": ref, "grants": held, "per_minute": per_minute}
    append(actor.ref, stream(ref), "client.granted", facts)
    queries.forget()
    return client


@transaction.atomic
def rotate(actor: Actor, client_id: int, *, overlap: timedelta) -> tuple[Client, str]:
    """A new key, shown this once; the one before it is good for `overlap` longer, so that nothing has to stop."""
    _require_manager(actor)
    client = _client(client_id, own=True)
    if client.revoked_at is not None:
        raise Conflict(gettext_noop("This client is closed"))
    key, until = keys.new_key(), now() + overlap
    client.old_hash, client.old_until = (client.key_hash, until) if overlap else (None, None)
    client.key_hash = keys.digest(key, queries.key_secret())
    client.save(update_fields=["key_hash", "old_hash", "old_until"])
    ref = f"client:{client.pk}"
    facts = {"client": ref, "old_until": until.isoformat() if overlap else None}
    append(actor.ref, stream(ref), "client.rotated", facts)
    queries.forget()
    return client, key


@transaction.atomic
def revoke(actor: Actor, client_id: int) -> Client:
    """Revokes a key; every process refuses it within `queries.KEY_TTL` seconds."""
    client = _client(client_id)
    if actor.account is None or client.account_id != actor.account:
        _require_manager(actor)
    client.revoked_at = client.revoked_at or now()
    client.save(update_fields=["revoked_at"])
    ref = f"client:{client.pk}"
    append(actor.ref, stream(ref), "client.revoked", {"client": ref})
    queries.forget()
    return client


@transaction.atomic
def end_session(actor: Actor, account_id: int, session: str) -> None:
    """Signs an account out in one browser, by the id that `queries.sessions` gives; raises NotFound."""
    if actor.account != account_id:
        _require_manager(actor)
    secrets = Session.objects.filter(account=account_id).values_list("pk", flat=True)
    found = [one for one in secrets if queries.session_id(one) == session]
    if not Session.objects.filter(pk__in=found).delete()[0]:
        raise NotFound()
    ref = f"account:{account_id}"
    append(actor.ref, stream(ref), "account.session_ended", {"account": ref, "session": session})


def _require_manager(actor: Actor) -> None:
    """Only who manages everything may grant: otherwise a manager of one street could grant itself a city."""
    if not queries.require(actor, "org.manage").everything:
        raise Denied(right="org.manage")


def _check_rate(per_minute: int) -> None:
    if not 1 <= per_minute <= 10_000_000:
        error = FieldError("per_minute", gettext_noop("Between 1 and 10,000,000 requests a minute"))
        raise Invalid(errors=[error])


def _client(client_id: int, *, own: bool = False) -> Client:
    """A client, locked; `own` leaves out the personal tokens of accounts."""
    found = Client.objects.select_for_update().filter(pk=client_id)
    client = (found.filter(account=None) if own else found).first()
    if client is None:
        raise NotFound()
    return client


def _account(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound()
    return account


def _check_password(password: str, account: Account) -> None:
    if settings.AUTH_PASSWORD_VALIDATORS:
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise Invalid(errors=[FieldError("password", text) for text in error.messages]) from error


def _grant(holder: GrantRow, grants: Iterable[Grant]) -> list[dict[str, str]]:
    wanted = sorted(set(grants), key=str)
    fault = next(filter(None, (fault_of(g) for g in wanted)), None)
    if fault:
        raise Invalid(errors=[FieldError("grants", fault)])
    known = set(Org.objects.filter(pk__in={g.org for g in wanted}).values_list("pk", flat=True))
    if missing := {g.org for g in wanted if g.org} - known:
        raise Invalid(errors=[FieldError("grants", f"no such organisation: {', '.join(sorted(missing))}")])
    GrantRow.objects.bulk_create(
        GrantRow(
            account_id=holder.account_id,
            client_id=holder.client_id,
            role=g.role,
            area=g.area,
            org_id=g.org or None,
        )
        for g in wanted
    )
    return [{"role": g.role, "area": g.area, "org": g.org} for g in wanted]


def fault_of(grant: Grant) -> str:
    """Why a grant would grant nothing; empty when it is in order."""
    role = queries.roles().get(grant.role)
    if role is None:
        return f"no such role: {grant.role}"
    if role.reach == "area" and not (grant.area or grant.org):
        return f"the role {grant.role} needs an area"
    if role.reach == "org" and not grant.org:
        return f"the role {grant.role} needs an organisation"
    return ""


def checked_reach(email: str, phone: str) -> dict[str, str]:
    """Addresses as they are kept, by channel. Raises Invalid for what is no address or no telephone."""
    given = email.strip()
    if given:
        try:
            validate_email(given)
        except ValidationError as error:
            raise Invalid(errors=[FieldError("email", gettext_noop("This is no e-mail address"))]) from error
    return {"email": given, "sms": normal_phone(phone)}


def reach_at(actor: Actor, *, email: str, phone: str) -> None:
    """Where the actor is reached, once it is known to be his. Raises Invalid for what is no address or no telephone."""
    address = checked_reach(email, phone)
    number = address["sms"]
    cipher = FieldCipher(queries.field_key("account"))
    kept = cipher.encrypt(number, str(actor.account).encode()) if number else None
    Account.objects.filter(pk=actor.account or 0).update(email=address["email"], phone=kept)
    facts = {"email": bool(address["email"]), "phone": bool(number)}
    append(actor.ref, stream(actor.ref), "account.reached", facts)
