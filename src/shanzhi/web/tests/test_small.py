"""What is packed and what is not."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from shanzhi.web.small import SmallMiddleware


def test_a_page_is_packed_for_who_can_read_it(district: None) -> None:
    packed = Client(headers={"accept-encoding": "gzip"}).get("/")
    assert packed["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.content)
    assert "Content-Encoding" not in Client().get("/")


@pytest.mark.parametrize(
    "answer",
    [HttpResponse(b"x" * 1000, content_type="image/png"), StreamingHttpResponse([b"x" * 1000])],
)
def test_pictures_and_streams_go_as_they_are(answer: HttpResponse) -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in SmallMiddleware(lambda request: answer).process_response(request, answer)
