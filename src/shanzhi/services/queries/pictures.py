"""Pictures of materials as they were read, and what is found in them for whoever looks: the same for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from shanzhi.base.cipher import FieldCipher
from shanzhi.orgs.queries import field_key
from shanzhi.reading.values import Value
from shanzhi.residents import queries as residents
from shanzhi.residents.fact import FactType, Known
from shanzhi.services.item import Item, Material
from shanzhi.services.models import Reading
from shanzhi.services.picture import Notice, Owner, Picture, facts_of, notices, other_side
from shanzhi.services.review import Finding


@dataclass(frozen=True, slots=True)
class Looked:
    """The pictures of one material, each with what is found in it, and what is found of them together."""

    material: Material
    pictures: tuple[tuple[Picture, tuple[Notice, ...]], ...]
    side: Notice | None = None

    @property
    def waiting(self) -> int:
        return sum(one.status in ("waiting", "reading") for one, _ in self.pictures)


def cipher() -> FieldCipher:
    return FieldCipher(field_key("reading"))


def of(files: Sequence[UUID]) -> dict[UUID, Picture]:
    """Pictures by the ids of their files, in one statement; what was never to be read is left out."""
    if not files:
        return {}
    return {one.file: _picture(one) for one in Reading.objects.filter(pk__in=list(files))}


def _picture(found: Reading) -> Picture:
    if not found.said:
        return Picture(found.file, found.status)  # type: ignore[arg-type]
    said: dict[str, Any] = orjson.loads(cipher().decrypt(bytes(found.said), found.file.bytes))
    fields = {key: Value(*value) for key, value in said["fields"].items()}
    return Picture(found.file, found.status, tuple(said["kinds"]), fields, said["fault"])  # type: ignore[arg-type]


def material_of(key: str) -> str:
    """The material of a file: of several the second is kept as `id_card#2`."""
    return key.partition("#")[0]


def owner(person: UUID, agent: UUID | None = None) -> Owner:
    """Whose papers they ought to be; read to compare, never shown."""
    known = residents.identities([one for one in (person, agent) if one is not None])
    return Owner(tuple(name for name, _ in known if name), tuple(number for _, number in known if number))


def looked(
    item: Item,
    files: Mapping[str, UUID],
    pictures: Mapping[UUID, Picture],
    whose: Owner,
    registry: Mapping[str, FactType],
    facts: Mapping[str, Known],
    *,
    on: date,
) -> dict[str, Looked]:
    """What is found in the pictures of each material that has any."""
    found, owner_ = {}, whose if item.audience == "person" else Owner()
    for material in item.materials:
        own = [
            pictures[file]
            for key, file in files.items()
            if material_of(key) == material.key and file in pictures
        ]
        if own:
            each = tuple((one, notices(material, one, owner_, registry, facts, on=on)) for one in own)
            found[material.key] = Looked(material, each, other_side(material, own))
    return found


def findings(looked_at: Mapping[str, Looked]) -> list[Finding]:
    """What is wrong with pictures, as findings of the application: to be mended before sending, or sent all the
    same."""
    return [
        Finding("picture", key, notice.says, "", notice.mend)
        for key, one in looked_at.items()
        for _, found in one.pictures
        for notice in found
        if notice.level == "wrong"
    ]


def facts_told(
    looked_at: Mapping[str, Looked], whose: Owner, wanted: set[str]
) -> dict[str, tuple[Any, UUID]]:
    """The facts to fill in from pictures, each with the file that it was read from."""
    found: dict[str, tuple[Any, UUID]] = {}
    for one in looked_at.values():
        for picture, notice in one.pictures:
            for key, value in facts_of(one.material, picture, whose, notice, wanted).items():
                found.setdefault(key, (value, picture.file))
    return found
