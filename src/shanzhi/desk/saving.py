"""Filters that somebody keeps under a name. The address is the filter, so that sharing it is sending the link."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.base.plain import clean
from shanzhi.desk.access import at_work
from shanzhi.desk.filters import Filter
from shanzhi.desk.models import SavedFilter
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor

MOST = 20
LONGEST = 40
PARTS = frozenset(("tab", *Filter.base_fields))
FULL = gettext_noop("You have kept %(most)s filters: remove one first")
NAMELESS = gettext_noop("Give the filter a name of 1 to 40 characters")


@require_POST
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keeps the query under a name, or removes it; twice is as good as once."""
    actor = at_work(request)
    query = plain(request.POST.get("query", ""))
    if "remove" in request.POST:
        own(actor).filter(pk=_id(request.POST["remove"])).delete()
        messages.success(request, _("Removed."))
    else:
        keep(actor, request.POST.get("name", ""), query)
        messages.success(request, _("Kept. You find it above the list."))
    return redirect(f"{reverse('desk')}?{query}")


def keep(actor: Actor, name: str, query: str) -> None:
    """Keeps it; an older one of the same name is replaced. Raises Invalid for a bad name or one too many."""
    name = clean(name).strip()
    if not 0 < len(name) <= LONGEST:
        raise Invalid(NAMELESS)
    kept = own(actor)
    if not kept.filter(name=name).exists() and kept.count() >= MOST:
        raise Invalid(FULL, most=MOST)
    kept.update_or_create(account=actor.account or 0, name=name, defaults={"query": query})


SAVED = "SELECT id, account, name, query FROM desk_savedfilter WHERE account = %s ORDER BY name"


def saved(actor: Actor) -> list[SavedFilter]:
    """Prepared once for each connection: every list asks for them."""
    return [SavedFilter(*row) for row in run(SAVED, [actor.account or 0])]


def own(actor: Actor) -> "QuerySet[SavedFilter]":
    return SavedFilter.objects.filter(account=actor.account or 0)


def plain(query: str) -> str:
    """A query with the parts of a filter only, each once, in one order."""
    given = QueryDict(query[:2_000])
    kept = QueryDict(mutable=True)
    for name in sorted(PARTS & set(given)):
        if given[name]:
            kept[name] = given[name]
    return kept.urlencode()


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
