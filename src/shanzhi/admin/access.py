"""Who may come to the administration, and what he is offered there."""

from django.http import HttpRequest

from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import scope


def with_right(request: HttpRequest, right: str) -> Actor:
    """The member of staff who asks, holding `right` over everything; raises NotSignedIn or Denied."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    if not scope(actor, right).everything:
        raise Denied(right=right)
    return actor
