"""What somebody wants to see on the screen: a period and a part of the district, as they stand in the address."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from shanzhi.base.clock import now
from shanzhi.cases import types
from shanzhi.insight.periods import LENGTHS, Period, chosen
from shanzhi.insight.queries import Where, where
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import orgs
from shanzhi.places import queries as places

KEYS = ("days", "first", "last", "area", "org", "type", "category", "channel")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which cases; `query` is the address's part that says so."""

    actor: Actor
    within: Where
    period: Period
    given: dict[str, str]

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """What does not fit is as if it was not given. Raises NotSignedIn or Denied."""
        actor = actor_from(request)
        given = {key: request.GET[key] for key in KEYS if request.GET.get(key)}
        if "area" in given and places.areas().get(given["area"]) is None:
            del given["area"]
        for key, known in (("org", orgs()), ("type", types.everything())):
            if key in given and given[key] not in known:
                del given[key]
        equal = {key: given.get(key, "") for key in ("org", "type", "category", "channel")}
        days = (given.get(key, "") for key in ("days", "first", "last"))
        return cls(actor, where(actor, given.get("area", ""), **equal), chosen(today(), *days), given)

    def query(self, **more: str) -> str:
        return urlencode({key: value for key, value in (self.given | more).items() if value})

    @property
    def lengths(self) -> list[tuple[int, str, bool]]:
        """The usual periods, the address of each, and whether it is this one."""
        rest = {key: value for key, value in self.given.items() if key not in ("first", "last", "days")}
        here = self.period.days if self.period.last == today() else 0
        return [(days, urlencode(rest | {"days": str(days)}), days == here) for days in LENGTHS]


def today() -> date:
    return timezone.localtime(now()).date()
