"""Policies that look for their people (政策找人): a rule over the one record, for a lawful purpose, and a person who
lets the letters go."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
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
from shanzhi.residents.fact import Known
from shanzhi.residents.queries import facts
from shanzhi.rules.evaluate import Rule
from shanzhi.services.actions.applying import stopped
from shanzhi.services.models import Application, Match, NoLetters, Policy
from shanzhi.services.queries import catalogue
from shanzhi.services.review import told

CHUNK = 5_000
KIND = "service.found"


@transaction.atomic
def look_for(actor: Actor, code: str, *, purpose: str, basis: str, at: datetime | None = None) -> Policy:
    """Lists who qualifies by the rule of an item on authoritative facts, and is not served yet. Nobody is told.

    The run is an entry with its purpose, its legal basis and the facts it read. Raises Denied, Invalid.
    """
    require(actor, "service.manage")
    when, item = at or now(), catalogue.item(code)
    rule = catalogue.rule(item)
    errors = [
        FieldError(name, gettext_noop("This is needed"))
        for name, text in (("purpose", purpose), ("basis", basis))
        if not text.strip()
    ]
    if errors:
        raise Invalid(errors=errors)
    if rule is None or stopped(rule):
        raise Invalid(gettext_noop("Only a service with a rule that is not stopped can look for its people"))
    policy = Policy(
        id=new_id(), item=code, item_version=item.version, rule=f"{rule.id}@{rule.version}",
        purpose=purpose.strip()[:500], basis=basis.strip()[:500], status="listed", looked_at=0, counts={},
        listed_at=when, listed_by=actor.ref,
    )  # fmt: skip
    policy.save()
    _run(policy, rule, when)
    data = {
        "item": item.ref, "rule": policy.rule, "purpose": policy.purpose, "basis": policy.basis,
        "keys": sorted(rule.names), "looked_at": policy.looked_at, "counts": policy.counts,
    }  # fmt: skip
    append(actor.ref, policy.pk, "policy.listed", data, at=when)
    return policy


def _run(policy: Policy, rule: Rule, at: datetime) -> None:
    counts = {"found": 0, "served": 0, "refused": 0}
    for people in _chunks(rule):
        policy.looked_at += len(people)
        yes = _qualifying(rule, people, at)
        served = set(
            Application.objects.filter(
                person__in=yes, item=policy.item, verdict__in=("", "granted")
            ).values_list("person", flat=True)
        )
        refused = set(NoLetters.objects.filter(person__in=yes).values_list("person", flat=True))
        made = []
        for person in yes:
            status = "served" if person in served else "refused" if person in refused else "found"
            counts[status] += 1
            made.append(Match(policy=policy, person=person, status=status))
        Match.objects.bulk_create(made)
    policy.counts = counts
    policy.save()


def _chunks(rule: Rule) -> Iterator[list[UUID]]:
    """Everybody of whom the rule's first fact is known: without it nobody gets a yes by a table or by `all`."""
    registry = facts.types()
    keys = [registry[name].since or name for name in rule.names if name in registry]
    seen: set[UUID] = set()
    for key in dict.fromkeys(keys):
        after: UUID | None = None
        while people := facts.people_with(key, after=after, limit=CHUNK):
            after = people[-1]
            fresh = [one for one in people if one not in seen]
            seen.update(fresh)
            if fresh:
                yield fresh


def _qualifying(rule: Rule, people: Sequence[UUID], at: datetime) -> list[UUID]:
    day = at.astimezone(BEIJING).date()
    known = facts.of_many(people, rule.names, day=day)
    return [
        person
        for person in people
        if yes(rule, {key: one for key, one in known.get(person, {}).items() if one.authoritative}, day)
    ]


def yes(rule: Rule, known: Mapping[str, Known], day: date) -> bool:
    answer = told(rule, known, day)
    return answer is not None and answer.truth is True


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
