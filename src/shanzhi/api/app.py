"""The API: one Ninja application with the routers of all installed rooms, and one answer to every error."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import orjson
from django.apps import apps
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from shanzhi.base.errors import FieldError, Invalid, NotFound, NotSignedIn, Problem, Unavailable
from shanzhi.orgs.auth import SIGNED


class JSONRenderer(BaseRenderer):
    """JSON by orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_PASSTHROUGH_SUBCLASS, default=str)


class JSONParser(Parser):
    """JSON by orjson; what is not JSON, or holds U+0000, is an error of the caller."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            body = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise HttpError(400, gettext("The body is not JSON: %(error)s") % {"error": error}) from error
        if b"\\u0000" in request.body and _has_nul(body):  # which PostgreSQL does not keep
            raise HttpError(400, gettext("The body holds a character that no text has"))
        return body


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_nul, value)) or any(map(_has_nul, value.values()))
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value


class FieldProblem(Schema):
    field: str
    message: str


class ProblemOut(Schema):
    """Every error has this shape."""

    code: str
    message: str
    hint: str = ""
    facts: dict[str, Any] = {}
    errors: list[FieldProblem] = []


def problem(request: HttpRequest, error: Problem) -> HttpResponse:
    """An error of ours as a response, in the language of the request."""
    body: dict[str, Any] = {
        "code": error.code,
        "message": filled(error.message, error.facts),
        "hint": gettext(error.hint) if error.hint else "",
        "facts": error.facts,
        "errors": [
            {"field": e.field, "message": filled(e.message, e.facts)} for e in getattr(error, "errors", ())
        ],
    }
    response = HttpResponse(
        orjson.dumps(body, default=str), content_type="application/json", status=error.status
    )
    if isinstance(error, NotSignedIn):
        response["WWW-Authenticate"] = "Bearer"
    if error.status == Unavailable.status:
        response["Retry-After"] = "30"
    return response


@csrf_exempt
def missing(request: HttpRequest) -> HttpResponse:
    """What stands at no address of the API: machines are told so in their own way."""
    return problem(request, NotFound())


def filled(message: str, facts: dict[str, Any]) -> str:
    """A message in the language of the request, with its facts."""
    text = gettext(message)
    return text % facts if facts else text


def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [FieldError(".".join(str(p) for p in e["loc"][1:]), str(e["msg"])) for e in error.errors]
    return problem(request, Invalid(errors=found))


def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(request, NotSignedIn())


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja says "Cannot parse request body" of whatever the parser has said."""
    said = error.__cause__ if isinstance(error.__cause__, HttpError) else error
    return _told("bad_request", str(said), error.status_code)


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _told("too_large", gettext("This is too large"), 413)


def _odd(request: HttpRequest, error: Exception) -> HttpResponse:
    """What Django itself refuses to read: a form with endless headers, thousands of fields, a broken boundary."""
    return _told("bad_request", gettext("This cannot be read as a form"), 400)


def _told(code: str, message: str, status: int) -> HttpResponse:
    body = {"code": code, "message": message, "hint": "", "facts": {}, "errors": []}
    return HttpResponse(orjson.dumps(body), content_type="application/json", status=status)


class Described(NinjaAPI):
    """An API whose description tells of errors too."""

    def get_openapi_schema(self, **how: Any) -> OpenAPISchema:
        """The description, with the shape of errors on every operation."""
        schema = super().get_openapi_schema(**how)
        shape = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= {**shape.pop("$defs"), "ProblemOut": shape}
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"]["4XX"] = {"description": "What is wrong", "content": content}
                operation["responses"]["503"] = {"description": "Try again later", "content": content}
        return schema


def build() -> NinjaAPI:
    """The API with everything that the installed rooms bring in their `api.py`."""
    api = Described(
        title="Shanzhi",
        version="1",
        urls_namespace="api",
        auth=SIGNED,
        renderer=JSONRenderer(),
        parser=JSONParser(),
        docs_url="/docs",
    )
    handlers: dict[type[Exception], Any] = {
        Problem: problem,
        ValidationError: _validation,
        AuthenticationError: _unknown,
        HttpError: _http,
        RequestDataTooBig: _too_big,
        MultiPartParserError: _odd,
        SuspiciousOperation: _odd,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    for config in apps.get_app_configs():
        if config.name.startswith("shanzhi.") and find_spec(f"{config.name}.api"):
            api.add_router(
                f"/{config.label}", import_module(f"{config.name}.api").router, tags=[config.label]
            )
    return api
