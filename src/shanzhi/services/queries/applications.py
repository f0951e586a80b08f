"""Reading applications: one's own, those of one's office, and everything behind one of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.state import State
from shanzhi.orgs.actor import Actor
from shanzhi.residents import queries as residents
from shanzhi.residents.fact import Known, known
from shanzhi.residents.queries import facts
from shanzhi.rules.evaluate import Answer, Rule, evaluate
from shanzhi.services.item import Item
from shanzhi.services.models import Application, Document
from shanzhi.services.queries import catalogue


@dataclass(frozen=True, slots=True)
class Opened:
    """An application with its case, the item and the rule it was pinned to, and the facts as they were used."""

    application: Application
    state: State
    item: Item
    rule: Rule | None
    facts: Mapping[str, Known]
    document: Document | None

    @property
    def answer(self) -> Answer | None:
        """The rule's answer, computed anew in the pinned version on the facts that were used."""
        if self.rule is None:
            return None
        return evaluate(self.rule, {key: fact.value for key, fact in self.facts.items()})


def opened(actor: Actor, case: UUID) -> Opened:
    """One of them, for whoever may see its case or has applied himself; raises NotFound."""
    found = Application.objects.filter(pk=case).first()
    if found is None:
        raise NotFound()
    state = cases.state_of(case)
    own = residents.own(actor)
    if not cases.may_see(actor, state) and (own is None or own not in (found.person, found.agent)):
        raise NotFound()
    item = catalogue.version(found.item, found.item_version)
    document = Document.objects.filter(case=case).first()
    return Opened(found, state, item, pinned(found, item), used(found), document)


def is_one(case: UUID) -> bool:
    """Whether a case is an application."""
    return Application.objects.filter(pk=case).exists()


def pinned(found: Application, item: Item) -> Rule | None:
    """The rule in the version that the application was sent under."""
    _, _, version = found.rule.partition("@")
    return catalogue.rule(item, number=int(version)) if found.rule else None


def used(found: Application) -> dict[str, Known]:
    """The facts of an application as they stood on its day: from the very values that it names."""
    values = facts.by_ids([UUID(id_) for id_ in found.facts.values()])
    return known(facts.types(), values.values(), found.sent_at.astimezone(BEIJING).date())


def of_person(actor: Actor, *, limit: int = 50) -> list[Application]:
    """One's own applications, the latest first."""
    own = residents.own(actor)
    if own is None:
        return []
    return list(Application.objects.filter(person=own).order_by("-sent_at")[:limit])


COLUMNS = (
    "case", "item", "item_version", "person", "channel", "org", "area", "sent_at", "decided_at", "verdict", "by",
    "supplement_at", "accepted_at", "drawn_at", "right",
)  # fmt: skip


def work(
    actor: Actor,
    *,
    orgs: Collection[str],
    tab: str = "open",
    item: str = "",
    offset: int = 0,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """The work list of some organisations: what waits, the longest waiting first, or what was decided lately."""
    found = Application.objects.filter(org__in=list(orgs))
    if item:
        found = found.filter(item=item)
    if tab == "open":
        found = found.filter(verdict="").order_by("sent_at")
    else:
        found = found.exclude(verdict="").order_by("-sent_at")
    return list(found.values(*COLUMNS)[offset : offset + limit])


DECIDED = ("case", "item", "item_version", "rule", "decided_at", "rows", "org")


def decided_by(rule: str, *, offset: int = 0, limit: int = 200) -> list[dict[str, Any]]:
    """What a rule has decided by itself, in any version, the latest first: for whoever has stopped it."""
    found: Any = Application.objects.filter(rule__startswith=f"{rule}@", by="machine")
    return list(found.order_by("-decided_at").values(*DECIDED)[offset : offset + limit])
