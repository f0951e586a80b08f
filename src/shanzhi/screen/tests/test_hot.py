"""The page of hot topics, one topic, and the page of replies."""

from datetime import timedelta

import pytest

from shanzhi.base.clock import now
from shanzhi.cases.tests.district import brought_to, opened
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.topics import jobs
from shanzhi.web.tests.demo import signed_in

pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_recent", jobs.Recent())


def read() -> None:
    entries = [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])]
    jobs.join(entries)
    jobs.mark(entries)


def test_a_topic_opens_into_its_cases() -> None:
    for hours in (3, 1):
        opened(
            title="和平里工地夜间施工扰民", text="和平里工地夜里施工到凌晨", at=now() - timedelta(hours=hours)
        )
    read()
    page = signed_in("shenji").get("/screen/hot")
    [topic] = page.context["topics"]
    assert (topic["reports"], topic["people"], topic["growth"]) == (2, 1, "+100 %")
    assert "×" in topic["how"]
    inside = signed_in("shenji").get(f"/screen/hot/{topic['id']}")
    assert len(inside.context["rows"]) == 2


def test_topics_lie_on_a_map_where_they_were_reported() -> None:
    for hours, lon in ((3, 104.06), (1, 104.07)):
        words = {"title": "和平里工地夜间施工扰民", "text": "和平里工地夜里施工到凌晨"}
        opened(**words, at=now() - timedelta(hours=hours), lon=lon, lat=30.63)
    read()
    leader = signed_in("shenji")
    page = leader.get("/screen/hot/map")
    assert (page.context["n"], page.context["unplaced"]) == (1, 0)
    [feature] = leader.get("/screen/hot/points.geojson?days=7").json()["features"]
    assert feature["geometry"]["coordinates"] == [104.065, 30.63]
    assert (feature["properties"]["n"], feature["properties"]["late"]) == (2, 2)
    assert leader.get(feature["properties"]["url"]).status_code == 200
    assert leader.get("/screen/hot/points.geojson?area=510107014").json()["features"] == []


def test_a_topic_is_joined_with_another_and_a_case_split_off() -> None:
    words = ("和平里工地夜间施工扰民", "玉林东路水管爆裂漏水")
    made = [
        opened(title=text, text=text, at=now() - timedelta(hours=h)) for h, text in enumerate(words * 2, 1)
    ]
    read()
    dispatcher = signed_in("sunpaiqian")
    [one, two] = dispatcher.get("/screen/hot").context["topics"]
    page = f"/screen/hot/{one['id']}"
    assert dispatcher.post(page, {"key": "k0"}).status_code == 422
    for _ in range(2):  # sent again by mistake: once is enough
        answer = dispatcher.post(page, {"key": "k1", "into": str(two["id"])})
        assert answer["location"].startswith(f"/screen/hot/{two['id']}")
    page = answer["location"]
    rows = dispatcher.get(page).context["rows"]
    assert {row["id"] for row in rows} == {case.id for case in made}
    assert dispatcher.post(page, {"key": "k2", "case": str(rows[0]["id"])}).status_code == 302
    assert len(dispatcher.get(f"/screen/hot/{rows[0]['id']}").context["rows"]) == 1
    assert signed_in("shenji").get(f"/screen/hot/{rows[0]['id']}").context["form"] is None


def test_an_empty_district_says_so_and_an_unknown_topic_is_not_found() -> None:
    page = signed_in("shenji").get("/screen/hot")
    assert page.context["topics"] == page.context["expected"] == []
    assert 'class="empty"' in page.content.decode()
    assert signed_in("shenji").get("/screen/hot/01a2133b-aeef-74e5-a307-f158a98940b9").status_code == 404


def test_what_was_expected_where_and_how_far_history_reaches() -> None:
    for week in range(10):
        opened(text=f"第{week}盏路灯不亮", at=now() - timedelta(weeks=week, hours=2))
    page = signed_in("shenji").get("/screen/hot?area=510107005")
    [line] = page.context["expected"]
    assert line["found"].low80 <= line["found"].mean <= line["found"].high95
    assert not page.context["seasonal"]
    [community] = signed_in("shenji").get("/screen/hot?level=community").context["expected"]
    assert community["area"] != line["area"]


def test_replies_by_organisation_and_month() -> None:
    brought_to("closed")
    read()
    [row] = signed_in("shenji").get("/screen/replies").context["rows"]
    assert len(row["marks"]) == 6
    assert 0 <= int(row["marks"][4]) <= 100
