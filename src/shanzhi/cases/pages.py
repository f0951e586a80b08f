"""The addresses of files: who may see a case may see its files, everybody else the public copies of public cases."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from shanzhi.cases import links
from shanzhi.cases.queries import visible
from shanzhi.files.serve import answer


def file(request: HttpRequest, id_: UUID, name: str) -> HttpResponse:
    """A file for whoever is signed in."""
    return answer(request, id_, name, visible)


def linked_file(
    request: HttpRequest, case: UUID, reporter: str, secret: str, id_: UUID, name: str
) -> HttpResponse:
    """A file for whoever holds a secret link."""
    request.actor = links.holder(case, reporter, secret)  # type: ignore[attr-defined]
    return answer(request, id_, name, visible)


urlpatterns = [
    path("files/<uuid:id_>/<str:name>", file, name="file"),
    path(
        "track/<uuid:case>/<str:reporter>/<str:secret>/files/<uuid:id_>/<str:name>",
        linked_file,
        name="linked-file",
    ),
]
