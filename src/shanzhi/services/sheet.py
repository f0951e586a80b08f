"""Items from a table (实施清单 as CSV or XLSX): one line, one item, under the column names that departments use. Pure.

What a table gives is a file of a pack, to be read, completed with conditions and reviewed before it is in force.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shanzhi.services.item import KINDS, Item

COLUMNS = {
    "事项编码": "code", "基本目录编码": "catalogue", "事项名称": "name", "事项名称（英文）": "name_en",
    "事项说明": "says", "事项类型": "kind", "服务对象": "audience", "实施主体": "org", "行使层级": "level",
    "设定依据": "basis", "申请材料": "materials", "办理流程": "steps", "法定办结时限": "legal",
    "承诺办结时限": "promised", "收费": "fee", "收费依据": "fee_basis", "办理结果": "results", "关键词": "words",
    "生活场景": "life", "来源": "sources", "实施日期": "from",
}  # fmt: skip
NEEDED = ("事项编码", "事项名称", "事项类型", "实施主体", "设定依据", "来源", "实施日期")
LISTS = ("basis", "steps", "words", "life", "sources")
SPLIT = re.compile(r"[；;\n]+")
SPANS = ((re.compile(r"(\d+)\s*个?工作日"), "wd"), (re.compile(r"(\d+)\s*(?:个自然日|日|天)"), "d"))
AUDIENCES = {"自然人": "person", "法人": "organisation", "个人": "person", "企业": "organisation"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a table gives: items as plain data by code, and what is wrong with which line."""

    items: list[dict[str, Any]]
    faults: list[tuple[int, str]]


def taken(lines: Iterable[tuple[int, Mapping[str, str]]]) -> Taken:
    """Items line by line; a line with a fault is left out and told, the others are taken."""
    items: dict[str, dict[str, Any]] = {}
    faults: list[tuple[int, str]] = []
    for line, cells in lines:
        try:
            raw = item_of(cells)
            Item.model_validate(raw)
        except ValidationError as error:
            faults += [(line, f"{_where(one['loc'])}: {one['msg']}") for one in error.errors()]
            continue
        except ValueError as error:
            faults.append((line, str(error)))
            continue
        if raw["code"] in items:
            faults.append((line, f"事项编码 {raw['code']} is given twice"))
        else:
            items[raw["code"]] = raw
    return Taken(list(items.values()), faults)


def item_of(cells: Mapping[str, str]) -> dict[str, Any]:
    """One line as the plain data of an item. Raises ValueError saying what is wrong with it."""
    if empty := [name for name in NEEDED if not cells.get(name, "").strip()]:
        raise ValueError(f"{'、'.join(empty)} empty")
    given = {key: cells[name].strip() for name, key in COLUMNS.items() if cells.get(name, "").strip()}
    name = given.pop("name")
    item: dict[str, Any] = {
        "name": {"zh": name, "en": given.pop("name_en", name)},
        "says": {"zh": given.get("says", name), "en": given.pop("says", name)},
        "kind": _kind(given.pop("kind")),
        "valid": {"from": given.pop("from")[:10]},
        "materials": [
            {"key": f"m{n}", "name": one} for n, one in enumerate(_parts(given.pop("materials", "")), 1)
        ],
        "results": [{"name": one} for one in _parts(given.pop("results", ""))],
    }
    if "audience" in given:
        item["audience"] = _audience(given.pop("audience"))
    for key in ("legal", "promised"):
        if key in given:
            item[key] = _span(given.pop(key))
    for key, text in given.items():
        item[key] = _parts(text) if key in LISTS else text
    return item


def _parts(text: str) -> list[str]:
    return [part.strip() for part in SPLIT.split(text) if part.strip()]


def _kind(text: str) -> str:
    found = next((code for code, title in KINDS.items() if text in (title.zh, code)), None)
    if found is None:
        raise ValueError(f"事项类型 {text!r} is none of {'、'.join(title.zh for title in KINDS.values())}")
    return found


def _audience(text: str) -> str:
    found = next((code for word, code in AUDIENCES.items() if word in text), None)
    if found is None:
        raise ValueError(f"服务对象 {text!r} is none of {'、'.join(AUDIENCES)}")
    return found


def _span(text: str) -> str:
    """20个工作日 → 20wd, 30日 → 30d."""
    for pattern, unit in SPANS:
        if found := pattern.search(text):
            return f"{found[1]}{unit}"
    raise ValueError(f"{text!r} is no limit such as 20个工作日 or 30日")


def _where(path: tuple[int | str, ...]) -> str:
    names = {key: name for name, key in COLUMNS.items()}
    return names.get(str(path[0]), ".".join(map(str, path))) if path else ""
