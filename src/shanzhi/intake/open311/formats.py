"""The two forms of an Open311 answer: JSON, and XML with the element names of the specification. Pure.

Both are made from the same plain value. A list is an array in JSON; in XML each of its items is an element
with the name that belongs to the name of the list. Times are UTC.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import orjson

ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
    "media": "file",
}
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(form: str, root: str, value: Any) -> bytes:
    """The value as `json` or `xml`; `root` is the name of the outermost element, which JSON does not show."""
    return to_json(value) if form == "json" else to_xml(root, value)


def to_json(value: Any) -> bytes:
    return orjson.dumps(_plain(value))


def to_xml(root: str, value: Any) -> bytes:
    found: bytes = ElementTree.tostring(_element(root, value), encoding="utf-8", xml_declaration=True)
    return found


def clean(text: str) -> str:
    """The text without what XML cannot carry and PostgreSQL will not keep: control characters, lone surrogates."""
    return NOT_XML.sub("", text)


def utc(moment: datetime) -> str:
    """2026-11-24T02:30:00Z"""
    return f"{moment.astimezone(UTC).replace(tzinfo=None):%Y-%m-%dT%H:%M:%S}Z"


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, item) for key, item in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        element.extend(_element(ITEMS[name], item) for item in value)
    else:
        element.text = _text(value)
    return element


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return value
