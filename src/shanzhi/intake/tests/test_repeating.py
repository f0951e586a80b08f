"""What is sent twice, for which the database has to refuse a statement: with committed data."""

from typing import Any

import pytest
from django.test import Client as Browser

from shanzhi.orgs.actions import open_client
from shanzhi.orgs.actor import Actor, Grant

pytestmark = pytest.mark.usefixtures("committed_district")
FUMES = {"text": "楼下烧烤店油烟太大", "category": "E0107", "lon": 104.061964, "lat": 30.635818}


def post(path: str, body: Any, key: str = "", **headers: str) -> tuple[int, Any]:
    given = headers | ({"Authorization": f"Bearer {key}"} if key else {})
    answer = Browser().post(f"/api/v1/intake/{path}", body, content_type="application/json", headers=given)
    return answer.status_code, answer.json()


def test_under_one_key_it_is_one_report() -> None:
    first, again = (post("reports", FUMES, **{"Idempotency-Key": "k-1"}) for _ in range(2))
    assert first == again
    status, answer = post("reports", FUMES | {"text": "别的"}, **{"Idempotency-Key": "k-1"})
    assert (status, answer["code"]) == (422, "key_reused")


def test_open311_keeps_to_it_too() -> None:
    form = {"service_code": "E0107", "lat": "30.635818", "long": "104.061964"}

    def sent(**more: str) -> Any:
        headers = {"Idempotency-Key": "k-2"}
        return Browser().post("/open311/v2/requests.json", form | more, headers=headers).json()

    assert sent() == sent()
    assert sent(description="别的")[0]["code"] == 400


def test_a_number_of_the_caller_s_own_is_reported_once() -> None:
    hotline = open_client(Actor.system("test"), "hotline", grants=[Grant("operator", "510107")])[1]
    assert post("reports", FUMES | {"external": "A-1"}, hotline)[0] == 201
    status, answer = post("reports", FUMES | {"external": "A-1"}, hotline)
    assert (status, answer["code"]) == (409, "known")
    assert post("reports/bulk", {"reports": [FUMES | {"external": "A-1"}]}, hotline)[0] == 409
