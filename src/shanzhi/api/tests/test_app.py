"""Whatever is sent to the API, what is wrong with it is answered in one shape."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("district")
REPORTS, FILES, CASES = "/api/v1/intake/reports", "/api/v1/files", "/api/v1/cases"
LONG = (
    b"--x\r\nContent-Disposition: form-data; name=file; filename=" + b"a" * 20_000 + b"\r\n\r\nb\r\n--x--\r\n"
)
FIELDS = b"".join(b"--x\r\nContent-Disposition: form-data; name=f%d\r\n\r\n1\r\n" % n for n in range(1_500))


def asked(path: str, body: bytes = b"", kind: str = "application/json", **headers: str) -> tuple[int, Any]:
    browser = Client(raise_request_exception=False, headers={"accept-language": "en"} | headers)
    answer = browser.post(path, body, kind) if body else browser.get(path)
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("path", "body", "kind", "status", "code"),
    [
        (CASES, b"", "", 401, "not_signed_in"),
        (f"{CASES}/nothing", b"", "", 404, "not_found"),
        (REPORTS, b"{", "application/json", 400, "bad_request"),
        (REPORTS, b"[" * 50_000, "application/json", 400, "bad_request"),
        (REPORTS, b'{"text": "\xff"}', "application/json", 400, "bad_request"),
        (REPORTS, b'{"text": "a\\u0000"}', "application/json", 400, "bad_request"),
        (REPORTS, b'{"text": ["a"]}', "application/json", 422, "invalid"),
        (REPORTS, b'"' + b"a" * 3_000_000 + b'"', "application/json", 413, "too_large"),
        (FILES, LONG, "multipart/form-data; boundary=x", 400, "bad_request"),
        (FILES, FIELDS + b"--x--\r\n", "multipart/form-data; boundary=x", 400, "bad_request"),
        (FILES, b"a", "multipart/form-data", 400, "bad_request"),
    ],
)
def test_every_error_has_the_shape_that_is_described(
    path: str, body: bytes, kind: str, status: int, code: str
) -> None:
    found, said = asked(path, body, kind)
    assert (found, said["code"]) == (status, code)
    assert said.keys() == {"code", "message", "hint", "facts", "errors"}
    assert said["message"]


def test_what_is_not_json_is_said_with_its_place() -> None:
    assert "column 2" in asked(REPORTS, b"{")[1]["message"]
