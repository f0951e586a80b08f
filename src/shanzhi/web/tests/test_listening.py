"""Where a page hears of changes, and who may listen."""

import pytest

from shanzhi.web.listening import address
from shanzhi.web.live import cross_origin


@pytest.mark.parametrize(
    ("setting", "host", "found"),
    [
        (":8001", "localhost:8000", "http://localhost:8001/live"),
        (":8001", "[::1]:8000", "http://[::1]:8001/live"),
        ("/live", "county.example", "/live"),
        ("https://county.example/live", "x", "https://county.example/live"),
    ],
)
def test_the_address_of_the_stream(setting: str, host: str, found: str) -> None:
    assert address(setting, "http", host) == found


def test_only_pages_of_the_same_host_may_listen() -> None:
    host = {"host": "county.example:8001"}
    assert (
        cross_origin(host | {"origin": "http://county.example:8000"})[0][1] == b"http://county.example:8000"
    )
    for origin in ("http://evil.example", "null", "http://county.example.evil.example", ""):
        assert cross_origin(host | {"origin": origin}) == []
