"""Names for people instead of codes and ids, in the language of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext

from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.cases import types
from shanzhi.cases.casetype import FieldSpec, Title
from shanzhi.orgs import queries as orgs
from shanzhi.places import queries as places
from shanzhi.rules.facts import Title as Said
from shanzhi.rules.queries import categories
from shanzhi.rules.queries import rule as rule_of

URGENCY = {
    "normal": gettext_noop("Normal"),
    "urgent": gettext_noop("Urgent"),
    "critical": gettext_noop("Critical"),
}
CHANNEL = {
    "web": gettext_noop("Web page"),
    "hotline": gettext_noop("Hotline"),
    "desk": gettext_noop("Entered at the desk"),
    "field": gettext_noop("Found on the spot"),
    "import": gettext_noop("Taken over from another system"),
    "split": gettext_noop("Split off"),
    "api": gettext_noop("A connected system"),
}
SIDE = {
    "extend": gettext_noop("Extension"),
    "suspend": gettext_noop("Suspension"),
    "send_back": gettext_noop("Sending back"),
    "void": gettext_noop("Voiding"),
    "consult": gettext_noop("Consultation"),
}
REQUEST = {
    "asked": gettext_noop("Waits for a decision"),
    "approved": gettext_noop("Granted"),
    "refused": gettext_noop("Not granted"),
}
LEVEL = (
    "",
    gettext_noop("Reminded"),
    gettext_noop("Urged"),
    gettext_noop("Supervised"),
    gettext_noop("Public notice"),
)
ACTOR = {
    "client": gettext_noop("A connected system"),
    "system": gettext_noop("The platform"),
    "anonymous": gettext_noop("A resident"),
}


def language() -> str:
    """`zh` or `en`: the language of the titles that packs declare."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def titled(title: "Title | Said | None", code: str = "", *, tongue: str = "") -> str:
    """A title in the language of the page; whoever asks a hundred times says which it is (`tongue`)."""
    return str(getattr(title, tongue or language())) if title else code


def word(words: dict[str, str], code: str) -> str:
    """What a code means; the code itself when nobody has said."""
    return gettext(words[code]) if code in words else code


def role(code: str) -> str:
    """The title of a role in force, else its code."""
    found = orgs.roles().get(code)
    return str(found.title.get(language(), code)) if found else code


def channel(code: str) -> str:
    return word(CHANNEL, "api" if code.startswith("client:") else code)


def category(code: str, *, tongue: str = "") -> str:
    found = categories().get(code)
    return found.name(tongue or language()) if found else code


def area(code: str, *, within: int = 1, tongue: str = "") -> str:
    """The way to an area without the county around it: 玉林街道 · 玉林东路社区."""
    way, english = places.areas().path(code), (tongue or language()) == "en"
    names = [place.name_en or place.name if english else place.name for place in way]
    return " · ".join(names[within:] or names) or code


def type_title(code: str) -> str:
    found = types.everything().get(code)
    return titled(found.title) if found else code


def rule(reference: str) -> str:
    """The title of a version of a rule, such as `urgency@2`, with its number; what is not kept here stays as it is."""
    id_, _at, version = reference.partition("@")
    try:
        found = rule_of(id_, version=int(version)).spec
    except (ValueError, NotFound):
        return reference
    return gettext("%(rule)s, version %(version)s") % {"rule": titled(found.title), "version": version}


def chosen(spec: FieldSpec, value: Any) -> str:
    """The value of a field that a pack declares, as people read it; empty for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return titled(spec.says.get(str(value)), str(value))


def filled(form: Mapping[str, FieldSpec], data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a form says, in pairs of label and text; nothing that is empty."""
    pairs = ((titled(spec.title, name), chosen(spec, data.get(name))) for name, spec in form.items())
    return [(label, text) for label, text in pairs if text]


@dataclass
class Names:
    """Names of organisations and accounts, read in two statements."""

    orgs: dict[str, str] = field(default_factory=dict)
    accounts: dict[int, str] = field(default_factory=dict)

    def org(self, key: str) -> str:
        return self.orgs.get(key, key)

    def person(self, id_: int | None) -> str:
        return self.accounts.get(id_, "") if id_ is not None else ""

    def actor(self, ref: str) -> str:
        """The name behind `account:12`; what others are called."""
        kind, _, number = ref.partition(":")
        if kind == "account" and number.isdigit():
            return self.accounts.get(int(number), gettext("Somebody"))
        return word(ACTOR, kind if kind in ACTOR else "anonymous")


def names(accounts: Iterable[Any]) -> Names:
    """All open organisations, and the accounts asked for (ids or `account:12`)."""
    ids = {_id(one) for one in accounts} - {None}
    known = orgs.account_names(one for one in ids if one is not None) if ids else {}
    return Names(orgs.orgs(), known)


def _id(one: Any) -> int | None:
    if isinstance(one, int):
        return one
    kind, _, number = str(one or "").partition(":")
    return int(number) if kind == "account" and number.isdigit() else None
