"""The API keeps to its own description, whatever it is sent: no 5xx, and every answer as in the schema."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from shanzhi.cases.tests.district import brought_to, clean
from shanzhi.orgs import actions as orgs
from shanzhi.orgs.actor import Actor, Grant

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
ROLES = ("operator", "registrar", "dispatcher")
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


@pytest.fixture
def caller(district: None) -> Iterator[dict[str, str]]:
    """A client who may do much, and a case to do it to; requests leave the test's connection open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    grants = [Grant(role, "510107") for role in ROLES]
    _, key = orgs.open_client(Actor.system(), "fuzz", grants=grants, per_minute=1_000_000)
    yield {"key": key, "case": str(brought_to("registered").id)}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    clean()


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_is_an_error_of_ours_or_another_than_described(case: Any, caller: dict[str, str]) -> None:
    if "case" in case.path_parameters and len(str(case.body)) % 4:
        case.path_parameters["case"] = caller["case"]
    _fresh(case)
    headers = {
        "Authorization": f"Bearer {caller['key']}",
        "Accept-Encoding": "identity",
    }  # nothing here unpacks
    case.call_and_validate(headers=headers, checks=CHECKS)


def _fresh(case: Any) -> None:
    """Makes what must be used once only unlike any before.

    A repetition is answered after a rollback, and here is only one transaction; other tests repeat.
    """
    if key := case.headers.get("Idempotency-Key"):
        case.headers["Idempotency-Key"] = f"{key}{uuid4()}"
    body = case.body if isinstance(case.body, dict) else {}
    reports = body.get("reports")
    for report in [body, *(reports if isinstance(reports, list) else [])]:
        if isinstance(report, dict) and isinstance(report.get("external"), str) and report["external"]:
            report["external"] = f"{report['external'][:100]}{uuid4()}"
