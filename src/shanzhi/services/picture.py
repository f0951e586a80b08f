"""What is found in the pictures of a material (智能预审): which paper, whose, whether it still holds, what it says.

Pure. A picture only ever tells: it refuses nothing and approves nothing. Whatever is less sure than the floor is
asked, not taken. The applicant and the clerk read the same sentences; names and numbers in them are masked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from shanzhi.base.identity import mask_citizen_id, mask_name
from shanzhi.reading.kinds import KINDS
from shanzhi.reading.legible import Fault
from shanzhi.reading.values import Value
from shanzhi.residents.fact import FactType, Known
from shanzhi.rules.facts import Title
from shanzhi.services.item import Material
from shanzhi.services.saying import FIELDS, SAYS, Level

FLOOR = 0.6  # below this a field is asked, not taken; bench/prereview.py shows what it lets pass
Status = Literal["waiting", "reading", "read", "unread"]
LEVELS: Sequence[Level] = ("wrong", "ask", "look", "good")
NAMES = ("name", "name_one", "name_two", "name_mother", "name_father", "name_owner")
NUMBERS = ("citizen_id", "citizen_id_two", "citizen_id_mother", "citizen_id_father")
EXPIRES = ("id_back", "disability_card", "lease", "driving_licence", "business_licence")
TAKEN = ("name", "citizen_id", "valid_to", "org_code")  # what has to be read, where the paper has it
HAS: Mapping[str, Sequence[str]] = {
    "id_front": ("name", "citizen_id"), "id_back": ("valid_to",), "household_page": ("name", "citizen_id"),
    "disability_card": ("name", "grade", "valid_to"), "marriage_certificate": ("name_one", "name_two"),
    "business_licence": ("org_code", "org_name"), "birth_certificate": ("name", "birth_date"),
    "diagnosis": ("name", "issued"), "invoice": ("name", "amount"), "property_certificate": ("name", "address"),
    "lease": ("name", "valid_to"), "bank_card": ("card_number",), "social_card": ("name",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a material as it was read, or is still to be read. `fault`: why it cannot be relied on."""

    file: UUID
    status: Status = "read"
    kinds: tuple[str, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)
    fault: Fault | None = None

    def sure(self, key: str) -> str:
        """The value of a field that is sure enough, else empty."""
        value = self.fields.get(key)
        return value.text if value is not None and value.sure >= FLOOR else ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose papers they ought to be: the applicant, and who acts for him."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing found in a picture: how grave it is, in plain words what it is and how to mend it."""

    level: Level
    code: str
    says: Title
    mend: Title | None = None


def _notice(code: str, **given: str) -> Notice:
    level, zh, en, mend_zh, mend_en = SAYS[code]
    mend = Title(zh=mend_zh.format(**given), en=mend_en.format(**given)) if mend_zh else None
    return Notice(level, code, Title(zh=zh.format(**given), en=en.format(**given)), mend)


def notices(
    material: Material,
    picture: Picture,
    owner: Owner,
    registry: Mapping[str, FactType],
    facts: Mapping[str, Known],
    *,
    on: date,
) -> tuple[Notice, ...]:
    """What is found in one picture of a material, the gravest first; nothing while it is still to be read."""
    if picture.status in ("waiting", "reading"):
        return ()
    if picture.status == "unread":
        return (_notice("unread"),)
    wanted = (
        _names(material.kinds) if material.kinds else {"wanted": material.name, "wanted_en": material.name}
    )
    if picture.fault is not None:
        return (_notice(picture.fault, **wanted),)
    found = list(_about_kind(material, picture, wanted))
    if not found:
        found += _about_person(material, picture, owner)
        found += _about_days(picture, on)
        found += _about_fields(picture)
        found += _about_facts(material, picture, registry, facts)
    if not found and picture.kinds:
        found = [_notice("good", kind=_titles(picture.kinds, "zh"), kind_en=_titles(picture.kinds, "en"))]
    return tuple(sorted(found, key=lambda one: LEVELS.index(one.level)))


def other_side(material: Material, pictures: Sequence[Picture]) -> Notice | None:
    """That one side of a paper with two sides is still missing, once all its pictures are read."""
    if any(one.status in ("waiting", "reading") for one in pictures):
        return None
    seen = {kind for one in pictures for kind in one.kinds}
    missing = [kind for kind in ("id_front", "id_back") if kind in material.kinds and kind not in seen]
    if len(missing) != 1 or not {"id_front", "id_back"} <= set(material.kinds):
        return None
    return _notice("other_side", missing=_titles(missing, "zh"), missing_en=_titles(missing, "en"))


def _names(kinds: Sequence[str]) -> dict[str, str]:
    return {"wanted": _titles(kinds, "zh", " 或 "), "wanted_en": _titles(kinds, "en", " or ")}


def _titles(kinds: Sequence[str], language: str, between: str = "、") -> str:
    return between.join(str(getattr(KINDS[kind].title, language)) for kind in kinds if kind in KINDS)


def _about_kind(material: Material, picture: Picture, wanted: Mapping[str, str]) -> Iterator[Notice]:
    if not material.kinds:
        return
    if not picture.kinds:
        yield _notice("unknown_kind", **wanted)
    elif not set(picture.kinds) & set(material.kinds):
        kinds = {"kind": _titles(picture.kinds, "zh"), "kind_en": _titles(picture.kinds, "en", ", ")}
        yield _notice("other_kind", **wanted, **kinds)


def _about_person(material: Material, picture: Picture, owner: Owner) -> Iterator[Notice]:
    """Whether one of the people whom the paper names is the applicant, or who acts for him."""
    if material.whose == "anyone":
        return
    numbers = [number for key in NUMBERS if (number := picture.sure(key))]
    if owner.numbers and numbers and not set(numbers) & set(owner.numbers):
        yield _notice(
            "other_number", read=mask_citizen_id(numbers[0]), known=mask_citizen_id(owner.numbers[0])
        )
        return
    names = [name for key in NAMES if (name := picture.sure(key))]
    if not owner.names or not names or set(names) & set(owner.names):
        return
    near = any(_differ(one, other) == 1 for one in names for other in owner.names if len(other) > 1)
    yield _notice(
        "near_name" if near else "other_name", read=mask_name(names[0]), known=mask_name(owner.names[0])
    )


def _differ(one: str, other: str) -> int:
    """In how many places two names of the same length differ; of other lengths in all."""
    if len(one) != len(other):
        return max(len(one), len(other))
    return sum(a != b for a, b in zip(one, other, strict=True))


def _about_days(picture: Picture, on: date) -> Iterator[Notice]:
    until = picture.sure("valid_to")
    kinds = [kind for kind in picture.kinds if kind in EXPIRES]
    if kinds and until not in ("", "长期") and date.fromisoformat(until) < on:
        title = KINDS[kinds[0]].title
        yield _notice("expired", kind=title.zh, kind_en=title.en, day=until)


def _about_fields(picture: Picture) -> Iterator[Notice]:
    """The fields that a paper has, and that were not read with certainty."""
    number = picture.fields.get("citizen_id")
    wanted = list(dict.fromkeys(key for kind in picture.kinds for key in HAS.get(kind, ())))
    missing = [key for key in wanted if not picture.sure(key)]
    if number is not None and "citizen_id" in missing and len(number.text) == 18:
        yield _notice("bad_number")
        missing.remove("citizen_id")
    if missing:
        yield _notice(
            "unsure",
            fields="、".join(FIELDS[key].zh for key in missing),
            fields_en=", ".join(FIELDS[key].en for key in missing),
        )


def told(picture: Picture) -> dict[str, Any]:
    """The facts that a picture tells with certainty, as the registry writes them. They count as said, never more."""
    found: dict[str, Any] = {}
    if "birth_certificate" in picture.kinds:
        return found  # it speaks of a child, and of two others
    if own := picture.sure("birth_date"):
        found["birth_date"] = own
    if sex := {"男": "male", "女": "female"}.get(picture.sure("sex")):
        found["gender"] = sex
    if grade := picture.sure("grade"):
        found["disability"] = grade
    marital = {"未婚": "single", "已婚": "married", "离婚": "divorced", "丧偶": "widowed"}
    if state := marital.get(picture.sure("marital")):
        found["marital"] = state
    if "marriage_certificate" in picture.kinds:
        found["marital"] = "married"
    return found


def _about_facts(
    material: Material, picture: Picture, registry: Mapping[str, FactType], facts: Mapping[str, Known]
) -> Iterator[Notice]:
    """Where the picture says something else than the form or the one record."""
    if material.whose == "anyone":
        return
    for key, value in told(picture).items():
        known, type_ = facts.get(key), registry.get(key)
        if known is None or type_ is None or known.value == type_.read(value):
            continue
        if known.source == "recognised":
            continue
        where = ("登记的", "in the register") if known.authoritative else ("填写的", "in the form")
        yield _notice(
            "differs", fact=type_.title.zh, fact_en=type_.title.en, read=type_.label(value, "zh"),
            known=type_.label(known.value, "zh"), where=where[0], where_en=where[1],
        )  # fmt: skip


def facts_of(
    material: Material, picture: Picture, owner: Owner, found: Sequence[Notice], wanted: Collection[str]
) -> dict[str, Any]:
    """The facts to fill in from a picture: of a paper that names the applicant and is of the kind that is needed,
    with nothing wrong about it."""
    fits = bool(set(picture.kinds) & set(material.kinds)) and picture.status == "read"
    if not fits or material.whose == "anyone" or any(one.level == "wrong" for one in found):
        return {}
    if not {picture.sure(key) for key in (*NAMES, *NUMBERS)} & {*owner.names, *owner.numbers} - {""}:
        return {}
    return {key: value for key, value in told(picture).items() if key in wanted}
