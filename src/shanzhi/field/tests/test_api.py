"""What telephones send and are told: once each, both times, honest places, and clear words for whatever goes wrong."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from scripts.fieldwords import sentences

from shanzhi.base.clock import BEIJING, now
from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import YULIN, actor, brought_to, opened, step
from shanzhi.dispatch.tests.town import asked_to_wait, on_shift
from shanzhi.field import queries
from shanzhi.field.models import Act, Phone
from shanzhi.field.words import WORDS
from shanzhi.files.models import StoredFile
from shanzhi.files.tests.samples import picture
from shanzhi.journal.queries import stream
from shanzhi.orgs import actions as orgs
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import GrantRow, Session
from shanzhi.patrol import queries as patrol
from shanzhi.patrol.models import Round
from shanzhi.web.tests.demo import signed_in

pytestmark = pytest.mark.usefixtures("district")
API = "/api/v1/field"
PHONE = "0123456789abcdef"
SPOT = {"lon": YULIN[0], "lat": YULIN[1], "accuracy": 12}
NUMBERS = iter(range(1, 10_000))


def send(client: Client, kind: str, *, key: str = "", **body: Any) -> Any:
    given = {"kind": kind, "device": PHONE, "seq": next(NUMBERS), "said_at": now().isoformat()} | body
    headers = {"Idempotency-Key": key or str(uuid4())}
    return client.post(f"{API}/acts", orjson.dumps(given), "application/json", headers=headers)


def notes(case: Any) -> str:
    return "\n".join(str(entry.data.get("facts", {})) for entry in stream(case))


def test_a_report_sent_twice_is_one_case_in_the_grid_that_the_server_finds() -> None:
    client, body = (
        signed_in("liwangge"),
        {"words": "大门旁堆着垃圾", "category": "E0101", "spot": SPOT, "seq": 1},
    )
    body["said_at"] = now().isoformat()
    first = send(client, "report", key="k1", **body, offset_ms=0)
    again = send(
        client, "report", key="k1", **body, offset_ms=777
    )  # what is measured anew makes no other act
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    [case] = Case.objects.filter(text="大门旁堆着垃圾")
    assert case.area.startswith("510107005") and len(case.area) == 15 and case.channel == "field"
    assert Act.objects.count() == 1


def test_the_same_key_for_something_else_is_refused() -> None:
    client = signed_in("liwangge")
    assert send(client, "report", key="k2", words="占道").status_code == 200
    assert send(client, "report", key="k2", words="别的").json()["code"] == "key_reused"
    assert send(client, "report", words="").json()["errors"][0]["field"] == "words"


def test_a_file_sent_twice_is_kept_once() -> None:
    client = signed_in("liwangge")
    ids = set()
    for _ in range(2):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
        answer = client.post(f"{API}/files", {"file": file}, headers={"Idempotency-Key": "f1"})
        ids.add(answer.json()["id"])
    assert len(ids) == 1 and StoredFile.objects.filter(pk__in=ids).count() == 1


def test_a_clock_wrong_by_a_day_is_put_right_and_both_times_are_kept() -> None:
    done = now() - timedelta(hours=3)
    said = done + timedelta(days=1)
    answer = send(
        signed_in("liwangge"), "report", words="井盖", said_at=said.isoformat(), offset_ms=-86_400_000
    )
    assert answer.json()["clock_off_s"] == -86_400
    act = Act.objects.get()
    assert abs(act.done_at - done) < timedelta(seconds=1) and abs(act.said_at - said) < timedelta(seconds=1)
    assert "手机时钟" in Case.objects.get(pk=str(act.case)).text


@pytest.mark.parametrize(("north", "far"), [(0.0, False), (0.045, True)])
def test_a_check_in_says_how_far_and_how_exactly(north: float, far: bool) -> None:
    case = opened()
    spot = SPOT | {"lat": YULIN[1] + north}
    answer = send(signed_in("liwangge"), "check_in", case=str(case.id), spot=spot)
    assert (answer.json()["away_m"] > 500) == far
    assert "精度约 12 米" in notes(case.id) and ("超过 500 米" in notes(case.id)) == far


def test_a_case_that_has_moved_on_is_a_conflict_and_nothing_is_kept() -> None:
    case = opened()
    Case.objects.filter(pk=case.id).update(version=case["version"] + 1)
    body = {"case": str(case.id), "move": "look", "result": "已核实", "version": case["version"]}
    answer = send(signed_in("liwangge"), "move", **body)
    assert answer.status_code == 409 and answer.json()["facts"]["version"] == case["version"] + 1
    assert not Act.objects.exists()


def test_moves_made_one_after_the_other_without_a_signal_are_foreseen() -> None:
    case = brought_to("dispatched")
    [task] = [one for one in queries.tasks(actor("zhaochuzhi"), now()) if one["id"] == str(case.id)]
    accept = next(move for move in task["moves"] if move["name"] == "accept")
    resolve = next(move for move in accept["next"] if move["name"] == "resolve")
    assert resolve["needs"] == ["result", "photo_after"]
    client = signed_in("zhaochuzhi")
    after = send(client, "move", case=str(case.id), move="accept", version=task["version"]).json()
    assert after["state"] == "handling"


def test_the_time_agreed_with_a_resident_goes_along_and_moves_that_lead_nowhere_wait_for_a_signal() -> None:
    day = f"{(now().astimezone(BEIJING) + timedelta(days=2)).date()}"
    case = brought_to("dispatched", data={"visit_day": day, "visit_part": "afternoon"})
    account = on_shift("zhaochuzhi")
    step(case.id, "sunpaiqian", "assign", person=account)
    [task] = [one for one in queries.tasks(actor("zhaochuzhi"), now()) if one["id"] == str(case.id)]
    assert f"{task['agreed']['since'].astimezone(BEIJING):%Y-%m-%d %H:%M}" == f"{day} 14:00"
    assert task["arrival"] >= task["agreed"]["since"] and not task["agreed"]["missed"]
    accept = next(move for move in task["moves"] if move["name"] == "accept")
    assert {"resolve", "not_met"} <= {move["name"] for move in accept["next"]}
    appoint = next(move for move in task["moves"] if move["name"] == "appoint")
    assert appoint["fields"]["visit_part"]["says"]["morning"]["zh"] == "上午 9–12 时"
    assert "assign" not in {move["name"] for move in accept["next"]}


def test_who_has_nothing_to_do_is_told_where_to_wait_and_why_and_nobody_else_is() -> None:
    asked_to_wait(on_shift("zhaochuzhi"))
    told = signed_in("zhaochuzhi").get(f"{API}/day", headers={"accept-language": "zh-CN"}).json()["stand"]
    assert (told["place"], told["lon"]) == ("武侯祠大街", YULIN[0])
    assert told["why"] == "20分钟内没有别人赶得到；近28天那一带出过12件紧急任务"
    assert signed_in("qianchuzhi").get(f"{API}/day").json()["stand"] is None


def test_the_urgent_button_opens_a_critical_case_for_the_centre() -> None:
    answer = send(signed_in("liwangge"), "alarm", spot=SPOT).json()
    case = Case.objects.get(pk=answer["id"])
    assert (case.urgency, case.org, case.public, case.limits["respond"]) == (
        "critical",
        "centre",
        False,
        "10m",
    )


def test_a_call_for_help_is_a_task_of_those_around_and_not_of_who_calls() -> None:
    case = Case.objects.get(pk=send(signed_in("liwangge"), "alarm", spot=SPOT).json()["id"])
    assert case.pk not in [UUID(one["id"]) for one in queries.tasks(actor("liwangge"), now())]
    assert case.pk in [UUID(one["id"]) for one in queries.tasks(actor("wulian"), now())]
    step(case.pk, "wulian", "register")
    step(case.pk, "sunpaiqian", "dispatch", org="urban-management")
    GrantRow.objects.create(account_id=actor("liwangge").account, role="handler", org_id="urban-management")
    assert case.pk not in [UUID(one["id"]) for one in queries.tasks(actor("liwangge"), now())]
    step(case.pk, "sunpaiqian", "assign", person=actor("liwangge").account)  # somebody has said so
    assert case.pk in [UUID(one["id"]) for one in queries.tasks(actor("liwangge"), now())]


def test_each_fault_of_a_point_shows_its_own_photos_and_those_of_the_whole_point() -> None:
    client, round_ = signed_in("liwangge"), str(uuid4())
    send(client, "round_begin", round=round_)
    stops = client.get(f"{API}/day").json()["rounds"]["stops"]
    known = patrol.setting()
    point = next(one["key"] for one in stops if {"clean", "lights"} <= set(items_of(known, one["key"])))
    whole, bag, lamp, door = (kept_photo(client) for _ in range(4))
    body = {
        "round": round_, "point": point, "report": True, "files": [whole],
        "answers": {"clean": False, "lights": False, next(iter(items_of(known, point) - {"clean", "lights"})): True},
        "item_files": {"clean": [bag], "lights": [lamp], "other": [door]},
    }  # fmt: skip
    answer = send(client, "round_point", key="faults", **body)
    assert answer.status_code == 200
    lines = known.checklists[known.points[point].checklist].items
    found = {case.category: case for case in Case.objects.filter(type="street-issue", channel="field")}
    rubbish, light = (found[lines[item].category] for item in ("clean", "lights"))
    assert len(found) == 2

    def shown(case: UUID) -> set[str]:
        return set(StoredFile.objects.filter(case=case).values_list("sha256", flat=True))

    content = {one: StoredFile.objects.get(pk=one).sha256 for one in (whole, bag, lamp, door)}
    assert shown(rubbish.pk) == {content[bag], content[whole]}
    assert shown(light.pk) == {content[lamp], content[whole]}
    assert shown(Round.objects.get(pk=round_).case) == {content[door]}
    theirs = send(
        signed_in("zhouwangge"), "round_point", round=round_, point=point, item_files={"clean": [bag]}
    )
    assert theirs.status_code == 404


def items_of(known: Any, point: str) -> set[str]:
    return set(known.checklists[known.points[point].checklist].items)


def kept_photo(client: Client) -> str:
    """A picture unlike any other, sent in before the act that names it."""
    number = next(NUMBERS)
    photo = SimpleUploadedFile("a.jpg", picture(size=(600 + number, 400)), "image/jpeg")
    answer = client.post(f"{API}/files", {"file": photo}, headers={"Idempotency-Key": str(uuid4())})
    return str(answer.json()["id"])


def test_what_lies_outside_the_district_is_refused_in_words() -> None:
    answer = send(
        signed_in("liwangge"), "report", words="占道", spot={"lon": 121.5, "lat": 31.2, "accuracy": 5000}
    )
    assert answer.status_code == 422 and answer.json()["errors"][0]["message"]


def test_a_round_through_the_door() -> None:
    client, round_ = signed_in("liwangge"), str(uuid4())
    assert send(client, "round_begin", round=round_).status_code == 200
    point = client.get(f"{API}/day").json()["rounds"]["stops"][0]["key"]
    assert send(client, "round_point", round=round_, point=point, answers={"clean": True}).status_code == 200
    assert send(client, "round_point", round=round_, point=point, by="code", code="AAAAAA").status_code == 422
    track = [[1.0, *YULIN], [30.0, YULIN[0] + 0.001, YULIN[1]]]
    assert send(client, "round_track", round=round_, track=track).status_code == 200
    assert send(client, "round_end", round=round_).json()["state"] == "done"


def hello(client: Client, ticket: str = "") -> Any:
    return client.get(f"{API}/hello", {"device": PHONE}, headers={"X-Field-Ticket": ticket}).json()


def test_a_session_that_was_ended_empties_the_telephone_one_that_ran_out_does_not() -> None:
    client, told = signed_in("liwangge"), hello(signed_in("liwangge"))
    assert told["status"] == "in" and told["secret"]
    told = hello(client)
    stranger = Client()
    assert hello(stranger, told["ticket"])["status"] == "over"  # the session goes on, only the cookie is gone
    Session.objects.filter(pk=client.session.session_key).delete()
    assert hello(stranger, told["ticket"])["status"] == "ended"
    assert hello(stranger, "made up")["status"] == "over"
    assert "secret" not in hello(stranger, told["ticket"])


def test_taking_the_sessions_away_changes_the_secret_also_of_one_that_ran_out(settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = -10
    old = hello(signed_in("liwangge"))
    settings.SESSION_COOKIE_AGE = 3600
    told = hello(signed_in("liwangge"))
    who = actor("liwangge")
    orgs.end_sessions(Actor.system(), who.account or 0)
    assert hello(Client(), told["ticket"])["status"] == "ended"
    assert old["status"] in ("in", "over")
    assert hello(signed_in("liwangge"))["secret"] != told["secret"]


def test_two_telephones_of_one_account_are_told() -> None:
    client = signed_in("liwangge")
    for device, others in (("a" * 16, 0), ("b" * 16, 1)):
        body = orjson.dumps({"device": device, "waiting": 3, "spot": SPOT, "spot_at": now().isoformat()})
        assert client.post(f"{API}/phones", body, "application/json").json() == {"others": others}
    assert Phone.objects.count() == 2


def test_the_day_of_a_worker_holds_only_his_area_and_no_phone_in_full() -> None:
    opened(text="在玉林的油烟")
    ours, theirs = signed_in("liwangge"), signed_in("zhouwangge")
    assert "在玉林的油烟" in ours.get(f"{API}/day").content.decode()
    assert "在玉林的油烟" not in theirs.get(f"{API}/day").content.decode()
    codes = {one["properties"]["code"] for one in ours.get(f"{API}/ground").json()["grids"]["features"]}
    assert codes and all(code.startswith("510107005") for code in codes)


def test_the_words_of_the_app_are_all_in_the_catalogue() -> None:
    assert sentences() == list(WORDS), "run python -m scripts.fieldwords"


def test_the_app_is_the_same_for_everybody_and_its_worker_names_all_it_needs() -> None:
    page = Client(headers={"accept-language": "en"}).get("/field/")
    assert page.content == signed_in("liwangge").get("/field/").content
    worker = Client().get("/field/sw.js")
    assert "/field/map-worker.js" in worker.content.decode() and worker["Content-Type"].startswith(
        "text/javascript"
    )
    assert Client().get("/field/manifest.webmanifest").json()["scope"] == "/field/"
