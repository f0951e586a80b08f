"""A link between a telephone and the server that breaks: sometimes before a request arrives, sometimes after it was
done and before its answer is back. Which requests break is drawn beforehand, by a seed."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page, Route


@dataclass
class Link:
    """Breaks at some of the requests that carry acts and files, counted as they are made."""

    breaks: Collection[int]
    made: int = 0
    broken: dict[str, int] = field(default_factory=lambda: {"before": 0, "after": 0})

    def over(self, context: BrowserContext) -> None:
        for path in ("acts", "files"):
            context.route(f"**/api/v1/field/{path}", self._carried)

    def _carried(self, route: Route) -> None:
        self.made += 1
        if self.made not in self.breaks:
            return route.continue_()
        if self.made % 2:
            self.broken["before"] += 1
            return route.abort("connectionreset")
        route.fetch()  # the server has done it; nobody hears of it
        self.broken["after"] += 1
        return route.abort("connectionreset")


def drawn(requests: int, times: int, seed: int) -> set[int]:
    """Which of so many requests break, each that is tried again counting as one more."""
    return set(random.Random(seed).sample(range(1, requests + times), times))


REPORTS = """async ([from, to]) => {
    const until = async (found) => {
        while (!found()) await new Promise((next) => setTimeout(next, 15));
        return found();
    };
    const canvas = Object.assign(document.createElement("canvas"), { width: 800, height: 600 });
    const pen = canvas.getContext("2d");
    for (let n = from; n < to; n += 1) {
        for (let i = 0; i < 400; i += 1) {
            pen.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`;
            pen.fillRect(Math.random() * 800, Math.random() * 600, 60, 60);
        }
        const photo = await new Promise((made) => canvas.toBlob(made, "image/jpeg", 0.9));
        location.hash = "#/me";
        await until(() => document.querySelector("main[data-page=me]"));
        location.hash = "#/report";
        const form = await until(() => document.querySelector("main[data-page=report] form:has(#words)"));
        const files = new DataTransfer();
        files.items.add(new File([photo], "photo.jpg", { type: "image/jpeg" }));
        const input = form.querySelector("input[type=file]");
        input.files = files.files;
        input.dispatchEvent(new Event("change"));
        await until(() => form.querySelector(".photos img"));
        form.querySelector("#words").value = `排队上报 ${String(n).padStart(4, "0")}`;
        form.requestSubmit();
        await until(() => !document.querySelector("main form:has(#words)"));
    }
}"""


def reported(page: Page, first: int, last: int) -> None:
    """Makes reports with a photo each through the form of the app, as fast as it goes."""
    page.evaluate(REPORTS, [first, last])


# What the badge says may be of the moment before.
EMPTY = """() => new Promise((told) => {
    const asked = indexedDB.open("shanzhi-field");
    asked.onsuccess = () => {
        const count = asked.result.transaction("queue").objectStore("queue").index("state").count("waiting");
        count.onsuccess = () => (asked.result.close(), told(count.result === 0));
    };
})"""


def arrived(page: Page, *, seconds: float) -> None:
    """Waits until nothing waits on the telephone any more, and the app says so."""
    page.wait_for_function(EMPTY, timeout=seconds * 1000)
    page.locator(".waits[data-state=good]").wait_for(timeout=seconds * 1000)
