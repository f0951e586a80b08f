"""Sessions that have ended do not stay."""

from datetime import timedelta

import pytest

from shanzhi.base.clock import now
from shanzhi.orgs import jobs
from shanzhi.orgs.models import Session


@pytest.mark.django_db
def test_ended_sessions_go_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_last", -jobs.EVERY)
    for name, hours in (("old", -1), ("good", 1)):
        expires = now() + timedelta(hours=hours)
        Session.objects.create(session_key=name, session_data="", expire_date=expires, since=now())
    assert jobs.forget_sessions() == 1
    assert list(Session.objects.values_list("pk", flat=True)) == ["good"]
    Session.objects.update(expire_date=now() - timedelta(hours=1))
    assert jobs.forget_sessions() == 0
