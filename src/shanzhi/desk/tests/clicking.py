"""What a browser does at the desk, for its tests."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors


def actor(username: str) -> Actor:
    return actors(usernames=[username])[0]


def page_of(client: Client, case: Any) -> str:
    return client.get(f"/desk/cases/{case.id}").content.decode()


def hidden(html: str, form: str) -> dict[str, str]:
    """The hidden fields of one form of a page, as a browser would send them."""
    part = html.split(f'name="form" value="{form}"', 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', part)) | {"form": form}


def send(client: Client, case: Any, form: str, **typed: Any) -> Any:
    data = hidden(page_of(client, case), form) | {f"{form}-{k}": v for k, v in typed.items()}
    return client.post(f"/desk/cases/{case.id}", data)


def statements(client: Client, path: str) -> int:
    """Statements of a page besides those of session, account and grants."""
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    own = [q["sql"] for q in seen if not re.search(r"_session|orgs_account\".\"id\" = |orgs_held", q["sql"])]
    return len(own)
