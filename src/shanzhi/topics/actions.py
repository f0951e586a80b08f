"""Putting topics right by hand: two that are one matter become one, a case that is another matter goes its own way.

Who gives cases to others may do it, for cases that lie within his reach. What a person has put right stays so.
"""

from collections.abc import Collection
from uuid import UUID, uuid5

from django.db import transaction

from shanzhi.base.errors import Conflict, Denied, NotFound, gettext_noop
from shanzhi.cases.queries import states_of
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.topics.models import Member

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c000b")
RIGHT = "case.assign"
ALONE = gettext_noop("This case is a topic of its own already")


@transaction.atomic
def join(actor: Actor, topic: UUID, into: UUID) -> UUID:
    """All cases of a topic join another one; its id. Raises NotFound, Denied, Conflict for a topic and itself."""
    if topic == into:
        raise Conflict(gettext_noop("These are one topic already"))
    found = _members(topic)
    _members(into)
    return _moved(actor, found, into, "topic.joined", {"from": str(topic)})


@transaction.atomic
def split(actor: Actor, case: UUID) -> UUID:
    """A case leaves its topic and begins one of its own; its id. The first case leaves its topic's id to the others.

    Raises NotFound, Denied, Conflict for a case that is alone.
    """
    member = Member.objects.filter(pk=case).first()
    if member is None:
        raise NotFound()
    others = [one for one in _members(member.topic) if one.pk != case]
    if not others:
        raise Conflict(ALONE)
    if member.topic != case:
        return _moved(actor, [member], case, "topic.split", {"case": str(case)})
    _moved(actor, others, others[0].pk, "topic.split", {"case": str(case)})
    return case


def may_change(actor: Actor) -> bool:
    return bool(scope(actor, RIGHT))


def _members(topic: UUID) -> list[Member]:
    """The cases of a topic, the oldest first, held until this is over. Raises NotFound."""
    found = list(Member.objects.select_for_update().filter(topic=topic).order_by("at", "pk"))
    if not found:
        raise NotFound()
    return found


def _moved(actor: Actor, cases: Collection[Member], topic: UUID, kind: str, data: dict[str, str]) -> UUID:
    ids = [one.pk for one in cases]
    reach = scope(actor, RIGHT)
    if not all(reach.covers(state["area"], (state["org"],)) for state in states_of(ids).values()):
        raise Denied()
    Member.objects.filter(pk__in=ids).update(topic=topic)
    append(
        actor.ref,
        uuid5(SPACE, str(topic)),
        kind,
        data | {"topic": str(topic), "cases": [str(i) for i in ids]},
    )
    return topic
