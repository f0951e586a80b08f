"""Posting people to grids, and their leave. Permissions follow by the view `orgs_held`."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from shanzhi.base.codes import span
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.journal.actions import append
from shanzhi.orgs.actions import stream
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import Account, Held, Leave, Posting
from shanzhi.orgs.posting import Away, Duty, Post, responsible
from shanzhi.orgs.queries import scope
from shanzhi.places.queries import areas

ROLE = "grid_worker"
RIGHT = "grid.edit"
COLUMNS = ("username", "area", "first", "last")
MOST_LINES = 5_000


def may_post(actor: Actor, area: str) -> bool:
    """Whether the actor says who works in an area."""
    return scope(actor, RIGHT).covers(area)


@transaction.atomic
def post(actor: Actor, account: int, area: str, first: date, last: date | None = None) -> Posting:
    """Posts somebody to a grid or a community. Raises Denied, Invalid, Conflict when he is posted there already."""
    _check(actor, account, area, first, last)
    held = Posting.objects.filter(account=account, role=ROLE, area=area)
    held = held.filter(Q(last=None) | Q(last__gte=first))
    if (held.filter(first__lte=last) if last else held).exists():
        raise Conflict(gettext_noop("This person is posted there already on some of these days"))
    try:
        with transaction.atomic():
            made = Posting.objects.create(account_id=account, role=ROLE, area=area, first=first, last=last)
    except IntegrityError as error:
        raise Conflict(gettext_noop("This person is posted there already on some of these days")) from error
    _write(actor, account, "posting.made", area, first, last)
    return made


@transaction.atomic
def end(actor: Actor, posting: int, last: date) -> None:
    """The last day of a posting; one that has not begun by then never was."""
    found = Posting.objects.select_for_update().filter(pk=posting).first()
    if found is None or not may_post(actor, found.area):
        raise NotFound()
    if last < found.first:
        found.delete()
    else:
        found.last = last
        found.save(update_fields=["last"])
    _write(actor, found.account_id, "posting.ended", found.area, found.first, last)


@transaction.atomic
def leave(actor: Actor, account: int, first: date, last: date, substitute: int | None = None) -> Leave:
    """Somebody is away, and who stands in. The actor must post people to every area in which he is missing: where he is
    posted on these days, else where the organisations lie for which he works.
    """
    missing = Posting.objects.filter(account=account, first__lte=last).filter(
        Q(last=None) | Q(last__gte=first)
    )
    codes = list(missing.values_list("area", flat=True)) or _offices(account)
    if not codes or not all(may_post(actor, area) for area in codes):
        raise Denied(gettext_noop("You do not say who works in all grids of this person"), right=RIGHT)
    wrong = []
    if last < first:
        wrong.append(FieldError("last", gettext_noop("A period ends after it begins")))
    if substitute is not None and (substitute == account or not _is_staff(substitute)):
        wrong.append(FieldError("substitute", gettext_noop("Another member of staff stands in")))
    if wrong:
        raise Invalid(errors=wrong)
    if Leave.objects.filter(account=account, first__lte=last, last__gte=first).exists():
        raise Conflict(gettext_noop("This person is on leave already on some of these days"))
    made = Leave.objects.create(account_id=account, first=first, last=last, substitute_id=substitute)
    facts = {"substitute": f"account:{substitute}" if substitute else None}
    _write(actor, account, "leave.set", "", first, last, **facts)
    return made


@transaction.atomic
def come_back(actor: Actor, leave_id: int) -> None:
    """Takes a leave back: the substitute no longer stands in."""
    found = Leave.objects.select_for_update().filter(pk=leave_id).first()
    if found is None:
        raise NotFound()
    held = list(Posting.objects.filter(account=found.account_id).values_list("area", flat=True))
    held = held or _offices(found.account_id)
    if not held or not all(may_post(actor, area) for area in held):
        raise NotFound()
    found.delete()
    _write(actor, found.account_id, "leave.cancelled", "", found.first, found.last)


@dataclass
class Sent:
    """What a file of postings brings: how many, or why it is refused, all of it."""

    n: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def import_postings(actor: Actor, text: str) -> Sent:
    """Postings from a table (username, area, first, last), all of them or none; complaints by line."""
    reader = csv.DictReader(io.StringIO(text.replace("\0", "")))
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        return Sent(faults=[(1, gettext_noop("The columns are: username, area, first, last"))])
    found = Sent()
    with transaction.atomic():
        known = dict(Account.objects.filter(is_active=True, kind="staff").values_list("username", "pk"))
        for row in reader:
            if reader.line_num > MOST_LINES:
                found.faults.append((reader.line_num, gettext_noop("At most 5,000 lines")))
                break
            if message := _imported(actor, row, known):
                found.faults.append((reader.line_num, message))
            else:
                found.n += 1
        if found.faults:
            transaction.set_rollback(True)
    return found


def _imported(actor: Actor, row: dict[str, str | None], known: dict[str, int]) -> str:
    """Why a line is refused; empty when it was posted."""
    given = {name: (row.get(name) or "").strip() for name in COLUMNS}
    account = known.get(given["username"].lower())
    if account is None:
        return gettext_noop("There is no such member of staff")
    try:
        first = date.fromisoformat(given["first"])
        last = date.fromisoformat(given["last"]) if given["last"] else None
    except ValueError:
        return gettext_noop("A day is written 2026-11-25")
    try:
        post(actor, account, given["area"], first, last)
    except Invalid as error:
        return error.errors[0].message if error.errors else error.message
    except (Denied, Conflict) as error:
        return error.message
    return ""


def posts_in(area: str, first: date, last: date) -> tuple[list[Post], list[Away]]:
    """Who is posted within an area (or to one around it) on some days, and their leave; two statements."""
    rows = _postings(area).filter(first__lte=last).filter(Q(last=None) | Q(last__gte=first))
    posts = [Post(*row) for row in rows.values_list("account", "area", "first", "last")]
    return posts, _leaves({one.account for one in posts}, first, last)


def _leaves(accounts: Iterable[int], first: date, last: date) -> list[Away]:
    """The leave of some people, and of those who stand in for them."""
    wanted = set(accounts)
    away = Leave.objects.filter(first__lte=last, last__gte=first)
    stand_in = away.filter(account__in=wanted).values("substitute")
    rows = away.filter(Q(account__in=wanted) | Q(account__in=stand_in)).order_by("first", "pk")
    return [Away(*row) for row in rows.values_list("account", "first", "last", "substitute")]


def responsible_in(area: str, day: date) -> tuple[Duty, ...]:
    """Who is responsible in an area on a day."""
    return responsible(*posts_in(area, day, day), area, day)


def postings(actor: Actor, area: str) -> list[Posting]:
    """The postings within an area that the actor says, the running ones first."""
    found = _postings(area).select_related("account").order_by("area", "-first", "pk")
    return [one for one in found if may_post(actor, one.area)]


def _offices(account: int) -> list[str]:
    """The areas of the organisations for which somebody works."""
    held = Held.objects.filter(account=account, org__isnull=False)
    return sorted(set(held.values_list("org__area", flat=True)))


def leaves_of(accounts: Sequence[int], since: date, offices: str = "") -> list[Leave]:
    """The leave of some people that ends on a day or later; and of all who work for an organisation around an area
    (`offices`) or within it."""
    wanted = Q(account__in=accounts)
    if offices:
        around = [offices[:n] for n in (6, 9, 12, 15) if n < len(offices)]
        there = Q(org__area__startswith=offices) | Q(org__area__in=around)
        wanted |= Q(account__in=Held.objects.filter(there).values("account"))
    found = Leave.objects.filter(wanted, last__gte=since).select_related("account", "substitute")
    return list(found.order_by("first", "pk")[:200])


def away_from(area: str, day: date) -> dict[int, int | None]:
    """Those posted within an area who are on leave on a day, and who stands in for each."""
    posts, leaves = posts_in(area, day, day)
    there = {one.account for one in posts}
    return {one.account: one.substitute for one in leaves if one.account in there and one.on(day)}


def running(day: date) -> list[tuple[int, Away]]:
    """The leave that includes a day, with its key, the longest running first."""
    rows = Leave.objects.filter(first__lte=day, last__gte=day, account__is_active=True).order_by(
        "first", "pk"
    )
    columns = rows.values_list("pk", "account", "first", "last", "substitute")
    return [(pk, Away(account, first, last, stands)) for pk, account, first, last, stands in columns]


def posts_of(account: int, day: date) -> list[Post]:
    """Where somebody is posted on a day."""
    rows = Posting.objects.filter(account=account, first__lte=day).filter(Q(last=None) | Q(last__gte=day))
    return [Post(*row) for row in rows.order_by("area").values_list("account", "area", "first", "last")]


def away(accounts: Iterable[int], day: date) -> set[int]:
    """Those of some people who are on leave on a day."""
    found = Leave.objects.filter(account__in=list(accounts), first__lte=day, last__gte=day)
    return set(found.values_list("account", flat=True))


def _postings(area: str) -> "QuerySet[Posting]":
    low, high = span(area)
    around = [area[:n] for n in (6, 9, 12, 15) if n < len(area)]
    within = Q(area__gte=low, area__lt=high) | Q(area__in=around)
    return Posting.objects.filter(within, account__is_active=True)


def _check(actor: Actor, account: int, area: str, first: date, last: date | None) -> None:
    place = areas().get(area)
    wrong = []
    if place is None or place.level not in ("community", "grid") or not place.open:
        wrong.append(
            FieldError("area", gettext_noop("People are posted to a grid or a community that is open"))
        )
    if last is not None and last < first:
        wrong.append(FieldError("last", gettext_noop("A period ends after it begins")))
    if not _is_staff(account):
        wrong.append(FieldError("account", gettext_noop("There is no such member of staff")))
    if wrong:
        raise Invalid(errors=wrong)
    if not may_post(actor, area):
        raise Denied(right=RIGHT)


def _is_staff(account: int) -> bool:
    return Account.objects.filter(pk=account, is_active=True, kind="staff").exists()


def _write(
    actor: Actor, account: int, kind: str, area: str, first: date, last: date | None, **facts: str | None
) -> None:
    ref = f"account:{account}"
    days = {"first": first.isoformat(), "last": last.isoformat() if last else None}
    data = {"account": ref, **({"area": area} if area else {}), **days, **facts}
    append(actor.ref, stream(ref), kind, data, county=area[:6])
