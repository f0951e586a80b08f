"""Who dispatches: whoever may give the cases of an organisation, or of the area it works in, to people."""

from collections.abc import Iterable

from shanzhi.base.errors import Denied
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import areas_of, require, scope

RIGHT = "case.assign"


def may(actor: Actor, org: str) -> bool:
    """Whether the actor plans for the people of an organisation."""
    reach = scope(actor, RIGHT)
    return bool(reach) and reach.covers(areas_of([org]).get(org, ""), (org,))


def demand(actor: Actor, org: str) -> None:
    """Raises Denied, or NotSignedIn, for whoever does not."""
    require(actor, RIGHT)
    if not may(actor, org):
        raise Denied()


def those_of(actor: Actor, orgs: Iterable[str]) -> list[str]:
    """Those of some organisations for which the actor plans, in their order."""
    reach, wanted = scope(actor, RIGHT), list(orgs)
    where = areas_of(wanted)
    return [org for org in wanted if reach.covers(where.get(org, ""), (org,))]
