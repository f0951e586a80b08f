from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from shanzhi.orgs import queries
from shanzhi.orgs.actor import Grant
from shanzhi.orgs.models import Account, Org
from shanzhi.orgs.pack import SECTIONS
from shanzhi.orgs.roles import BUILT_IN
from shanzhi.orgs.tests.conftest import opened
from shanzhi.packs.files import Pack
from shanzhi.packs.queries import difference
from shanzhi.packs.section import Rows

AREAS: Rows = {"510107": {}, "510107001": {}}
ORGS = """key,name,kind,area,parent
gov,区政府,department,510107,
chengguan,综合行政执法局,department,510107,gov
"""
ROLES = """roles:
  watchman:
    title: {zh: 值守员, en: Watchman}
    reach: area
    rights: [case.view, council.vote]
"""
ACCOUNTS = """accounts:
  WangDaMa:
    name: 王大妈
    kind: resident
    password: wuhou-demo
    large_text: true
    grants: [{role: resident}]
  zhao:
    name: 赵处置
    kind: staff
    password: wuhou-demo
    grants:
      - {role: handler, org: chengguan}
      - {role: watchman, area: "510107001"}
"""


def pack(root: Path, **files: str) -> Pack:
    given = {"pack": "demo: true\n", "orgs": ORGS, "roles": ROLES, "accounts": ACCOUNTS} | files
    for name, text in given.items():
        ending = "csv" if name == "orgs" else "yaml"
        (root / f"{name}.{ending}").write_text(text)
    return Pack(root)


def read(found: Pack) -> dict[str, Rows]:
    everything: dict[str, Rows] = {"areas": AREAS}
    for section in SECTIONS:
        everything[section.name] = section.read(found)
    for section in SECTIONS:
        section.check(everything[section.name], found, everything)
    return everything


def apply(found: Pack) -> list[dict[str, int]]:
    everything = read(found)
    assert found.faults == []
    changes = []
    for section in SECTIONS:
        change = difference(section, everything[section.name])
        changes.append(change.counts())
        section.apply(change.add, change.change, change.remove)
    queries.forget()
    return changes


@pytest.mark.django_db
def test_a_pack_brings_organisations_roles_and_accounts_and_the_second_time_nothing(tmp_path: Path) -> None:
    apply(pack(tmp_path))
    assert apply(pack(tmp_path)) == [{"add": 0, "change": 0, "remove": 0}] * 3
    assert queries.orgs() == {"chengguan": "综合行政执法局", "gov": "区政府"}
    assert set(queries.roles()) == set(BUILT_IN) | {"watchman"}
    zhao = Account.objects.get(username="zhao")
    assert queries.actor_of(zhao).grants == (
        Grant("handler", org="chengguan"),
        Grant("watchman", "510107001"),
    )
    assert queries.scope(queries.actor_of(zhao)).areas == ("510107001",)


@pytest.mark.django_db
def test_demo_accounts_can_sign_in_and_are_listed_with_their_passwords(tmp_path: Path) -> None:
    apply(pack(tmp_path))
    assert authenticate(None, username="wangdama", password="wuhou-demo")
    wang, zhao = queries.demo_accounts()
    assert (wang.username, wang.password, wang.roles) == ("wangdama", "wuhou-demo", ("resident",))
    assert zhao.roles == ("handler", "watchman")


@pytest.mark.django_db
def test_what_a_pack_no_longer_has_is_closed_not_deleted(tmp_path: Path) -> None:
    apply(pack(tmp_path))
    apply(pack(tmp_path, orgs="key,name,kind,area,parent\n", roles="roles: {}\n", accounts="accounts: {}\n"))
    assert queries.orgs() == {}
    assert Org.objects.count() == 2
    assert queries.orgs(["gov"]) == {"gov": "区政府"}
    assert queries.roles() == BUILT_IN
    assert not Account.objects.filter(is_active=True).exists()
    assert apply(pack(tmp_path, orgs=ORGS))[0] == {"add": 2, "change": 0, "remove": 0}


@pytest.mark.django_db
def test_a_real_account_is_never_touched(tmp_path: Path) -> None:
    real = opened("realadmin", "管理员", "administrator")
    apply(pack(tmp_path))
    apply(pack(tmp_path, accounts="accounts: {}\n"))
    assert Account.objects.get(pk=real.pk).is_active
    assert queries.demo_accounts() == []


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"orgs": ORGS + "gov,区政府,department,510107,\n"}, "orgs.csv:4: twice"),
        ({"orgs": ORGS + ",没有名字,department,510107,\n"}, "orgs.csv:4: empty"),
        ({"orgs": ORGS + "x,水务局,department,999999,\n"}, "orgs.csv:4: unknown_area"),
        ({"orgs": ORGS + "x,水务局,department,510107,nowhere\n"}, "orgs.csv:4: unknown_org"),
        ({"orgs": ORGS + "x,甲,department,510107,y\ny,乙,department,510107,x\n"}, "orgs.csv:4: circle"),
        ({"orgs": "key,name\na,b\n"}, "orgs.csv:1: columns"),
        ({"roles": ROLES.replace("case.view", "case.veiw")}, "roles.yaml:5: unknown_right"),
        ({"roles": ROLES.replace("reach: area", "reach: far")}, "roles.yaml:4: literal_error"),
        ({"roles": "roles: [a]\n"}, "roles.yaml:1: shape"),
        ({"accounts": ACCOUNTS.replace("role: resident", "role: king")}, "accounts.yaml:7: unknown_role"),
        ({"accounts": ACCOUNTS.replace("org: chengguan", "org: nowhere")}, "accounts.yaml:13: unknown_org"),
        ({"accounts": ACCOUNTS.replace('"510107001"', '"510108"')}, "accounts.yaml:14: unknown_area"),
        ({"accounts": ACCOUNTS.replace(', area: "510107001"', "")}, "accounts.yaml:14: needs"),
        ({"accounts": ACCOUNTS.replace(", org: chengguan", "")}, "accounts.yaml:13: needs"),
        ({"accounts": ACCOUNTS.replace("zhao:", "wangdama:")}, "accounts.yaml:8: twice"),
        ({"accounts": ACCOUNTS.replace("zhao:", "WangDaMa:")}, "accounts.yaml:8: twice"),
        ({"accounts": ACCOUNTS.replace("zhao:", "123:")}, "accounts.yaml:8: shape"),
        ({"accounts": ACCOUNTS.replace("wuhou-demo", "kurz", 1)}, "accounts.yaml:5: string_too_short"),
        ({"accounts": ACCOUNTS.replace("kind: staff", "kind: god")}, "accounts.yaml:10: literal_error"),
        ({"accounts": ACCOUNTS + "    admin: true\n"}, "accounts.yaml:15: extra_forbidden"),
        ({"pack": "demo: false\n"}, "accounts.yaml:1: not_demo"),
        ({"pack": "name: real\n"}, "accounts.yaml:1: not_demo"),
    ],
)
def test_a_fault_is_named_with_file_and_line(tmp_path: Path, files: dict[str, str], fault: str) -> None:
    found = pack(tmp_path, **files)
    read(found)
    assert fault in {f"{f.file}:{f.line}: {f.code}" for f in found.faults}
