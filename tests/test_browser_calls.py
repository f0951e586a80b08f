"""An operator takes calls by the keyboard alone: the page fills itself, keys do the rest.

SHANZHI_TWENTY=FILE takes twenty messages of a table (`text`) before ours: real ones, which are not kept here. What
became of them is printed (`pytest -s`).
"""

import os
import sys
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Page, Response, expect

from shanzhi.cases.models import Case
from shanzhi.hotline.models import Call
from shanzhi.learning import queries
from shanzhi.learning.actions import learn
from shanzhi.learning.models import Correction
from shanzhi.learning.tables import texts_in
from tests.test_browser import browser, fits, sign_in, site

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLS = (
    "玉林东路小区门口的供水管爆了，水流了一地",
    "棕北社区的路灯已经三天不亮了，晚上看不清路",
    "我们楼下的饭馆油烟特别大，窗户都不敢开",
    "电梯里困了人，按铃没有人理",
    "倪家桥路口的井盖破了一个角，电动车差点摔倒",
    "工地半夜两点还在打桩，老人孩子都睡不着",
    "小区门口的垃圾堆了两天没有人来收，味道很大",
    "盲道被共享单车占满了，我视力不好根本走不了",
    "公交站的遮雨棚掉了一块下来，挂在那里很危险",
    "楼道里堆满了电动车，还拉线充电，请消防来看看",
    "人行道的地砖松了，一下雨踩上去溅一身水",
    "有人在绿化带里种菜浇粪，整栋楼都臭",
    "河里的水发黑发臭，好像有人在排污水",
    "红绿灯坏了，路口堵得一塌糊涂",
    "邻居养的狗半夜一直叫，找物业也不管",
    "墙上贴满了小广告，刚清理又贴上",
    "家里暖气不热，物业说管道坏了要等一个星期",
    "唔该，楼下间铺头成晚开大音响，嘈到瞓唔着",
    "The street lamp in front of building 3 has been dark for a week",
    "我叫王小明，电话13812345678，楼顶漏水没有人修，麻烦派人来看一下，我白天都在家",
)


def typed(page: Page, text: str) -> None:
    """Types into the field that has the cursor, and waits until the page has filled itself."""
    expect(page.locator("#id_text")).to_be_focused()

    def answered(response: Response) -> bool:
        sent = unquote_plus(response.request.post_data or "")
        return response.url.endswith("/proposals") and response.ok and text[-6:] in sent

    with page.expect_response(answered):
        page.keyboard.type(text)
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    page.wait_for_timeout(50)  # the fields are filled once what came has settled


def entered(page: Page) -> None:
    """Ends the call as a case, by keys, and waits for the next one."""
    page.keyboard.press("Control+Enter")
    page.get_by_text("Entered. The tracking number is").wait_for()
    page.locator("form[data-call][data-ready]").wait_for()


def taken(page: Page, texts: list[str]) -> int:
    """Takes calls one after the other; of how many the page found the category by itself."""
    by_itself = 0
    for text in texts:
        typed(page, text)
        if page.locator("#id_category").input_value():
            by_itself += 1
        else:  # the model is not sure enough to fill it in: the operator takes the likeliest
            page.keyboard.press("Alt+Digit1")
            expect(page.locator("#id_category")).not_to_have_value("")
        entered(page)
    return by_itself


def real_ones() -> list[str]:
    file = os.environ.get("SHANZHI_TWENTY", "")
    rows = texts_in(Path(file))[0][:20] if file else []
    return [" ".join(f"{one.title} {one.text}".split())[:2_000] for one in rows]


def test_twenty_calls_in_a_row_are_taken_without_the_mouse(site: str, chromium: str) -> None:
    learn("test", queries.CATEGORY, queries.examples())
    queries._running.cache_clear()
    with browser(chromium, width=1280) as (page, complaints):
        sign_in(page, site, "hejiexian")
        page.goto(f"{site}/desk/report")
        page.locator("form[data-call][data-ready]").wait_for()
        real = real_ones()
        if real:
            found = taken(page, real)
            sys.stderr.write(f"\n{len(real)} real messages taken; category found for {found}\n")
        assert taken(page, list(CALLS)) >= 10
        made = Case.objects.order_by("-opened_at")[: len(CALLS)]
        assert Case.objects.count() == len(real) + len(CALLS)
        assert all(case.category for case in made)
        assert Case.objects.filter(category="E0402", area__startswith="510107005").exists()

        joined_and_answered(page)
        chosen = overridden(page)
        assert fits(page)
        assert complaints == []
    kinds = list(Call.objects.values_list("kind", flat=True))
    assert (kinds.count("joined"), kinds.count("consultation")) == (1, 1)
    assert Correction.objects.filter(name="category", chosen=chosen).exists()


def joined_and_answered(page: Page) -> None:
    """Somebody else calls about the same pipe; then somebody only asks."""
    typed(page, "玉林东路小区门口供水管爆了没人修")
    page.get_by_text("Others have called about this").wait_for()
    page.keyboard.press("Alt+KeyJ")
    page.get_by_text("The caller has joined case").wait_for()
    page.locator("form[data-call][data-ready]").wait_for()

    typed(page, "请问社保卡丢了怎么补办")
    page.get_by_role("heading", name="Approved answers").wait_for()
    page.keyboard.press("Alt+KeyA")
    expect(page.locator("#id_reply")).to_be_focused()
    page.keyboard.press("Alt+Enter")
    page.get_by_text("Answered, and counted as a consultation.").wait_for()
    page.locator("form[data-call][data-ready]").wait_for()


def overridden(page: Page) -> str:
    """Another category than the likeliest is chosen, and stays chosen while the operator goes on typing."""
    typed(page, "路灯不亮了，在棕北社区")
    page.keyboard.press("Alt+Digit2")
    expect(page.locator("#id_own")).to_have_value("category")
    chosen = page.locator("#id_category").input_value()
    page.keyboard.press("Alt+KeyW")
    page.keyboard.type("，很黑")
    entered(page)
    assert Case.objects.order_by("-opened_at")[0].category == chosen
    return chosen
