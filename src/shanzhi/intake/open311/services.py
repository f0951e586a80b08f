"""Open311 services: our categories, each with the case type that it opens and the form of that type."""

from typing import Any

from shanzhi.base.errors import FieldError, Invalid, NotFound, gettext_noop
from shanzhi.cases import types
from shanzhi.cases.casetype import CaseType, FieldSpec
from shanzhi.rules import queries as rules
from shanzhi.rules.category import Category

TYPES = {"event": "street-issue", "component": "street-issue", "service": "complaint"}
DATATYPES = {
    "text": "string",
    "long_text": "text",
    "integer": "number",
    "decimal": "number",
    "bool": "singlevaluelist",
    "date": "datetime",
    "choice": "singlevaluelist",
}
BOOL = {"true": True, "false": False}


def offered() -> list[Category]:
    """The categories that can be reported: those that none is below of, and whose case type is in force."""
    found, known = rules.categories(), types.everything()
    parents = {category.parent for category in found.values()}
    return [c for c in found.values() if c.code not in parents and TYPES[c.kind] in known]


def service(code: str) -> Category:
    """Raises NotFound."""
    for category in offered():
        if category.code == code:
            return category
    raise NotFound(gettext_noop("There is no service_code %(service)s"), service=code[:40])


def type_of(category: Category) -> CaseType:
    """The case type that a report of this category opens."""
    return types.current(TYPES[category.kind])


def listed(language: str) -> list[dict[str, Any]]:
    """GET services."""
    known = rules.categories()
    return [
        {
            "service_code": category.code,
            "service_name": category.name(language),
            "description": _description(category, known.get(category.parent), language),
            "metadata": bool(type_of(category).form),
            "type": "realtime",
            "keywords": ", ".join(dict.fromkeys((category.zh, category.en, category.kind))),
            "group": known[category.parent].name(language) if category.parent in known else "",
        }
        for category in offered()
    ]


def _description(category: Category, parent: Category | None, language: str) -> str:
    names = [c.name(language) for c in (parent, category) if c]
    return " / ".join(names) + (f" ({category.basis})" if category.basis else "")


def definition(code: str, language: str) -> dict[str, Any]:
    """GET services/<code>. Raises NotFound."""
    form = type_of(service(code)).form
    return {
        "service_code": code,
        "attributes": [
            _attribute(name, spec, order, language) for order, (name, spec) in enumerate(form.items(), 1)
        ],
    }


def _attribute(name: str, spec: FieldSpec, order: int, language: str) -> dict[str, Any]:
    choices = ("true", "false") if spec.type == "bool" else spec.choices
    english = language.startswith("en")
    return {
        "variable": True,
        "code": name,
        "datatype": DATATYPES[spec.type],
        "required": spec.required,
        "datatype_description": "YYYY-MM-DD" if spec.type == "date" else None,
        "order": order,
        "description": spec.title.en if english else spec.title.zh,
        "values": [{"key": choice, "name": _called(spec, choice, english)} for choice in choices],
    }


def _called(spec: FieldSpec, choice: str, english: bool) -> str:
    said = spec.says.get(choice)
    return choice if said is None else said.en if english else said.zh


def form_of(type_: CaseType, given: dict[str, list[str]]) -> dict[str, Any]:
    """The values of a form from `attribute[code]` texts. Raises Invalid; what is missing the engine says."""
    data: dict[str, Any] = {}
    errors = []
    for name, texts in given.items():
        try:
            [text] = texts
            data[name] = _value(type_.form[name].type, text)
        except (KeyError, ValueError):
            unknown = name not in type_.form
            said = gettext_noop("There is no such field") if unknown else gettext_noop("This does not fit")
            errors.append(FieldError(f"attribute[{name}]", said))
    if errors:
        raise Invalid(errors=errors)
    return data


def _value(kind: str, text: str) -> Any:
    match kind:
        case "integer":
            return int(text)
        case "bool":
            return BOOL[text.lower()]
        case "date":
            return text[:10]
    return text
