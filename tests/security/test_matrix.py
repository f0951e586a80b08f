"""Who gets what answer at which address: every route of the URL map, for every role, as `matrix.csv` says.

The case lies in Yulin and is being handled by 赵处置; 蒋水务 helps. A cell holds the status, or `login` for a
redirect to the sign-in page. Pages are asked with GET and with an empty form. A new route fails until it has
its line; `SHANZHI_MATRIX=write` writes what is observed, to be read with care before it is kept.
"""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.cases import actions, links
from shanzhi.cases.sides import Ask
from shanzhi.cases.tests.district import YULIN, actor, brought_to, opened, photo, step
from shanzhi.files import queries as files
from shanzhi.files.tests import samples
from shanzhi.grids import actions as redrawing
from shanzhi.orgs import actions as orgs
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.models import Account
from shanzhi.packs.staging import stage_folder
from shanzhi.subscriptions import links as following
from shanzhi.subscriptions.actions import Wish, follow
from shanzhi.surveys import actions as surveys

FILE = Path(__file__).parent / "matrix.csv"
API = "/api/v1"
GRID = "510107005001001"  # in Yulin, the grid of the case
ROLES = {
    "anonymous": "",
    "reporter": "wangdama",
    "resident": "chenjumin",
    "grid_worker": "liwangge",
    "grid_worker_outside": "zhouwangge",
    "operator": "hejiexian",
    "registrar": "wulian",
    "dispatcher": "sunpaiqian",
    "handler": "zhaochuzhi",
    "helper": "jiangshuiwu",
    "handler_outside": "fengyanghu",
    "street_leader": "zhangdudao",
    "street_leader_outside": "outside",
    "evaluator": "pinggu",
    "auditor": "shenji",
    "administrator": "admin",
    "client": "",
    "wrong_key": "",
}
PLACE = {"lon": YULIN[0], "lat": YULIN[1]}
CALL = {"call": "T1", "at": "2026-11-25T09:00:00+08:00", "text": "占道", "area": "510107005"}
BODIES: dict[str, Any] = {
    "moves": {"move": "return", "reason": "不属于"},
    "notes": {"words": "备注"},
    "ratings": {"satisfied": 4},
    "requests": {"kind": "extend", "reason": "设备未到", "hours": 5},
    "{name}": {"granted": False, "decision": "不同意"},
    "t1": {"result": "已配合"},
    "supervision": {"level": 3, "words": "限期"},
    "split": {"parts": ["油烟", "占道"]},
    "contacts": {"reason": "回访"},
    "calls": CALL,
    "calls/bulk": {"calls": [CALL]},
    "transcript": {"pieces": [{"seq": 1, "text": "您好"}]},
    "recordings": {"files": [str(UUID(int=1))]},
    "orders": {"number": "S1", "platform": "province", "text": "占道", "area": "510107005"},
    "messages": {"kind": "urge", "words": "请加快"},
    "applications": {"item": "MZ-001", "person": str(UUID(int=1))},
    "reports": {"text": "油烟", **PLACE},
    "acts": {
        "kind": "report",
        "device": "0" * 16,
        "seq": 1,
        "said_at": "2026-11-25T09:00:00Z",
        "words": "占道",
    },
    "phones": {"device": "0" * 16, "waiting": 1},
    "guess": {"text": "占道经营"},
    "bulk": {"reports": [{"text": "油烟", **PLACE}]},
}


@dataclass(frozen=True)
class Scene:
    """What the addresses are filled with."""

    case: UUID
    number: str
    other: UUID
    file: UUID
    key: str
    account: int
    survey: int
    drawn_file: UUID
    followed: UUID
    client: int
    digest: str
    draft: int

    def fill(self, route: str) -> str:
        """The address of a route of the URL map."""
        values = {
            "<uuid:case>": str(self.case), "<uuid:id_>": str(self.case), "{case}": str(self.case),
            "<str:reporter>": "r1", "<str:secret>": links.secret(self.case), "<str:name>": "public",
            "<str:username>": "zhaochuzhi", "<uuid:file>": str(self.drawn_file),
            "{number}": self.number, "<int:id_>": str(self.account), "{name}": "t1" if "/tasks/" in route else "q1",
        }  # fmt: skip
        values |= {"<slug:name>": "category", "<int:number>": "1", "<slug:key>": "family"}
        for part, own in self._own().items():
            values |= own if part in route else {}
        for pattern, value in values.items():
            route = route.replace(pattern, value)
        for pattern, value in {**OPEN311, "(?P<id_>[^/]+?)": self.number}.items():
            route = route.replace(pattern, value)
        return route.translate(str.maketrans("", "", "^$\\"))

    def _own(self) -> dict[str, dict[str, str]]:
        """What stands for a placeholder in the addresses that hold a part."""
        return {
            "monthly.<str:kind>": {"<str:kind>": "pdf"},
            "files/<uuid:id_>": {"<uuid:id_>": str(self.file)},
            "/admin/": {"<str:digest>": self.digest},
            "/admin/rules/": {"<slug:id_>": "urgency", "<int:version>": "2"},
            "/clients/": {"<int:id_>": str(self.client)},
            "/grids/": {"<slug:code>": GRID, "<int:id_>": str(self.draft), "<str:kind>": "grids.geojson"},
            "/surveys/": {
                "<int:id_>": str(self.survey),
                "<int:pick>": "1",
                "<uuid:file>": str(self.drawn_file),
            },
            "/subscriptions/": {
                "<uuid:id_>": str(self.followed),
                "<str:secret>": following.secret(self.followed),
            },
        }


OPEN311 = {"(?P<form>json|xml)": "json", "(?P<code>[^/]+?)": "E0107"}


@pytest.fixture
def scene(district: None) -> Scene:
    case = brought_to("registered", public=False)
    step(case.id, "sunpaiqian", "dispatch", helpers=("water",))
    zhao = actor("zhaochuzhi")
    file = photo(zhao)
    step(case.id, "zhaochuzhi", "accept")
    actions.attach(zhao, case.id, [file])
    actions.ask(zhao, case.id, Ask("consult", "请会诊", orgs=("ecology",)))
    system = Actor.system()
    grants = [Grant("street_leader", "510107001")]
    orgs.open_account(system, "outside", "liang-shui-jing-42", name="外街道", staff=True, grants=grants)
    machine, key = orgs.open_client(system, "12345", grants=[Grant("operator", "510107")])
    resident = Account.objects.get(username="wangdama").pk
    closed = brought_to("closed")
    [drawn_file, *_] = files.of_cases([closed.id])[closed.id]
    day, pinggu = (now() + timedelta(hours=8)).date(), Account.objects.get(username="pinggu").pk
    survey = surveys.plan(actor("shenji"), surveys.Plan("x", day, day, 1), [pinggu])
    other = opened("chenjumin").id
    number = format_number(case["number"])
    wish = Wish("sms", "13812345678", area="510107005")
    followed = follow(Actor.anonymous(), wish).pk
    return Scene(
        case.id,
        number,
        other,
        file,
        key,
        resident,
        survey.pk,
        drawn_file.pk,
        followed,
        machine.pk,
        stage_folder("wuhou"),
        redrawing.begin(actor("sunpaiqian"), GRID[:12], "x").pk,
    )


def lines() -> Iterator[tuple[str, str]]:
    """Every method and route there is: of the API by its description, of pages with GET and POST."""
    for path, methods in Client().get(f"{API}/openapi.json").json()["paths"].items():
        yield from ((method.upper(), path) for method in methods)
    for route in routes(get_resolver()):
        if not route.startswith("api/v1/") or route in ("api/v1/openapi.json", "api/v1/docs", "api/v1/"):
            yield from (("GET", f"/{route}"), ("POST", f"/{route}"))


def routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)
        else:
            yield from routes(pattern, prefix + str(pattern.pattern))


def expected() -> dict[tuple[str, str], dict[str, str]]:
    with FILE.open(newline="") as file:
        return {(row["method"], row["route"]): row for row in csv.DictReader(file)}


def test_every_route_has_its_line_and_every_line_its_route(district: None) -> None:
    assert set(lines()) == set(expected())


def caller(role: str, scene: Scene) -> Client:
    headers = {"client": f"Bearer {scene.key}", "wrong_key": "Bearer wrong"}
    client = Client(
        raise_request_exception=False, headers={"Authorization": headers[role]} if role in headers else {}
    )
    if ROLES[role]:
        client.force_login(Account.objects.get(username=ROLES[role]))
    return client


def asked(client: Client, scene: Scene, method: str, route: str) -> str:
    """The answer to one request; what it did is undone."""
    address, cookies = scene.fill(route), SimpleCookie(client.cookies)
    with transaction.atomic():
        if not route.startswith(API):
            response = client.get(address) if method == "GET" else client.post(address)
        elif address == f"{API}/files":
            response = _sent(client)
        else:
            body = b"" if method == "GET" else orjson.dumps(_body(client, route, scene))
            response = client.generic(method, address, body, "application/json")
        transaction.set_rollback(True)
    client.cookies = cookies  # also after signing out
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "login"
    return str(response.status_code)


def _sent(client: Client) -> Any:
    return client.post(f"{API}/files", {"file": SimpleUploadedFile("a.png", samples.picture("PNG"))})


def _body(client: Client, route: str, scene: Scene) -> Any:
    last = "t1" if "/tasks/" in route else route.rsplit("/", 1)[1]
    last = "calls/bulk" if route.endswith("calls/bulk") else last
    if last == "files":
        return {"files": [_sent(client).json().get("id", str(UUID(int=1)))]}
    return {"into": str(scene.other)} if last in ("merge", "part") else BODIES.get(last, {})


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_the_expected_one(role: str, scene: Scene) -> None:
    client = caller(role, scene)
    found = {line: asked(client, scene, *line) for line in lines()}
    if os.environ.get("SHANZHI_MATRIX") == "write":
        _write(role, found)
    table = expected()
    assert {line: got for line, got in found.items() if table[line][role] != got} == {}


def _write(role: str, found: dict[tuple[str, str], str]) -> None:
    table = expected() if FILE.exists() else {}
    rows = [{**table.get(line, {}), "method": line[0], "route": line[1], role: found[line]} for line in found]
    with FILE.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["method", "route", *ROLES], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["route"], row["method"])))
