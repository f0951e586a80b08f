"""Numbers that reach somebody are in no page and no file that anybody may read, wherever they were written."""

import json

import pytest
from django.test import Client

from shanzhi.base.ids import format_number
from shanzhi.cases import actions
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import LOOP, report, step
from shanzhi.orgs.actor import Actor

NUMBERS = ("13812345678", "138-1234-5679", "１３８１２３４５６７０", "028 8555 1234", "510107195003071234")
PAGES = (
    "/",
    "/nearby",
    "/nearby?lon=104.0665&lat=30.629",
    "/nearby/cases.geojson",
    "/nearby/{id}",
    "/open311/v2/requests.json?extensions=true",
    "/open311/v2/requests.xml",
    "/open311/v2/requests/{number}.json?extensions=true",
)


@pytest.fixture
def case(wuhou: None) -> State:
    """A public case that was answered: numbers in its title, its text, a public note and its result."""
    title, text = f"楼下油烟太大找{NUMBERS[0]}", f"楼下油烟太大，电话{'，'.join(NUMBERS)}"
    made = actions.open_case(Actor.system(), report(title=title, text=text, public=True))
    actions.note(Actor.system(), made.id, f"已联系{NUMBERS[1]}", public=True)
    for username, name, inputs in LOOP[:4]:
        step(
            made.id,
            username,
            name,
            **(inputs | ({"result": f"已处理，见{NUMBERS[0]}"} if name == "resolve" else {})),
        )
    return made


@pytest.mark.parametrize("page", PAGES)
def test_no_public_page_says_a_number(case: State, page: str) -> None:
    address = page.format(id=case.id, number=format_number(case["number"]).replace(" ", ""))
    answer = Client(headers={"accept-language": "en"}).get(address)
    assert answer.status_code == 200
    said = json.dumps(answer.json(), ensure_ascii=False) if "json" in page else answer.content.decode()
    assert page == "/" or "油烟太大" in said
    assert not [number for number in NUMBERS if number in said]
