"""Who may come to the desk: whoever works with cases, each seeing what his rights reach."""

from django.http import HttpRequest

from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import roles


def at_work(request: HttpRequest) -> Actor:
    """The member of staff who asks; raises NotSignedIn or Denied for everybody else."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    known = roles()
    if not any(grant.role in known and known[grant.role].staff for grant in actor.grants):
        raise Denied()
    return actor
