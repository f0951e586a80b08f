"""The page of one case."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shanzhi.desk.access import at_work
from shanzhi.desk.doing import done
from shanzhi.desk.offers import Offer, form_of, offers
from shanzhi.desk.sheet import Sheet
from shanzhi.desk.story import Line
from shanzhi.web.forms import Sent
from shanzhi.web.listening import listening


@never_cache
@listening
def case(request: HttpRequest, id_: UUID) -> HttpResponse:
    """The page; what its forms send is done once and leads back to it."""
    actor = at_work(request)
    sheet = Sheet.of(actor, id_)
    if request.method != "POST":
        return shown(request, sheet)
    name = request.POST.get("form", "")
    form = form_of(sheet, name, request.POST, request.FILES)
    error = done(request, sheet, name, form)
    if error is None and not sheet.contacts:
        messages.success(request, _("Done."))
        return redirect("case", id_)
    fresh = Sheet.of(actor, id_)
    fresh.contacts = sheet.contacts
    if error is None:
        return shown(request, fresh)
    seen = form.cleaned_data.get("version")
    # whoever has read what has changed may send again what he typed
    form.retype("version", str(fresh.state["version"]))
    return shown(request, fresh, (name, form), error.status, changes=fresh.since(seen) if seen else [])


def shown(
    request: HttpRequest,
    sheet: Sheet,
    bound: tuple[str, Sent] | None = None,
    status: int = 200,
    changes: Sequence[Line] = (),
) -> HttpResponse:
    found = offers(sheet, bound)
    groups: dict[str, list[Offer]] = {}
    for offer in found:
        groups.setdefault(offer.group, []).append(offer)
    lost = bound[1] if bound and bound[0] not in {offer.name for offer in found} else None
    context = {
        "sheet": sheet,
        "offers": groups,
        "lost": lost,
        "sent": bound[0] if bound else "",
        "conflict": status == 409,
        "changes": changes,
    }
    return render(request, "desk/case.html", context, status=status)
