"""Who may come to the administration, and what he is offered there."""

from django.http import HttpRequest

from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import roles, scope


def with_right(request: HttpRequest, right: str) -> Actor:
    """The member of staff who asks, holding `right` over everything; raises NotSignedIn or Denied."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    if not scope(actor, right).everything:
        raise Denied(right=right)
    return actor


def staff(request: HttpRequest) -> Actor:
    """The member of staff who asks, whatever his role; raises NotSignedIn or Denied."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    known = roles()
    if not any(grant.role in known and known[grant.role].staff for grant in actor.grants):
        raise Denied()
    return actor


def number(text: str) -> int:
    """The id that a form sends; 0, which is nobody's, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
