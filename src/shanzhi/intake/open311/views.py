"""The addresses of Open311 GeoReport v2: what a caller asks for, and errors as the specification has them."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, re_path
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt

from shanzhi.base.errors import NotFound, Problem, TooLarge, gettext_noop, trouble
from shanzhi.intake.api import ANONYMOUS_PER_MINUTE
from shanzhi.intake.open311 import listing, posting, services
from shanzhi.intake.open311.formats import TYPES, clean, render
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import anonymous, by_key, limit_anonymous
from shanzhi.places.queries import area, county

log = logging.getLogger(__name__)
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-24T00:00:00Z"
LISTS_PER_MINUTE = 120
STATUS = {401: 403, 403: 403, 404: 404, 429: 429}
BROKEN = (BadRequest, SuspiciousOperation, MultiPartParserError)
View = Callable[..., HttpResponse]
Answering = Callable[..., tuple[str, Any]]


def door(**methods: Answering) -> View:
    """A view that answers each method with (root element, value), or with an error of the specification.

    It goes by the API key alone and never by a session, so that it needs no CSRF token.
    """

    def view(request: HttpRequest, form: str, **given: str) -> HttpResponse:
        method = (request.method or "").lower()
        answering = methods.get("get" if method == "head" else method)
        if answering is None:
            refused = _failed(form, 405, [gettext("This cannot be done here")])
            refused["Allow"] = ", ".join(sorted(methods)).upper()
            return refused
        try:
            root, value = answering(request, **given)
        except Problem as error:
            return _failed(form, STATUS.get(error.status, 400), _sentences(error))
        except RequestDataTooBig:
            return _failed(form, 400, _sentences(TooLarge()))
        except BROKEN as error:
            return _failed(form, 400, [str(error)])
        except Exception as error:  # whoever reads JSON or XML is told of our troubles in it too
            log.exception("Open311: %s", request.path)
            problem = trouble(error)
            return _failed(form, problem.status, _sentences(problem))
        return _answer(form, root, value, 201 if request.method == "POST" else 200)

    exempt: View = csrf_exempt(view)
    return exempt


def discovery(request: HttpRequest) -> tuple[str, Any]:
    """What is offered where. The key is not needed to report; whoever runs the site gives it out."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": request.build_absolute_uri("/open311/v2"),
        "changeset": CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    name = area(county()).name
    return "discovery", {
        "changeset": CHANGESET,
        "contact": gettext("%(area)s: ask whoever runs this site") % {"area": name},
        "key_service": gettext("No key is needed to report; shanzhi API clients use theirs as api_key"),
        "endpoints": [endpoint],
    }


def service_list(request: HttpRequest) -> tuple[str, Any]:
    _begin(request)
    return "services", services.listed(get_language() or "")


def service(request: HttpRequest, code: str) -> tuple[str, Any]:
    _begin(request)
    return "service_definition", services.definition(clean(code), get_language() or "")


def requests(request: HttpRequest) -> tuple[str, Any]:
    actor = _begin(request)
    limit_anonymous(request, "open311", per_minute=LISTS_PER_MINUTE)
    asked = listing.wanted({name: clean(request.GET[name]) for name in request.GET})
    return "service_requests", listing.listed(actor, asked, _how(request))


def new_request(request: HttpRequest) -> tuple[str, Any]:
    actor = _begin(request)
    limit_anonymous(request, "report", per_minute=ANONYMOUS_PER_MINUTE)
    return "service_requests", posting.post(actor, request)


def one_request(request: HttpRequest, id_: str) -> tuple[str, Any]:
    actor = _begin(request)
    limit_anonymous(request, "open311", per_minute=LISTS_PER_MINUTE)
    return "service_requests", listing.one(actor, id_, _how(request))


def token(request: HttpRequest, id_: str) -> tuple[str, Any]:
    """Every service is realtime, so that a token is the number itself."""
    _, [found] = one_request(request, id_)
    number = found["service_request_id"]
    return "service_requests", [{"service_request_id": number, "token": number}]


def _begin(request: HttpRequest) -> Actor:
    """Who asks, by `api_key`; raises NotFound for the jurisdiction of somebody else."""
    asked = _given(request, "jurisdiction_id")
    if asked and asked != county():
        raise NotFound(gettext_noop("There is no jurisdiction_id %(id)s here"), id=clean(asked)[:40])
    key = _given(request, "api_key")
    return by_key(request, key) if key else anonymous(request)


def _given(request: HttpRequest, name: str) -> str:
    return (request.POST.get(name) or request.GET.get(name) or "").strip()


def _how(request: HttpRequest) -> listing.How:
    extensions = request.GET.get("extensions", "").lower() in ("true", "1")
    return listing.How(get_language() or "", extensions, request.build_absolute_uri("/").rstrip("/"))


def _sentences(error: Problem) -> list[str]:
    fields = getattr(error, "errors", None)
    if fields:
        return [f"{one.field}: {_filled(one.message, one.facts)}" for one in fields]
    return [_filled(error.message, error.facts)]


def _filled(message: str, facts: dict[str, Any]) -> str:
    said = gettext(message)
    return said % facts if facts else said


def _failed(form: str, status: int, sentences: list[str]) -> HttpResponse:
    return _answer(form, "errors", [{"code": status, "description": said} for said in sentences], status)


def _answer(form: str, root: str, value: Any, status: int) -> HttpResponse:
    response = HttpResponse(render(form, root, value), content_type=TYPES[form], status=status)
    response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _address(path: str, name: str, **methods: Answering) -> URLPattern:
    return re_path(rf"^open311/{path}\.(?P<form>json|xml)$", door(**methods), name=f"open311-{name}")


urlpatterns = [
    _address("discovery", "discovery", get=discovery),
    _address("v2/discovery", "discovery-v2", get=discovery),
    _address("v2/services", "services", get=service_list),
    _address(r"v2/services/(?P<code>[^/]+?)", "service", get=service),
    _address("v2/requests", "requests", get=requests, post=new_request),
    _address(r"v2/requests/(?P<id_>[^/]+?)", "request", get=one_request),
    _address(r"v2/tokens/(?P<id_>[^/]+?)", "token", get=token),
]
