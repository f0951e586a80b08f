"""Filters that somebody keeps: his own, under a name, and as a link for others."""

from shanzhi.desk.models import SavedFilter
from shanzhi.desk.saving import MOST, plain
from shanzhi.web.tests.demo import signed_in


def test_a_kept_filter_is_offered_above_the_list_and_to_nobody_else(wuhou: None) -> None:
    wulian = signed_in("wulian")
    kept = wulian.post("/desk/filters", {"name": "超期未办", "query": "tab=all&due=late"}, follow=True)
    assert kept.redirect_chain == [("/desk/?due=late&tab=all", 302)]
    assert "超期未办" in wulian.get("/desk/").content.decode()
    assert "超期未办" not in signed_in("sunpaiqian").get("/desk/").content.decode()


def test_the_same_name_replaces_and_sending_twice_keeps_one(wuhou: None) -> None:
    wulian = signed_in("wulian")
    for query in ("due=late", "due=soon", "due=soon"):
        wulian.post("/desk/filters", {"name": "我的", "query": query})
    assert [one.query for one in SavedFilter.objects.all()] == ["due=soon"]


def test_only_its_owner_removes_a_filter(wuhou: None) -> None:
    wulian = signed_in("wulian")
    wulian.post("/desk/filters", {"name": "我的", "query": "due=late"})
    number = SavedFilter.objects.get().pk
    signed_in("sunpaiqian").post("/desk/filters", {"remove": number})
    assert SavedFilter.objects.count() == 1
    wulian.post("/desk/filters", {"remove": number})
    assert SavedFilter.objects.count() == 0


def test_a_filter_without_a_name_and_one_too_many_are_refused(wuhou: None) -> None:
    wulian = signed_in("wulian")
    assert wulian.post("/desk/filters", {"name": " ", "query": "due=late"}).status_code == 422
    for n in range(MOST):
        wulian.post("/desk/filters", {"name": str(n), "query": "due=late"})
    assert wulian.post("/desk/filters", {"name": "more", "query": "due=late"}).status_code == 422


def test_nothing_but_the_parts_of_a_filter_is_kept() -> None:
    assert plain("words=%E4%BA%95&next=//evil.example&page=4&due=&tab=mine") == "tab=mine&words=%E4%BA%95"
