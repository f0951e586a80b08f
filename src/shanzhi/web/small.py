"""Pages are sent small: a telephone in a basement waits for bytes, not for us."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/html", "application/json", "application/geo+json", "text/csv")


class SmallMiddleware(GZipMiddleware):
    """Packs what is text. Pictures are packed already, and what streams must not wait.

    Django adds a random length, so that the length of a page tells nothing of the secrets in it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in TEXTS:
            return response
        return super().process_response(request, response)
