"""Policies that look for their people (政策找人): a rule over the one record, for a lawful purpose, and a person who
lets the letters go."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.journal.actions import append
from shanzhi.notices.actions import tell
from shanzhi.notices.notice import Message
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.residents import queries as residents
from shanzhi.residents.queries import facts
from shanzhi.rules.evaluate import Rule
from shanzhi.services.actions.applying import stopped
from shanzhi.services.item import Item
from shanzhi.services.models import Match, NoLetters, Policy
from shanzhi.services.queries import catalogue
from shanzhi.services.queries.reach import Preview, previewed, reached, standing

CHUNK = 5_000
STATUSES = ("found", "served", "refused")
KIND = "service.found"


@transaction.atomic
def look_for(actor: Actor, code: str, *, purpose: str, basis: str, at: datetime | None = None) -> Policy:
    """Lists who qualifies by the rule of an item on authoritative facts, and is not served yet. Nobody is told.

    The run is an entry with its purpose, its legal basis and the facts it read. Raises Denied, Invalid.
    """
    when = at or now()
    item, rule = _meant(actor, code, purpose, basis, when)
    policy = Policy(
        id=new_id(), item=code, item_version=item.version, rule=f"{rule.id}@{rule.version}",
        purpose=purpose.strip()[:500], basis=basis.strip()[:500], status="listed", looked_at=0, counts={},
        listed_at=when, listed_by=actor.ref,
    )  # fmt: skip
    policy.save()
    _run(policy, rule, when)
    append(actor.ref, policy.pk, "policy.listed", _told(policy, rule), at=when)
    return policy


def _meant(actor: Actor, code: str, purpose: str, basis: str, at: datetime) -> tuple[Item, Rule]:
    """The item and its rule in force; raises Denied, or Invalid without purpose, ground, or a rule that may decide."""
    require(actor, "service.manage")
    day = at.astimezone(BEIJING).date()
    item = catalogue.item(code, day=day)
    rule = catalogue.rule(item, day=day)
    errors = [
        FieldError(name, gettext_noop("This is needed"))
        for name, text in (("purpose", purpose), ("basis", basis))
        if not text.strip()
    ]
    if errors:
        raise Invalid(errors=errors)
    if rule is None or stopped(rule):
        raise Invalid(gettext_noop("Only a service with a rule that is not stopped can look for its people"))
    return item, rule


def _told(policy: Policy, rule: Rule) -> dict[str, Any]:
    return {
        "item": f"{policy.item}@{policy.item_version}", "rule": policy.rule, "purpose": policy.purpose,
        "basis": policy.basis, "keys": sorted(rule.names), "looked_at": policy.looked_at, "counts": policy.counts,
    }  # fmt: skip


def preview(
    actor: Actor, code: str, *, purpose: str, basis: str, day: date | None = None, at: datetime | None = None
) -> Preview:
    """What the policy would do, before it is issued: how many, where, what a month costs. Nobody is listed or told.

    With a later `day` by the item and rule that will be in force then, beside those in force now (what-if). It reads
    the whole record: an entry with purpose and ground, as a listing is. Raises Denied, Invalid.
    """
    when = at or now()
    item, rule = _meant(actor, code, purpose, basis, when)
    before = None
    if day is not None and day != when.astimezone(BEIJING).date():
        then = datetime(day.year, day.month, day.day, 12, tzinfo=BEIJING)
        before, (item, rule) = rule, _meant(actor, code, purpose, basis, then)
        found = previewed(code, rule, then, before)
    else:
        found = previewed(code, rule, when)
    told = {
        "item": item.ref, "rule": found.rule, "purpose": purpose.strip()[:500], "basis": basis.strip()[:500],
        "keys": sorted(rule.names), "looked_at": found.looked_at, "day": str(found.day), "qualify": found.qualify,
    }  # fmt: skip
    append(actor.ref, new_id(), "policy.previewed", told, at=when)
    return found


def _run(policy: Policy, rule: Rule, at: datetime) -> None:
    found = reached(rule, at.astimezone(BEIJING).date())
    served, refused = standing(policy.item, found.amounts)
    statuses = {
        person: "served" if person in served else "refused" if person in refused else "found"
        for person in found.amounts
    }
    made = [Match(policy=policy, person=person, status=status) for person, status in statuses.items()]
    Match.objects.bulk_create(made, batch_size=CHUNK)
    policy.looked_at = found.looked_at
    policy.counts = {one: sum(status == one for status in statuses.values()) for one in STATUSES}
    policy.save()


@transaction.atomic
def release(actor: Actor, policy: UUID, *, at: datetime | None = None) -> int:
    """A person lets the letters go: who has an account finds one in his inbox, whose link begins the form filled in;
    the others stay on the list for the community to visit. How many were told. Raises Denied, NotFound, Conflict.
    """
    require(actor, "service.manage")
    when = at or now()
    found = Policy.objects.select_for_update().filter(pk=policy).first()
    if found is None:
        raise NotFound()
    if found.status != "listed":
        raise Conflict(gettext_noop("These letters have left already"))
    matches = list(Match.objects.filter(policy=found, status="found"))
    accounts = facts.accounts_of([one.person for one in matches])
    entry = append(actor.ref, found.pk, "policy.released", {"letters": len(accounts)}, at=when)
    item = catalogue.version(found.item, found.item_version)
    data = {"title": item.name.zh, "item": item.code, "policy": str(found.pk)}
    tell(Message(account, entry.id, KIND, when, None, data) for account in accounts.values())
    Match.objects.filter(policy=found, person__in=list(accounts)).update(status="told", told_at=when)
    found.status, found.released_at, found.released_by = "released", when, actor.ref
    found.save()
    return len(accounts)


@transaction.atomic
def letters(actor: Actor, *, wanted: bool, at: datetime | None = None) -> None:
    """Whether the actor wants letters from policies; he may change his mind."""
    person = residents.own(actor)
    if person is None:
        raise NotFound()
    if wanted:
        NoLetters.objects.filter(person=person).delete()
    else:
        NoLetters.objects.get_or_create(person=person, defaults={"at": at or now()})
    append(actor.ref, person, "letters.chosen", {"person": str(person), "wanted": wanted})
