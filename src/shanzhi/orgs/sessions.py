"""Sessions that know whose they are, so that they can be seen and ended one by one.

Django's way for this (its documentation calls it extending database-backed session engines): what a session
holds is still in its data, the columns beside it repeat what lists need.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from shanzhi.base.clock import now
from shanzhi.journal.tables import run
from shanzhi.orgs.models import Account, Session
from shanzhi.orgs.queries import GRANTS, remember

DEVICE, SINCE = "device", "since"  # what a session remembers of the browser that signed in, and when it did
COLUMNS = tuple(field.attname for field in Account._meta.concrete_fields)
READ = f"""SELECT s.session_data, s.expire_date, {GRANTS.format("a.id")}, {", ".join(f"a.{name}" for name in COLUMNS)}
FROM orgs_session s LEFT JOIN orgs_account a ON a.id = s.account_id
WHERE s.session_key = %s AND s.expire_date > %s"""


class SessionStore(DatabaseStore):
    """`SESSION_ENGINE`: the table is ours, and a session is read together with the account that holds it."""

    held_by: Account | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        rows = run(READ, [self.session_key, now()])
        if not rows:
            self._session_key = None
            return None
        data, ends, grants, *columns = rows[0]
        if columns[0] is not None:
            self.held_by = Account.from_db("default", COLUMNS, columns)
            remember(self.held_by, grants)
        return Session(session_key=self.session_key or "", session_data=data, expire_date=ends)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        who = str(data.get(SESSION_KEY, ""))
        row.account_id = int(who) if who.isdecimal() else None
        row.device = str(data.get(DEVICE, ""))[:80]
        row.since = datetime.fromisoformat(data[SINCE]) if SINCE in data else now()
        return row  # type: ignore[no-any-return]


def holder(request: HttpRequest) -> Account | AnonymousUser:
    """Who is signed in, as Django's `get_user` would find with two more statements."""
    session: Any = request.session
    who = session.get(SESSION_KEY)  # reads it
    known: Account | None = session.held_by
    if known is None or str(known.pk) != who or not known.is_active:
        return get_user(request)
    backend, mark = session.get(BACKEND_SESSION_KEY), session.get(HASH_SESSION_KEY, "")
    if backend not in settings.AUTHENTICATION_BACKENDS:
        return AnonymousUser()
    if not constant_time_compare(mark, known.get_session_auth_hash()):
        return get_user(request)  # which ends the session
    return known
