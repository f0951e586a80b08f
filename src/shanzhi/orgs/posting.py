"""Who works in which grid on which day (网格员派驻), with leave and substitutes. Pure.

Whoever is posted to an area is responsible in it, except on days of leave; on these the substitute is, unless he is
on leave himself. What a substitute may do follows the same days: he has the posting of the one he stands in for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody is posted to a grid, or to a whole community, from a day until a day (or until further notice)."""

    account: int
    area: str
    first: date
    last: date | None = None

    def on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is on leave, both days included, and perhaps somebody stands in for him."""

    account: int
    first: date
    last: date
    substitute: int | None = None

    def on(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """Who is responsible, and for whom he stands in."""

    account: int
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which the same people are responsible; nobody, when there are none."""

    first: date
    last: date
    duties: tuple[Duty, ...]


def responsible(posts: Iterable[Post], leaves: Sequence[Away], area: str, day: date) -> tuple[Duty, ...]:
    """Who is responsible in an area on a day, those posted to the smallest area first; nobody twice."""
    away = {one.account: one for one in leaves if one.on(day)}
    there = [post for post in posts if area.startswith(post.area) and post.on(day)]
    found: dict[int, Duty] = {}
    for post in sorted(there, key=lambda one: (-len(one.area), one.account)):
        leave = away.get(post.account)
        if leave is None:
            found[post.account] = Duty(post.account)
        elif leave.substitute is not None and leave.substitute not in away:
            found.setdefault(leave.substitute, Duty(leave.substitute, post.account))
    return tuple(found.values())


def spans(
    posts: Sequence[Post], leaves: Sequence[Away], area: str, first: date, last: date
) -> Iterator[Span]:
    """The days from first to last, in a row for each time that the same people are responsible."""
    ends = {last + timedelta(days=1)}
    known: list[tuple[date, date | None]] = [(p.first, p.last) for p in posts]
    for begins, over in (*known, *((one.first, one.last) for one in leaves)):
        ends |= {begins, *([over + timedelta(days=1)] if over and over < last else [])}
    begin = first
    held: Span | None = None
    for end in sorted(day for day in ends if day > first and day <= last + timedelta(days=1)):
        duties = responsible(posts, leaves, area, begin)
        if held and held.duties == duties:
            held = Span(held.first, end - timedelta(days=1), duties)
        else:
            if held:
                yield held
            held = Span(begin, end - timedelta(days=1), duties)
        begin = end
    if held:
        yield held


def covered(posts: Iterable[Post], leaves: Iterable[Away], day: date) -> set[str]:
    """The areas to which somebody is posted who is there on a day, or for whom somebody stands in."""
    away = {one.account: one.substitute for one in leaves if one.on(day)}
    return {
        post.area
        for post in posts
        if post.on(day) and (post.account not in away or _stands_in(away[post.account], away))
    }


def _stands_in(substitute: int | None, away: dict[int, int | None]) -> bool:
    return substitute is not None and substitute not in away
