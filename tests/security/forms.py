"""What a browser finds on a page and sends: its forms with their fields, and its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

TYPED = (
    "text",
    "textarea",
    "search",
    "tel",
    "email",
    "url",
    "number",
    "date",
    "time",
    "datetime-local",
    "password",
)


@dataclass
class Field:
    """One control: what it is, what it would send, and what it offers."""

    kind: str
    values: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form as it stands on a page."""

    address: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: int = 0

    @property
    def name(self) -> str:
        """What tells it from the other forms of its page."""
        for hidden in ("form", "do", "step", "move"):
            if hidden in self.fields and self.fields[hidden].kind in ("hidden", "submit"):
                return "".join(self.fields[hidden].values)
        return ",".join(sorted(self.fields))

    def filled(self) -> dict[str, list[str]]:
        """What it sends as it stands."""
        return {name: list(one.values) for name, one in self.fields.items() if one.kind != "file"}

    def asked(self) -> str:
        """Its address with a query, as somebody sends it who chooses something everywhere."""
        chosen = self.filled()
        for name, one in self.fields.items():
            offered = [value for value in one.offered if value]
            if one.kind in ("select", "checkbox") and offered:
                chosen[name] = offered[:1]
        return f"{self.address}?{urlencode({k: v for k, v in chosen.items() if any(v)}, doseq=True)}"

    def typed(self) -> list[str]:
        """What one types, and so expects to find again."""
        return [name for name, one in self.fields.items() if one.kind in TYPED]


class Page(HTMLParser):
    """Reads the forms and links of a page."""

    def __init__(self, here: str, html: str) -> None:
        super().__init__()
        self.here, self.forms, self.links = here, list[Form](), list[str]()
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.here, given["href"]).partition("#")[0])
        elif tag == "form":
            path = (
                urlsplit(self.here)._replace(query="").geturl() if given.get("method") == "get" else self.here
            )
            self._form = Form(urljoin(path, given.get("action") or path), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, Any]) -> None:
        if tag == "option":
            self._option(given)
        name, kind = given.get("name", ""), _kind(tag, given)
        if tag == "button" and kind == "submit":
            form.buttons += 1
            name = name if form.buttons == 1 else ""  # the one that Enter presses
        if name and tag in ("input", "textarea", "select", "button"):
            one = form.fields.setdefault(name, Field(kind))
            self._select = one if tag == "select" else self._select
            self._area = one if tag == "textarea" else self._area
            if tag in ("input", "button"):
                _add(one, given)

    def _option(self, given: dict[str, Any]) -> None:
        if self._select is not None:
            self._select.offered.append(given.get("value", ""))
            self._select.values += [given.get("value", "")] if "selected" in given else []

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values = ["".join(self._area.values) + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            one, self._select = self._select, None
            one.values = one.values or one.offered[:1]
        elif tag == "textarea" and self._area is not None:
            one, self._area = self._area, None
            one.values = [text.lstrip("\n") for text in one.values] or [""]


def _kind(tag: str, given: dict[str, Any]) -> str:
    if tag == "button":
        return str(given.get("type", "submit"))
    return str(given.get("type", "text")) if tag == "input" else tag


def _add(one: Field, given: dict[str, Any]) -> None:
    value = given.get("value", "")
    if one.kind in ("radio", "checkbox"):
        one.offered.append(value)
        one.values += [value or "on"] if "checked" in given else []
    elif one.kind != "submit" or not one.values:
        one.values.append(value)
