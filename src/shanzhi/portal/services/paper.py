"""The paper form of a service: blank for anybody, or of one's own draft with a code that finds it again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.residents.queries import facts
from shanzhi.services import printing
from shanzhi.services.actions import drafting
from shanzhi.services.form import wanted
from shanzhi.services.queries import catalogue
from shanzhi.services.ticket import Ticket

PER_MINUTE = 20


def blank(request: HttpRequest, code: str) -> HttpResponse:
    """The form as it lies out."""
    limit_anonymous(request, "paper-form", per_minute=PER_MINUTE)
    item = catalogue.item(code.upper())
    return _answer(printing.blank(item), item.code)


@never_cache
def of_draft(request: HttpRequest, id_: UUID) -> HttpResponse:
    """The form of a draft: what is known from registers is not asked."""
    one = drafting.of(actor_from(request), id_)
    item = catalogue.item(one.item)
    known = facts.of(one.person, wanted(item, catalogue.rule(item), facts.types()))
    printed = Ticket(item.code, item.version, one.pk)
    return _answer(printing.of_draft(item, known, printed, one.code), one.code)


def _answer(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
