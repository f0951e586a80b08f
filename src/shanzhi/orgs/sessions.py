"""Sessions that know whose they are, so that they can be seen and ended one by one.

Django's way for this (its documentation calls it extending database-backed session engines): what a session
holds is still in its data, the columns beside it repeat what lists need.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from shanzhi.base.clock import now
from shanzhi.orgs.models import Session

DEVICE, SINCE = "device", "since"  # what a session remembers of the browser that signed in, and when it did


class SessionStore(DatabaseStore):
    """`SESSION_ENGINE`: the table is ours."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        who = str(data.get(SESSION_KEY, ""))
        row.account_id = int(who) if who.isdecimal() else None
        row.device = str(data.get(DEVICE, ""))[:80]
        row.since = datetime.fromisoformat(data[SINCE]) if SINCE in data else now()
        return row  # type: ignore[no-any-return]
