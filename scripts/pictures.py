"""Pictures of the main pages for the README and the handbook, taken from a demo that runs.

`make demo` in one window, `make pictures` in another (`PORT` as for the demo). Chinese and English, each below
150 kB; what is shown is generated data.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import which

from PIL import Image
from playwright.sync_api import Browser, Page, Response, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
LANGUAGES = {"": "en", ".zh": "zh-CN"}  # the end of a picture's name, and what the browser speaks
WIDE, TALL = (1280, 800), (360, 720)
LARGEST = 150 * 1024
CASE = "the first case of the list"


@dataclass(frozen=True)
class Shot:
    """A picture: who sees which page, and how large his window is."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = WIDE
    steps: tuple[
        str, ...
    ] = ()  # what is pressed first, one after the other; what is not there is passed over


APPLY = 'form[action="/services/MZ-001/apply"] button.big'
ANSWERED = 'form:has(input[name="value"]) button.big'
ANSWERS = ('input[name="value"]', ANSWERED, 'input[name="value"]', ANSWERED)
SEEN = 'p.notice a[href*="/services/applications/"]'
CONSENT, SEND = 'input[name="consent"]', 'form:has(input[name="consent"]) button.big'

SHOTS = (
    Shot("desk", "sunpaiqian", "/desk/?tab=all"),
    Shot("case", "sunpaiqian", CASE, (1280, 900)),
    Shot("map", "sunpaiqian", "/desk/map?tab=all"),
    Shot("call", "hejiexian", "/desk/report"),
    Shot("screen", "shenji", "/screen/", (1280, 900)),
    Shot("wall", "shenji", "/screen/wall", (1600, 900)),
    Shot("leagues", "shenji", "/screen/leagues"),
    Shot("running", "admin", "/admin/"),
    Shot("report", "", "/report", TALL),
    Shot("nearby", "", "/nearby", TALL),
    Shot("my", "wangdama", "/my", TALL),
    Shot("guide", "", "/services/guide?words=我妈八十多了能领什么钱", TALL),
    Shot("question", "wangdama", "/services/MZ-001", TALL, (APPLY,)),
    Shot("check", "wangdama", "/services/MZ-001", (1280, 1100), (APPLY, *ANSWERS)),
    Shot("approved", "wangdama", "/services/MZ-001", (1280, 900), (SEEN, APPLY, *ANSWERS, CONSENT, SEND)),
    Shot("dispatch", "sunpaiqian", "/desk/dispatch?org=urban-management", (1280, 900)),
    Shot("visits", "zhangdudao", "/patrol/visits", (1280, 800)),
    Shot("field", "liwangge", "/field/", TALL),
    Shot("worklist", "xufuwu", "/desk/services"),
    Shot(
        "application", "zhengminzheng", "/desk/services", (1280, 1000), ('table a[href*="/desk/services/"]',)
    ),
    Shot("policy", "xufuwu", "/desk/services/policies", (1280, 900), ('article a[href*="/policies/"]',)),
    Shot("rule", "admin", "/admin/rules/elderly-allowance/1", (1280, 900)),
)


def main() -> None:
    url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=ARGS)
        for shot in SHOTS:
            for end, language in LANGUAGES.items():
                with shown(browser, url, shot, language) as page:
                    kept = packed(page.screenshot())
                (FOLDER / f"{shot.name}{end}.webp").write_bytes(kept)
                sys.stdout.write(f"{shot.name}{end}.webp {len(kept) / 1024:.0f} kB\n")
        browser.close()


@contextmanager
def shown(browser: Browser, url: str, shot: Shot, language: str) -> Iterator[Page]:
    """A page, as the person of the demo sees it who works with it."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "size", "value": "normal", "url": url}])
    page = context.new_page()
    page.on("response", refuse)
    if shot.who:
        page.goto(f"{url}/accounts/login/")
        page.locator(f'form:has(input[value="{shot.who}"]) button').click()
        page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto(url + ("/desk/?tab=all&state=handling" if shot.path == CASE else shot.path))
    if shot.path == CASE:
        page.locator('table.cases a[href*="/desk/cases/"]').first.click()
    for step in shot.steps:
        found = page.locator(step).first
        if found.count():
            found.click()
            page.wait_for_load_state("load")
    page.wait_for_load_state("load")
    page.wait_for_timeout(2_000)  # maps come piece by piece; a page that listens is never idle
    yield page
    context.close()


def refuse(got: Response) -> None:
    """A picture of a page that lacks something is not worth keeping."""
    if got.status >= 400:
        sys.exit(f"{got.status} {got.url}: has something been built since the demo began? Start it anew.")


def packed(png: bytes) -> bytes:
    """As small as it must be and as sharp as it may be."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for quality in (90, 80, 70, 60, 50):
        kept = BytesIO()
        picture.save(kept, "WEBP", quality=quality, method=6)
        if kept.tell() < LARGEST:
            break
    return kept.getvalue()


if __name__ == "__main__":
    main()
