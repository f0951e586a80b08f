"""The catalogue of translations: collected from Python and templates, checked, compiled; no GNU gettext needed.

python -m scripts.translations update     new sentences into the .po file, vanished ones out of it
python -m scripts.translations check      fails when a sentence has no translation
python -m scripts.translations compile    makes the .mo file
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "shanzhi"
PO = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(r"%\((\w+)\)")
Found = tuple[str, int, str | tuple[str, ...], str | None]


def files() -> Iterator[Path]:
    for pattern in ("**/*.py", "**/templates/**/*.html", "**/templates/**/*.txt"):
        yield from sorted(
            p for p in SOURCE.glob(pattern) if "tests" not in p.parts and "migrations" not in p.parts
        )


def sentences(file: Path) -> Iterator[Found]:
    """(file, line, msgid or its plural forms, context) of everything marked for translation in a file."""
    text = file.read_text()
    if file.suffix != ".py":
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
    for line, name, arguments, _ in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
        raw: Any = arguments
        given: list[Any] = list(raw) if isinstance(raw, tuple) else [raw]
        context = given.pop(0) if str(name).startswith("pgettext") else None
        if given and isinstance(given[0], str) and given[0]:
            plural = str(name).startswith("ngettext") and len(given) > 1 and given[1]
            yield (
                str(file.relative_to(SOURCE.parent)),
                line,
                (given[0], given[1]) if plural else given[0],
                context,
            )


def first(text: Any) -> str:
    """The sentence itself, or the first of its plural forms."""
    return str(text[0] if isinstance(text, list | tuple) else text or "")


def collected() -> Catalog:
    catalog = Catalog(locale="zh_Hans", project="shanzhi", fuzzy=False)
    for file in files():
        for name, line, message, context in sentences(file):
            catalog.add(message, locations=[(name, line)], context=context)
    return catalog


def known() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def faults(template: Catalog, catalog: Catalog) -> Iterator[str]:
    """What is missing, or names other facts than the sentence it translates."""
    for message in template:
        if not message.id:
            continue
        key = first(message.id)
        there = catalog.get(key, message.context)
        where = f"{message.locations[0][0]}:{message.locations[0][1]}"
        text = first(there.string) if there else ""
        if not text or (there and there.fuzzy):
            yield f"{where}: no translation of {key!r}"
        elif set(PLACE.findall(text)) - set(PLACE.findall(str(message.id))):
            yield f"{where}: the translation of {key!r} names facts it has not"


def update() -> int:
    """Writes the sentences of today into the file, with the translations known."""
    catalog, before = collected(), known()
    for message in catalog:
        key = first(message.id)
        if key and (old := before.get(key, message.context)) and not old.fuzzy:
            message.string = old.string
        message.locations = [(name, 0) for name in sorted({name for name, _ in message.locations})]
    with PO.open("wb") as file:
        write_po(file, catalog, omit_header=True, sort_output=True, width=110, include_lineno=False)
    return 0


def check() -> int:
    found = list(faults(collected(), known()))
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"{len(found)} translations missing\n" if found else "translations complete\n")
    return 1 if found else 0


def compile_() -> int:
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, known())
    return 0


if __name__ == "__main__":
    commands = {"update": update, "check": check, "compile": compile_}
    sys.exit(commands[sys.argv[1]]())
