"""Grids at the desk, without a map: redrawing, the card, what is not covered, who works where."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.cases.tests.district import actor, opened
from shanzhi.grids.models import Draft, Known
from shanzhi.orgs import posted
from shanzhi.orgs.models import Account, Leave, Posting
from shanzhi.places import queries as places
from shanzhi.places.history import today

pytestmark = pytest.mark.usefixtures("district")
COMMUNITY, ONE = "510107005001", timedelta(days=1)
GRID = f"{COMMUNITY}001"


@pytest.fixture
def sun(client: Client) -> Client:
    client.force_login(Account.objects.get(username="sunpaiqian"))
    return client


def line() -> str:
    west, south, east, north = places.grid_shapes(COMMUNITY)[GRID].bounds
    x = (west + east) / 2
    return f"{x}, {south - 0.001}\n{x} {north + 0.001}"


def begun(client: Client) -> str:
    answer = client.post("/desk/grids/redrawing", {"community": COMMUNITY, "title": "一分为二"})
    assert answer.status_code == 302
    return str(answer["Location"])


def split(client: Client, page: str, **given: str) -> Any:
    values = {"grid": GRID, "line": line(), "name": "新网格"} | given
    return client.post(page, {"do": "split", **{f"split-{k}": v for k, v in values.items()}})


def test_a_grid_is_split_and_put_in_force_and_a_report_lands_in_the_new_one(sun: Client) -> None:
    page = begun(sun)
    assert split(sun, page).status_code == 302
    text = sun.get(page).content.decode()
    assert "新网格" in text
    [new] = [
        one["properties"]["code"]
        for one in sun.get(f"{page}/shapes").json()["grids"]["features"]
        if one["properties"]["name"] == "新网格"
    ]
    inside = places_in(sun, page, new)
    old = opened("chenjumin", lon=inside[0], lat=inside[1])
    assert (
        sun.post(page, {"do": "force", "force-on": today().isoformat(), "force-read": "on"}).status_code
        == 302
    )
    assert opened(lon=inside[0], lat=inside[1])["area"] == new
    told = sun.get(f"/desk/cases/{old.id}").content.decode()
    assert "网格其后有调整" in told
    assert f'href="/desk/cases/{old.id}"' in sun.get(page).content.decode()  # listed, its owner unchanged
    card = sun.get(f"/desk/grids/{new}").content.decode()
    assert "新网格" in card
    assert today().isoformat() in card
    assert sun.get(f"/desk/grids/{GRID}/shape?on={today() - ONE}").status_code == 200
    assert sun.get("/desk/grids/export/grids.geojson").content.decode().count('"Feature"') == 636


def places_in(client: Client, page: str, code: str) -> tuple[float, float]:
    import shapely

    features = client.get(f"{page}/shapes").json()["grids"]["features"]
    [one] = [f for f in features if f["properties"]["code"] == code]
    point = shapely.from_geojson(json.dumps(one["geometry"])).representative_point()
    return point.x, point.y


def test_what_was_typed_stays_when_a_line_does_not_cut(sun: Client) -> None:
    page = begun(sun)
    answer = split(sun, page, line="104.0, 30.6\n104.1, 30.6001")
    assert answer.status_code == 422
    assert "104.1, 30.6001" in answer.content.decode()
    assert split(sun, page, line="一二三").status_code == 422
    assert Draft.objects.get().steps == []


def test_a_step_is_done_once_and_not_on_what_others_have_changed(sun: Client) -> None:
    page = begun(sun)
    values = {
        "do": "rename",
        "rename-grid": GRID,
        "rename-name": "改名",
        "rename-key": "k1",
        "rename-seen": "0",
        **{},
    }
    assert sun.post(page, values).status_code == 302
    assert sun.post(page, values).status_code == 302
    assert len(Draft.objects.get().steps) == 1
    assert sun.post(page, values | {"rename-key": "k2", "rename-name": "再改"}).status_code == 409


def test_a_file_is_refused_line_by_line_and_taken_as_a_whole(sun: Client) -> None:
    page = begun(sun)
    features = sun.get(f"{page}/shapes").json()["grids"]["features"]
    features[1]["properties"]["name"] = ""
    features[2]["properties"]["code"] = "510107999999001"
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(map(json.dumps, features)) + "\n]}"
    sent = {"do": "import", "import-file": SimpleUploadedFile("g.geojson", text.encode())}
    answer = sun.post(page, sent)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "3" in said and "4" in said and Draft.objects.get().steps == []
    good = sun.get(f"{page}/shapes?download").content
    assert (
        sun.post(page, {"do": "import", "import-file": SimpleUploadedFile("g.geojson", good)}).status_code
        == 302
    )
    [step] = Draft.objects.get().steps
    assert step["do"] == "import"
    assert sun.post(page, {"do": "undo"}).status_code == 302
    assert Draft.objects.get().steps == []


def test_a_named_road_splits_a_grid(sun: Client) -> None:
    known = {name: spots for name, spots in places.roads(COMMUNITY).items() if len(spots) > 1}
    if not known:
        pytest.skip("no road with two points in this community")
    page = begun(sun)
    answers = [
        split(sun, page, line="", road=name, grid=code).status_code
        for name in known
        for code in places.grid_shapes(COMMUNITY)
    ]
    assert set(answers) <= {302, 422}


def test_the_card_says_what_is_not_known_and_is_scoped(sun: Client, client: Client) -> None:
    opened()
    text = sun.get(f"/desk/grids/{GRID}").content.decode()
    assert text.count("尚不清楚") >= 5
    assert "楼下烧烤店油烟太大" in text
    for username, status in (("liwangge", 200), ("zhouwangge", 404), ("zhaochuzhi", 404), ("wangdama", 403)):
        client.force_login(Account.objects.get(username=username))
        assert client.get(f"/desk/grids/{GRID}").status_code == status
        assert client.get(f"/desk/grids/{GRID}/shape").status_code == status


def test_numbers_are_taken_over_and_measured_by_the_guideline(sun: Client) -> None:
    table = f"grid,what,n,as_of,source\n{GRID},households,812,2026-10-01,社区台账\n"
    bad = table + f"{GRID},cats,1,2026-10-01,x\n999,people,1,2026-10-01,x\n"
    answer = sun.post("/desk/grids", {"file": SimpleUploadedFile("n.csv", bad.encode())})
    assert answer.status_code == 422
    assert not Known.objects.exists()
    assert sun.post("/desk/grids", {"file": SimpleUploadedFile("n.csv", table.encode())}).status_code == 302
    text = sun.get("/desk/grids?area=510107005").content.decode()
    assert "GB/T 34300" in text
    assert f'href="/desk/grids/{GRID}"' in text
    assert "社区台账" in sun.get(f"/desk/grids/{GRID}").content.decode()


def test_coverage_counts_grids_without_a_worker_on_a_day(sun: Client) -> None:
    li = Account.objects.get(username="liwangge").pk
    everything = sun.get("/desk/grids?area=510107005")
    before = everything.context["report"].unmanned
    posted.post(actor("sunpaiqian"), li, COMMUNITY, today())
    posted.leave(actor("sunpaiqian"), li, today() + ONE, today() + ONE)
    now_ = sun.get("/desk/grids?area=510107005").context["report"].unmanned
    assert set(before) - set(now_) == {code for code in before if code.startswith(COMMUNITY)}
    tomorrow = sun.get(f"/desk/grids?area=510107005&on={today() + ONE}").context["report"].unmanned
    assert tomorrow == before


def test_people_are_posted_go_on_leave_and_come_back(sun: Client) -> None:
    li, zhou = (Account.objects.get(username=name).pk for name in ("liwangge", "zhouwangge"))
    page = f"/desk/grids/staff?community={COMMUNITY}"
    day = today().isoformat()
    given = {"do": "post", "post-account": li, "post-area": GRID, "post-first": day, "post-key": "p1"}
    assert sun.post(page, given).status_code == 302
    assert sun.post(page, given).status_code == 302  # sent again: done once
    assert Posting.objects.count() == 1
    away = {
        "do": "leave",
        "leave-account": li,
        "leave-first": day,
        "leave-last": day,
        "leave-substitute": zhou,
    }
    assert sun.post(page, away).status_code == 302
    text = sun.get(page).content.decode()
    assert "周网格" in text and "代李网格" in text
    assert sun.post(page, {"do": "back", "n": Leave.objects.get().pk}).status_code == 302
    assert sun.post(page, {"do": "end", "n": Posting.objects.get().pk}).status_code == 302
    assert Posting.objects.get().last == today()
    table = {
        "do": "table",
        "table-file": SimpleUploadedFile("p.csv", b"username,area,first,last\nx,1,2,3\n"),
    }
    assert sun.post(page, table).status_code == 422


def test_a_worker_sees_the_calendar_and_changes_nothing(client: Client) -> None:
    client.force_login(Account.objects.get(username="liwangge"))
    page = f"/desk/grids/staff?community={COMMUNITY}"
    answer = client.get(page)
    assert answer.status_code == 200
    assert 'name="do"' not in answer.content.decode()
    li = Account.objects.get(username="liwangge").pk
    given = {"do": "post", "post-account": li, "post-area": GRID, "post-first": today().isoformat()}
    assert client.post(page, given).status_code == 422
    assert not Posting.objects.exists()
    assert client.get("/desk/grids/redrawing").status_code == 403


def test_days_without_a_worker_are_listed_by_grid_and_taken_away_as_a_table(sun: Client) -> None:
    boss, day = actor("sunpaiqian"), today()
    li = Account.objects.get(username="liwangge").pk
    posted.post(boss, li, COMMUNITY, day, None)
    posted.leave(boss, li, day + 3 * ONE, day + 5 * ONE)
    last = day + 9 * ONE
    page = f"/desk/grids/gaps?area=510107005&first={day}&last={last}"
    answer = sun.get(page)
    rows = {one["code"]: one for one in answer.context["gaps"]}
    assert (rows[GRID]["days"], rows[GRID]["spans"]) == (3, [(day + 3 * ONE, day + 5 * ONE)])
    elsewhere = next(code for code in rows if not code.startswith(COMMUNITY))
    assert (rows[elsewhere]["days"], rows[elsewhere]["spans"]) == (10, [(day, last)])
    sums = {one["name"]: one for one in answer.context["sums"]}
    here = next(one for name, one in sums.items() if one["days"] == 3 * one["grids"])
    assert (here["gaps"], here["share"]) == (here["grids"], "30%")
    table = sun.get(f"{page}&as=csv").content.decode("utf-8-sig").splitlines()
    assert [line for line in table if line.startswith(GRID)][0].endswith(
        f",{day + 3 * ONE},{day + 5 * ONE},3"
    )
    posted.leave(boss, li, day + 6 * ONE, day + 6 * ONE, Account.objects.get(username="zhouwangge").pk)
    again = {one["code"]: one for one in sun.get(page).context["gaps"]}
    assert again[GRID]["days"] == 3  # somebody stands in on the sixth
    for query in ("first=x&last=9999-99-99&area=%00", "first=9999-12-31&last=9999-12-31"):
        assert sun.get(f"/desk/grids/gaps?{query}").status_code == 200


def test_who_sees_no_grid_reads_no_gaps(client: Client) -> None:
    client.force_login(Account.objects.get(username="wangdama"))
    assert client.get("/desk/grids/gaps").status_code == 403
