"""Hostile inputs to every form of every page, found by walking over the URL map as each of the demo's people.

Thirty inputs are put into all that can be typed, five of them also into what is chosen or hidden. The answer is
never a failure (5xx), never the markup that was sent, and a form that comes back has what was typed still in it.
"""

import html
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from tests.security.forms import Form, Page
from tests.security.test_matrix import Scene, caller, lines, scene

from shanzhi.cases.tests.district import brought_to, opened
from shanzhi.files.tests import samples

__all__ = ["scene"]
MARK = "<script>alert(7)</script>"
WRONG = str(UUID(int=42))
HOSTILE = {
    "nothing": "",
    "blanks": " \t\u3000\u00a0 ",
    "NUL": "井盖\0松动",
    "long": "长" * 50_000,
    "long without a break": "A" * 50_000,
    "right to left": "报告\u202egnp.exe\u2066",
    "invisible": "\u200b\u200d\ufeff",
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈🧨",
    "rare characters": "𠀀𪚥㊣\u0301\u0302\u0303",
    "combining": "Z" + "\u0357" * 500,
    "half a surrogate": "\\ud800 %ED%A0%80",
    "control characters": "a\x01\x08\x1b[31m\x7fb",
    "line ends": "一\r\nSet-Cookie: a=1\r\n\r\n二",
    "SQL": "' OR 1=1; DROP TABLE cases_case; --",
    "SQL wildcards": "%_%\\",
    "script": MARK,
    "attribute": "\"><img src=x onerror=alert(7)>",
    "end of a textarea": f"</textarea></form>{MARK}",
    "address": "javascript:alert(7)//https://例.cn",
    "template": "{{ 7|add:7 }}{% debug %}${7*7}#{7*7}",
    "format": "%s%n%(name)s{0.__class__}",
    "path": "../../../../etc/passwd",
    "formula": "=HYPERLINK(\"http://x\";\"y\")",
    "huge number": "9" * 400,
    "beyond 64 bits": "9223372036854775808",
    "negative": "-1",
    "not a number": "NaN",
    "infinite": "1e999",
    "date out of range": "9999-12-31",
    "no date": "2026-02-30T25:61",
    "wrong id": WRONG,
    "list": "[\"a\", {\"b\": null}]",
}  # fmt: skip
NEVER = (MARK, "<img src=x onerror", "</textarea></form><script", "Traceback (most recent")
ROLES = (
    "anonymous", "reporter", "grid_worker", "operator", "registrar", "dispatcher", "handler", "helper",
    "street_leader", "evaluator", "auditor", "administrator",
)  # fmt: skip
STAFF = ("/desk/", "/screen/", "/admin/", "/my/<")
CASE = ("/desk/cases/<uuid:id_>", "/desk/bulk")
OWN = {"anonymous": ("/",), "reporter": ("/",)} | dict.fromkeys(("grid_worker", "registrar", "helper"), CASE)
STATES = ("registered", "dispatched", "answered", "closed")
EACH = 3  # addresses of one route that are walked to
HIDDEN = ("nothing", "NUL", "script", "beyond 64 bits", "wrong id")
FIXED = ("csrfmiddlewaretoken", "form", "do", "step", "move")
MUST = {
    "report", "track", "my/telling", "desk/report", "desk/bulk", "desk/filters", "desk/cases/<uuid:id_>",
    "admin/accounts",
}  # fmt: skip  # no walk is right that misses these


PARTS = {
    "cases": ("desk/cases/",), "desk": ("desk/",), "house": ("screen/", "admin/"), "residents": ("",)
}  # fmt: skip  # of the pages by their routes, the first that fits


def part_of(route: str) -> str:
    return next(part for part, begins in PARTS.items() if route.startswith(begins))


def addresses(scene: Scene, role: str, cases: Sequence[UUID] = ()) -> list[str]:
    """The pages of the URL map that GET opens, those of a case with cases in several states.

    What everybody has is walked over by strangers and residents only, what all staff have by one of them.
    """
    rooms = OWN.get(role, STAFF)
    found = dict[str, None]()
    for route in pages():
        if route.startswith(rooms) and route != "/admin/look":  # which only shows what forms look like
            found[scene.fill(route)] = None
            if route.startswith(("/desk/cases/<uuid:id_>", "/my/<uuid:case>", "/nearby/<uuid:case>")):
                found |= {scene.fill(route).replace(str(scene.case), str(case)): None for case in cases}
    if role not in ("anonymous", "reporter"):
        found["/desk/?tab=all&words=%E4%BA%95"] = None  # a filter that one may keep
    return list(found)


@cache
def pages() -> list[str]:
    return [route for method, route in lines() if method == "GET" and not route.startswith("/api/")]


def visitor(role: str, scene: Scene) -> Client:
    """As a browser comes: with the address of the page that sends."""
    client = caller(role, scene)
    client.defaults["HTTP_ORIGIN"] = "http://testserver"
    return client


def route_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return ""


def forms_of(
    client: Client, first: list[str], seen: set[tuple[str, ...]] | None = None, part: str = ""
) -> Iterator[Form]:
    """The forms of the pages that somebody is shown, each kind once; links and forms that ask are followed.

    With a part only its pages and what is sent to them.
    """
    seen = set() if seen is None else seen
    waiting = [one for one in first if part in ("", part_of(route_of(one)))]
    known, walked = set(waiting), dict[str, int]()
    while waiting:
        page = page_of(client.get(waiting.pop(0)))
        forms = page.forms if page else []
        ways = [*(one.asked() for one in forms if one.method == "get"), *(page.links if page else [])]
        for way in ways:
            route = route_of(way)
            ours = route and part in ("", part_of(route))
            if urlsplit(way).query and ours and way not in known and walked.get(route, 0) < EACH:
                walked[route] = walked.get(route, 0) + 1
                known.add(way)
                waiting.append(way)
        for form in forms:
            kind = (form.method, route_of(form.address), form.name)
            if form.fields and kind not in seen and part in ("", part_of(kind[1])):
                seen.add(kind)
                yield form
                following = (
                    page_of(sent(client, form, form.filled())) if kind[:2] == ("post", "report") else None
                )
                forms += following.forms if following else []  # a form of several pages


def is_page(response: HttpResponse) -> bool:
    html_ = response.get("Content-Type", "").startswith("text/html")
    return response.status_code < 500 and html_ and not response.streaming


def page_of(response: HttpResponse) -> Page | None:
    return Page(response.request["PATH_INFO"], response.content.decode()) if is_page(response) else None  # type: ignore[attr-defined]


def sent(client: Client, form: Form, data: dict[str, object]) -> HttpResponse:
    """The answer to a form; what it did is undone, also to the session."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = (
            client.post(form.address, data) if form.method == "post" else client.get(form.address, data)
        )
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def attempts(form: Form, name: str, hostile: str) -> Iterator[dict[str, object]]:
    """What is typed replaced; by some inputs also what is chosen and hidden."""
    whole = form.filled()
    typed = {name: [hostile] for name in form.typed()}
    if typed and form.method == "post":
        yield whole | typed
    if name in HIDDEN or (typed and form.method == "get"):
        yield whole | {name: [hostile] for name in form.fields if name not in FIXED}


def faults(form: Form, name: str, data: dict[str, object], response: HttpResponse) -> Iterator[str]:
    """What is wrong with an answer, a line each."""
    where = f"{form.method} {form.address} ({form.name}), {name}: "
    if response.status_code >= 500:
        yield f"{where}{response.status_code}"
        return
    if "a" in response.cookies:
        yield f"{where}a header was put in"
    if not is_page(response):
        return
    text = response.content.decode()
    yield from (f"{where}comes back as markup: {one}" for one in NEVER if one in text)
    if response.status_code in (409, 422) and form.method == "post":
        page = page_of(response)
        again = next((one for one in page.forms if one.name == form.name), None) if page else None
        yield from (f"{where}{field} was not kept" for field in lost(form, again, data, text))


def lost(form: Form, again: Form | None, data: dict[str, object], text: str) -> Iterator[str]:
    """The fields whose words are not on the page that came back."""
    for name in form.typed():
        if form.fields[name].kind == "password":
            continue
        typed = "".join(data[name]).strip().replace("\0", "")  # type: ignore[arg-type]
        kept = "".join(again.fields[name].values) if again and name in again.fields else ""
        if plain(typed) not in (plain(kept), "") and html.escape(plain(typed)) not in plain(text):
            yield f"{name} ({kept[:40]!r})"


def plain(text: str) -> str:
    """Without what a browser may change: line ends and blanks around."""
    return text.replace("\r\n", "\n").replace("\0", "").replace("\ufffd", "").strip()


@pytest.mark.parametrize("part", PARTS)
def test_thirty_hostile_inputs_to_every_form(part: str, scene: Scene) -> None:
    """A part of the pages for each test; in it a form that several people have is tried by one of them only."""
    assert len(HOSTILE) >= 30
    cases = [opened("wangdama", public=True).id, *(brought_to(state).id for state in STATES)]
    found, tried = list[str](), set[tuple[str, ...]]()
    for role in ROLES:
        client = visitor(role, scene)
        for form in forms_of(client, addresses(scene, role, cases), tried, part):
            for name, hostile in HOSTILE.items():
                for data in attempts(form, name, hostile):
                    found += faults(form, name, data, sent(client, form, data))
    assert {route for _method, route, _name in tried} >= {route for route in MUST if part_of(route) == part}
    assert not found, "\n".join(found)


FILES = {
    "no picture.jpg": b"<html><script>alert(7)</script></html>",
    "cut off.jpg": samples.picture()[:200],
    "nothing.png": b"",
    "program.exe": b"MZ" + b"\0" * 500,
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(7)</script></svg>',
    "../../../etc/passwd": samples.picture(),
    f"{MARK}.png": samples.picture("PNG"),
    "\u202egnp.exe": samples.picture("PNG"),
    "长" * 300 + ".png": samples.picture("PNG"),
    "script.pdf": b"%PDF-1.4\n/JavaScript (app.alert(7))",
}  # fmt: skip


@pytest.mark.parametrize("role", ["anonymous", "operator", "handler"])
def test_hostile_files_to_every_form_that_takes_files(role: str, scene: Scene) -> None:
    client, found, tried = visitor(role, scene), list[str](), 0
    for form in forms_of(client, addresses(scene, role)):
        for field in [name for name, one in form.fields.items() if one.kind == "file"]:
            for name, content in FILES.items():
                data = form.filled() | {field: SimpleUploadedFile(name, content, "image/png")}
                tried += 1
                found += faults(form, name, data, sent(client, form, data))
    assert tried >= len(FILES)
    assert not found, "\n".join(found)
