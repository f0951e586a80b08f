"""A pack's organisations (`orgs.csv`), roles (`roles.yaml`) and demo accounts (`accounts.yaml`)."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

from django.contrib.auth.hashers import make_password
from pydantic import BaseModel, ConfigDict, Field

from shanzhi.orgs import queries
from shanzhi.orgs.models import Account, GrantRow, Org, RoleRow
from shanzhi.orgs.roles import BUILT_IN, Reach, is_right
from shanzhi.packs.files import Document, Pack
from shanzhi.packs.section import Rows, Section, parse

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
USERNAME = re.compile(r"[a-z0-9][a-z0-9_.@+-]{0,63}", re.IGNORECASE)
COLUMNS = {"key", "name", "kind", "area", "parent"}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Orgs:
    """The organisations: key, name, kind, area code, key of the one above."""

    name = "orgs"
    order = 20
    file = "orgs.csv"

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        for line, row in self._lines(pack):
            key = row["key"]
            if not key or not row["name"]:
                pack.fault(self.file, line, "empty", "an organisation needs a key and a name")
            elif fault := _odd(row):
                pack.fault(self.file, line, "odd", fault)
            elif key in rows:
                pack.fault(self.file, line, "twice", f"the organisation {key} is given twice")
            else:
                rows[key] = {name: row[name] for name in ("name", "kind", "area", "parent")}
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        areas = everything.get("areas", {})
        for line, row in self._lines(pack):
            if row["area"] not in areas:
                pack.fault(self.file, line, "unknown_area", f"there is no area {row['area']!r}")
            if row["parent"] and row["parent"] not in rows:
                pack.fault(self.file, line, "unknown_org", f"there is no organisation {row['parent']!r}")
            elif _circular(row["key"], rows):
                pack.fault(self.file, line, "circle", f"the organisation {row['key']} is above itself")

    def _lines(self, pack: Pack) -> list[tuple[int, dict[str, str]]]:
        lines = pack.csv(self.file) if pack.exists(self.file) else []
        missing = sorted(COLUMNS - set(lines[0][1])) if lines else []
        if missing:
            pack.fault(self.file, 1, "columns", f"the columns {', '.join(missing)} are missing")
            return []
        return lines

    def current(self) -> Rows:
        found = Org.objects.filter(open=True)
        return {
            o.key: {"name": o.name, "kind": o.kind, "area": o.area, "parent": o.parent_id or ""}
            for o in found
        }

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        Org.objects.bulk_create(
            [
                Org(
                    key=k,
                    name=r["name"],
                    kind=r["kind"],
                    area=r["area"],
                    parent_id=r["parent"] or None,
                    open=True,
                )
                for k, r in (add | change).items()
            ],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["name", "kind", "area", "parent", "open"],
        )
        Org.objects.filter(pk__in=remove).update(open=False)


def _odd(row: dict[str, str]) -> str:
    """What of an organisation the tables would not hold; empty when nothing is."""
    if not KEY.fullmatch(row["key"]):
        return f"{row['key'][:80]!r} is no key such as urban-management"
    if len(row["name"]) > 200:
        return "the name has more than 200 characters"
    return "" if KIND.fullmatch(row["kind"]) else f"{row['kind'][:80]!r} is no kind such as department"


def _circular(key: str, rows: Rows) -> bool:
    seen = set()
    at = key
    while at in rows and at not in seen:
        seen.add(at)
        at = rows[at]["parent"]
    return at == key and key in rows


class RoleSchema(Strict):
    title: dict[Literal["zh", "en"], str]
    reach: Reach
    staff: bool = True
    rights: list[str]


class Roles:
    """The roles a district has beside the built-in ones, or instead of those of the same code."""

    name = "roles"
    order = 25
    file = "roles.yaml"

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        for document, code in _entries(pack, self.file, "roles"):
            if not KIND.fullmatch(code):
                line = document.line("roles", code)
                pack.fault(self.file, line, "odd", f"{code[:80]!r} is no code such as grid_worker")
                continue
            role = parse(pack, document, RoleSchema, "roles", code)
            if role is None:
                continue
            for index, right in enumerate(role.rights):
                if not is_right(right):
                    line = document.line("roles", code, "rights", index)
                    pack.fault(self.file, line, "unknown_right", f"there is no right {right!r}")
            rows[code] = role.model_dump() | {"rights": sorted(set(role.rights))}
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """Roles refer to nothing in other sections."""

    def current(self) -> Rows:
        found = RoleRow.objects.all()
        return {
            r.code: {"title": r.title, "reach": r.reach, "staff": r.staff, "rights": r.rights} for r in found
        }

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        RoleRow.objects.bulk_create(
            [RoleRow(code=code, **row) for code, row in (add | change).items()],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["title", "reach", "staff", "rights"],
        )
        RoleRow.objects.filter(pk__in=remove).delete()
        queries.forget()


class GrantSchema(Strict):
    role: str
    area: str = ""
    org: str = ""


class AccountSchema(Strict):
    name: str = Field(min_length=1, max_length=64)
    kind: Literal["resident", "staff"]
    password: str = Field(min_length=8, max_length=64)
    language: Literal["zh-hans", "en"] = "zh-hans"
    large_text: bool = False
    grants: list[GrantSchema] = []


class Accounts:
    """Accounts to try a demo with; their passwords are public: only a pack with `demo: true` has any."""

    name = "accounts"
    order = 30
    file = "accounts.yaml"

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        names: dict[str, str] = {}
        for document, username in _entries(pack, self.file, "accounts"):
            line = document.line("accounts", username)
            account = parse(pack, document, AccountSchema, "accounts", username)
            if not USERNAME.fullmatch(username):
                pack.fault(self.file, line, "odd", f"{username[:80]!r} is no username")
                continue
            if username.lower() in names:
                pack.fault(
                    self.file, line, "twice", f"{username} and {names[username.lower()]} are one username"
                )
            names[username.lower()] = username
            if account is not None:
                grants = sorted((g.model_dump() for g in account.grants), key=str)
                rows[username.lower()] = account.model_dump() | {"grants": grants}
        if names and pack.head.get("demo") is not True:
            pack.fault(self.file, 1, "not_demo", "only a pack with 'demo: true' may bring accounts")
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        roles = {code: role.row() for code, role in BUILT_IN.items()} | everything.get("roles", {})
        for document, username in _entries(pack, self.file, "accounts"):
            grants = rows.get(username.lower(), {}).get("grants", [])
            if not grants:
                continue
            for index, grant in enumerate(document.value["accounts"][username]["grants"]):
                line = document.line("accounts", username, "grants", index)
                for code, message in _faults(grant, roles, everything):
                    pack.fault(self.file, line, code, f"{username}: {message}")

    def current(self) -> Rows:
        found = Account.objects.filter(is_active=True).exclude(demo_password="")
        held: dict[int, list[dict[str, str]]] = {account.pk: [] for account in found}
        columns = ("account_id", "role", "area", "org_id")
        for account, role, area, org in GrantRow.objects.filter(account__in=held).values_list(*columns):
            held[account].append({"role": role, "area": area, "org": org or ""})
        return {
            a.username: {
                "name": a.name,
                "kind": a.kind,
                "password": a.demo_password,
                "language": a.language,
                "large_text": a.large_text,
                "grants": sorted(held[a.pk], key=str),
            }
            for a in found
        }

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        """Never touches an account that no demo pack has made: a username in use raises an error."""
        hashed = lru_cache(maxsize=None)(make_password)  # public passwords: one slow hash for each is enough
        for username, row in (add | change).items():
            account = self._account(username)
            if row["password"] != account.demo_password:
                account.password = hashed(row["password"])
            account.demo_password = row["password"]
            account.name, account.kind = row["name"], row["kind"]
            account.language, account.large_text = row["language"], row["large_text"]
            account.is_active = True
            account.save()
            GrantRow.objects.filter(account=account).delete()
            GrantRow.objects.bulk_create(
                GrantRow(account=account, role=g["role"], area=g["area"], org_id=g["org"] or None)
                for g in row["grants"]
            )
        Account.objects.filter(username__in=remove).exclude(demo_password="").update(is_active=False)

    def _account(self, username: str) -> Account:
        known = Account.objects.exclude(demo_password="").filter(username=username).first()
        return known or Account(username=username)


def _entries(pack: Pack, file: str, top: str) -> Iterator[tuple[Document, str]]:
    """The keys of the mapping under `top`; a file may be missing, but not be something else."""
    document = pack.yaml(file) if pack.exists(file) else None
    if document is None:
        return
    entries = document.value.get(top) if isinstance(document.value, dict) else None
    if not isinstance(entries, dict):
        pack.fault(file, document.line(top), "shape", f"expected '{top}:' with an entry for each")
        return
    for key in entries:
        if isinstance(key, str):
            yield document, key
        else:
            pack.fault(file, document.line(top, str(key)), "shape", f"{key!r} is not a text: quote it")


def _faults(grant: Any, roles: Rows, everything: dict[str, Rows]) -> Iterator[tuple[str, str]]:
    role, area, org = grant["role"], grant.get("area", ""), grant.get("org", "")
    if role not in roles:
        yield "unknown_role", f"there is no role {role!r}"
    if area and area not in everything.get("areas", {}):
        yield "unknown_area", f"there is no area {area!r}"
    if org and org not in everything.get("orgs", {}):
        yield "unknown_org", f"there is no organisation {org!r}"
    reach = roles.get(role, {}).get("reach")
    if (reach == "area" and not area and not org) or (reach == "org" and not org):
        yield "needs", f"the role {role} needs an {'area' if reach == 'area' else 'organisation'}"


SECTIONS: list[Section] = [Orgs(), Roles(), Accounts()]
