"""Reading applications: one's own, those of one's office, and everything behind one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from shanzhi.base.clock import BEIJING
from shanzhi.base.codes import span
from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.state import State
from shanzhi.journal.tables import run, statement
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.permissions import Scope
from shanzhi.orgs.queries import require, scope
from shanzhi.residents import queries as residents
from shanzhi.residents.fact import Known, Value, known
from shanzhi.residents.queries import facts
from shanzhi.rules import reviewing
from shanzhi.rules.evaluate import Answer, Rule
from shanzhi.rules.reviewing import Check
from shanzhi.services.item import Item
from shanzhi.services.models import Application, Document, RuleStop
from shanzhi.services.queries import catalogue
from shanzhi.services.queries import pictures as papers
from shanzhi.services.queries.pictures import Looked
from shanzhi.services.review import Review, given_to, review, told


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
        return told(self.rule, self.facts, day_of(self.application))


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
    return standing(found.facts, day_of(found))


def standing(ids: Mapping[str, str], day: date) -> dict[str, Known]:
    """Facts by the ids of their values as they stood on a day; one that was given later as on the day it was given."""
    return stood(ids, facts.by_ids({UUID(id_) for id_ in ids.values()}), day)


def stood(ids: Mapping[str, str], read: Mapping[UUID, Value], day: date) -> dict[str, Known]:
    """The same from values that were read already."""
    days: dict[date, list[Value]] = {}
    for id_ in {UUID(text) for text in ids.values()} & set(read):
        later = max(day, read[id_].at.astimezone(BEIJING).date())
        days.setdefault(later, []).append(read[id_])
    registry, together = facts.types(), dict[str, Known]()
    for each, values in sorted(days.items()):
        together |= known(registry, values, each)
    return together


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
    actor: Actor, *, tab: str = "open", item: str = "", offset: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """The work list of an actor: what waits, the longest waiting first, or what was decided lately.

    Whoever works for organisations sees theirs, whoever manages services within an area what lies in it.
    """
    found = _work(scope(actor, "service.manage"), actor.orgs(), tab, item, offset, limit)
    return [dict(zip(COLUMNS, row, strict=True)) for row in run(*found, prepare=False)] if found else []


@lru_cache(maxsize=1000)
def _work(
    reach: Scope, orgs: tuple[str, ...], tab: str, item: str, offset: int, limit: int
) -> tuple[str, tuple[Any, ...]] | None:
    """The statement of a work list, kept."""
    within = Q(org__in=orgs)
    for area in reach.areas:
        low, high = span(area)
        within |= Q(area__gte=low, area__lt=high)
    found: Any = Application.objects.all() if reach.everything else Application.objects.filter(within)
    if item:
        found = found.filter(item=item)
    if tab == "open":
        found = found.filter(verdict="").order_by("sent_at")
    else:
        found = found.exclude(verdict="").order_by("-sent_at")
    return statement(found.values(*COLUMNS)[offset : offset + limit])


DECIDED = ("case", "item", "item_version", "rule", "decided_at", "rows", "org")


def decided_by(rule: str, *, offset: int = 0, limit: int = 200) -> list[dict[str, Any]]:
    """What a rule has decided by itself, in any version, the latest first: for whoever has stopped it."""
    found: Any = Application.objects.filter(rule__startswith=f"{rule}@", by="machine")
    return list(found.order_by("-decided_at").values(*DECIDED)[offset : offset + limit])


def reviewed(found: Opened) -> Review:
    """The findings of an application on its own facts: what the applicant has read."""
    given = [papers.material_of(key) for key, file in found.application.materials.items() if file]
    wrong = papers.findings(looked(found))
    return review(
        found.item,
        found.rule,
        facts.types(),
        found.facts,
        given,
        on=day_of(found.application),
        pictures=wrong,
    )


def looked(found: Opened) -> dict[str, Looked]:
    """What is found in the pictures of an application, on the day on which it was sent: what the applicant has read."""
    one = found.application
    files = {key: UUID(file) for key, file in one.materials.items() if file}
    pictures = papers.of(list(files.values()))
    if not pictures:
        return {}
    whose = papers.owner(one.person, one.agent)
    return papers.looked(found.item, files, pictures, whose, facts.types(), found.facts, on=day_of(one))


def checklist(found: Opened) -> tuple[Check, ...]:
    """The conditions of the rule, each beside what the facts say of it."""
    if found.rule is None:
        return ()
    return reviewing.checklist(found.rule, given_to(found.facts), day_of(found.application))


def day_of(found: Application) -> date:
    """The day on which the facts of an application are looked at: that on which it was sent."""
    return found.sent_at.astimezone(BEIJING).date()


def manages(actor: Actor) -> bool:
    return bool(scope(actor, "service.manage"))


def at_counter(actor: Actor) -> bool:
    return bool(scope(actor, "service.counter"))


def samples(actor: Actor, *, limit: int = 50) -> list[dict[str, Any]]:
    """Instant approvals that were drawn and that nobody has looked at yet, the oldest first."""
    require(actor, "service.manage")
    drawn: Any = Application.objects.filter(drawn_at__isnull=False, checked_at=None).order_by("drawn_at")
    rows = list(drawn.values("case", "item", "rule", "rows", "decided_at")[:limit])
    return [{**row, "name": _name(row["item"])} for row in rows]


def _name(code: str) -> str:
    found = catalogue.current().get(code)
    return found.name.zh if found else code


def machine_rules(actor: Actor) -> list[dict[str, Any]]:
    """The rules that have decided by themselves: how often, and whether they are stopped."""
    require(actor, "service.manage")
    counted: Any = Application.objects.filter(by="machine").values("rule", "item").annotate(n=Count("case"))
    stopped = {one.rule: one for one in RuleStop.objects.filter(lifted_at=None)}
    rows = []
    for row in counted.order_by("rule"):
        name = row["rule"].partition("@")[0]
        rows.append({**row, "name": name, "title": _name(row["item"]), "stopped": stopped.get(name)})
    return rows
