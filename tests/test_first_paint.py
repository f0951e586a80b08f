"""How soon there is something to read on a slow telephone, and how much must come before.

A processor four times as slow and a poor mobile network: 1.6 Mbit/s with 150 ms to and fro, as Lighthouse takes
it for a telephone. What counts is what cannot be late by chance: bytes and requests. The time is kept in
`first-paint.txt` beside the pictures, and refused only when it is three times what it should be.
"""

from statistics import median

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.town import SCREENS, browser, sat_down, town

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
MOST_KB, MOST_REQUESTS, MOST_MS = 150, 12, 2_500
MAPS = ("/map-", "maplibre", ".geojson", "/map.css")
LOADS = 3
PAINT = """() => new Promise(resolve => new PerformanceObserver(list =>
    list.getEntriesByName("first-contentful-paint").forEach(one => resolve(one.startTime)))
    .observe({type: "paint", buffered: true}))"""


def slow(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def keep(line: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with (SCREENS / "first-paint.txt").open("a") as file:
        file.write(line + "\n")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("", "/"),
        ("", "/report"),
        ("", "/track"),
        ("", "/nearby"),
        ("wangdama", "/my"),
        ("wulian", "/desk/?tab=all"),
    ],
)
def test_first_paint_on_a_slow_telephone(town: str, browser: Browser, who: str, path: str) -> None:
    with sat_down(browser, town, who, phone=True) as she:
        page, names, sizes = she.page, dict[str, str](), dict[str, float]()
        session = slow(page)
        session.on(
            "Network.responseReceived", lambda got: names.update({got["requestId"]: got["response"]["url"]})
        )
        session.on(
            "Network.loadingFinished", lambda got: sizes.update({got["requestId"]: got["encodedDataLength"]})
        )
        paints = []
        for _ in range(LOADS):
            names.clear()
            sizes.clear()
            page.goto(town + path)
            paints.append(page.evaluate(PAINT))
            page.wait_for_load_state("networkidle")
        counted = {
            n: round(s) for id_, s in sizes.items() if not any(m in (n := names.get(id_, "")) for m in MAPS)
        }
    kb = sum(counted.values()) / 1024
    keep(f"{path}: first paint {median(paints):.0f} ms, {kb:.0f} kB in {len(counted)} requests")
    assert kb <= MOST_KB, counted
    assert len(counted) <= MOST_REQUESTS, counted
    assert median(paints) <= 3 * MOST_MS
