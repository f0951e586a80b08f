"""How facts, sources and limits are said on the pages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanzhi.base.clock import Span
from shanzhi.residents.fact import FactType, Known, Labelled
from shanzhi.residents.queries import facts
from shanzhi.services.review import Finding
from shanzhi.web.names import area, language, titled

WORKING_DAY = 7 * 3600
DAY = 24 * 3600


def value(type_: Labelled, found: Any) -> str:
    """A value in words; of a group one member after the other."""
    if isinstance(found, tuple) and isinstance(type_, FactType):
        return "；".join(f"{n}. {member(type_, row)}" for n, row in enumerate(found, 1))
    if isinstance(found, bool):
        return _("Yes") if found else _("No")
    if type_.type == "area":
        return area(str(found), within=0) if len(str(found)) > 2 else PROVINCES.get(str(found), str(found))
    if type_.values:
        return type_.label(found, language())
    if isinstance(found, date):
        return f"{found:%Y-%m-%d}"
    number = f"{found.normalize():f}" if isinstance(found, Decimal) else str(found)
    return f"{number} {type_.measure(language())}".strip()


def member(type_: FactType, row: Mapping[str, Any]) -> str:
    """What is known of a member of a group, in words."""
    return "，".join(
        value(one, row[key]) for key, one in type_.members.items() if row.get(key) not in (None, "")
    )


def source(code: str) -> str:
    found = facts.sources().get(code)
    return titled(found.title) if found else code


def told(key: str, known: Known) -> dict[str, Any]:
    """A fact for a page: what it is, its value, where it comes from and how far it goes."""
    type_ = facts.types()[key]
    return {
        "key": key,
        "title": titled(type_.title),
        "value": value(type_, known.value),
        "source": source(known.source),
        "at": known.at,
        "sure": known.authoritative,
        "disputed": known.disputed,
        "remedy": titled(type_.remedy) if type_.remedy else "",
    }


def finding(one: Finding, papers: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """A finding on a page: what is missing or wrong, the article, and how to mend it; `papers`: materials by key."""
    return {
        "what": one.what,
        "title": papers.get(one.key, "") if one.what == "picture" else _title(one.key),
        "reason": _reason(one),
        "basis": one.basis,
        "remedy": titled(one.remedy) if one.remedy else "",
    }


def _title(key: str) -> str:
    type_ = facts.types().get(key)
    return titled(type_.title) if type_ is not None else ""


def _reason(one: Finding) -> str:
    """Of a condition what is needed and what is known; of anything else what is missing."""
    if one.what != "condition":
        return titled(one.reason)
    if one.known is None:
        return _("Needed: %(needed)s") % {"needed": titled(one.reason)}
    known = value(facts.types()[one.key], one.known.value)
    return _("Needed: %(needed)s. Known: %(known)s") % {"needed": titled(one.reason), "known": known}


def limit(text: str | None) -> str:
    """A length of time: 5 working days, 30 days."""
    if not text:
        return ""
    span = Span.parse(text)
    if span.working and span.seconds % WORKING_DAY == 0:
        n = span.seconds // WORKING_DAY
        return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}
    if span.seconds % DAY == 0:
        n = span.seconds // DAY
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    return _("%(n)s hours") % {"n": span.seconds // 3600}


# 省级行政区 (GB/T 2260): where somebody may be registered who is not registered here
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省",
    "22": "吉林省", "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省",
    "35": "福建省", "36": "江西省", "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省",
    "44": "广东省", "45": "广西壮族自治区", "46": "海南省", "50": "重庆市", "51": "四川省", "52": "贵州省",
    "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区", "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip
