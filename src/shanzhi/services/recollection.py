"""How much is collected again (重复采集): of the fields and papers of services, what the platform fills by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shanzhi.residents.queries import facts
from shanzhi.services import form
from shanzhi.services.form import wanted
from shanzhi.services.item import Item
from shanzhi.services.queries import catalogue
from shanzhi.services.review import needed

IDENTITY = ("name", "citizen_id", "phone", "address")  # of every paper form, and held once in the record


@dataclass(frozen=True, slots=True)
class Collected:
    """Fields of forms and papers, those filled without asking, and what a whole paper form would hold."""

    items: int
    fields: int
    filled: int
    papers: int
    spared: int

    @property
    def share(self) -> float:
        return (self.filled + self.spared) / (self.fields + self.papers)

    @property
    def beyond(self) -> float:
        """The same without name, number, phone and address, which every form repeats."""
        repeated = self.items * len(IDENTITY)
        return (self.filled - repeated + self.spared) / (self.fields - repeated + self.papers)


def collected(person: UUID, items: Sequence[Item]) -> Collected:
    """Over some services, for somebody: the fields that every form repeats about him count like any other."""
    registry = facts.types()
    known = facts.of(person, list(registry))
    fields = filled = papers = spared = 0
    for item in items:
        rule = catalogue.rule(item)
        asked = form.fields(item, rule, registry)
        fields += len(asked) + len(IDENTITY)
        filled += form.filled(asked, known) + len(IDENTITY)
        held = {key: one for key, one in known.items() if key in wanted(item, rule, registry)}
        needs = [need for need in needed(item, registry, held) if need.needed]
        papers += len(needs)
        spared += sum(need.proved for need in needs)
    return Collected(len(items), fields, filled, papers, spared)
