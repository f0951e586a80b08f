"""A site from which a capability was left out: run as a process of its own by `tests/test_modules.py`, because which
rooms there are is decided when Django starts. Opens the main pages of staff and residents, and whatever they link to.

Prints a line of JSON: how many pages were opened, and which of them did not answer as a page does.
"""

import json
import re
import sys
from typing import Any

import django
from django.conf import settings

STARTS = {
    "sunpaiqian": ("/desk/", "/desk/approvals", "/desk/today", "/desk/inbox", "/desk/map"),
    "zhangdudao": ("/desk/", "/desk/today"),
    "hejiexian": ("/desk/",),
    "liwangge": ("/desk/", "/api/v1/field/day", "/api/v1/field/ground"),
    "wangdama": ("/my", "/"),
    "": ("/", "/report", "/nearby", "/track", "/accounts/login/", "/api/v1/openapi.json"),
}
LINK = re.compile(r'(?:href|hx-get|data-map|data-dispatch-map)="(/[^"#]*)"')
ASIDE = ("/static/", "/admin/", "/accounts/", "/language", "/size")


def opened(client: Any, path: str) -> tuple[int, list[str]]:
    """The status of a page, and where it leads."""
    answer = client.get(path, follow=False)
    page = "text/html" in answer.get("content-type", "")
    found = LINK.findall(answer.content.decode()) if page and not answer.streaming else []
    return answer.status_code, [one.replace("&amp;", "&") for one in found if not one.startswith(ASIDE)]


def looked(username: str, starts: tuple[str, ...]) -> tuple[set[str], list[str]]:
    """All that somebody's main pages lead to, one step far; which of it is no page, or a page that is missing."""
    from django.test import Client

    from shanzhi.web.tests.demo import signed_in

    client = signed_in(username) if username else Client()
    client.raise_request_exception = False
    seen, wrong, next_ = set[str](), list[str](), list(starts)
    for _step in range(2):
        further: list[str] = []
        for path in dict.fromkeys(next_):
            if path in seen:
                continue
            seen.add(path)
            status, links = opened(client, path)
            further += links
            if status >= 500 or status == 404:
                wrong.append(f"{username or 'anybody'} {path}: {status}")
        next_ = further
    return seen, wrong


def main() -> None:
    database, left_out, case = sys.argv[1:]
    django.setup()
    settings.DATABASES["default"]["NAME"] = database
    settings.ALLOWED_HOSTS.append("testserver")
    from shanzhi.run.working import Worker

    found, wrong = set[str](), list[str]()
    for username, starts in STARTS.items():
        more = (f"/desk/cases/{case}",) if username == "sunpaiqian" else ()
        seen, bad = looked(username, starts + more)
        found |= seen
        wrong += bad
    worker = Worker.discovered()
    told = {"without": left_out, "pages": len(found), "wrong": wrong, "tickers": len(worker.tickers)}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
