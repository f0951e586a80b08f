"""A picture is sent in, read by the worker's process, and told; staff read the same. One test with the real model."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from bench.prereview_papers import drawn, for_whom
from bench.prereview_photo import scanned
from bench.prereview_sheet import FONTS, Someone
from django.test import Client
from PIL import Image

from shanzhi.base.clock import now
from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.tests.district import actor, photo
from shanzhi.files.actions import store
from shanzhi.journal.queries import stream
from shanzhi.orgs.models import Account
from shanzhi.reading import reader
from shanzhi.reading.page import Seen, Shot
from shanzhi.reading.tests.lines import WANG, bank_card, id_back, id_front, line, turned
from shanzhi.residents.queries import facts
from shanzhi.services.actions import applying, drafting, reading
from shanzhi.services.actions.drafting import Draft
from shanzhi.services.models import Application, Reading
from shanzhi.services.queries import applications
from shanzhi.services.tests.people import registered

pytestmark = pytest.mark.usefixtures("district")
AGREED = "同意使用登记的信息办理本事项"
BORN = Someone("王大妈", "女", "汉", date(1944, 3, 2), WANG, "四川省成都市武侯区玉林南路12号3栋1单元201号")
real = pytest.mark.skipif(
    not (reader.installed() and Path(FONTS).exists()), reason="no reader, or no fonts to draw a paper with"
)


@dataclass
class Prepared:
    """A reader that finds what was prepared, one picture after the other."""

    shots: list[list[Seen]]
    name: str = "prepared"

    def read(self, picture: bytes) -> Shot:
        return turned(self.shots.pop(0), 0)


def begun() -> Draft:
    """王大妈, of whom the registers know only her registration, applies: her identity card is to be shown."""
    registered(age=82, birth_date=None, hukou="510107005")
    draft = drafting.begin(actor("wangdama"), "MZ-001")
    for key, value in (("payee", "social_card"), ("told_by", "sms")):
        draft = drafting.answer(actor("wangdama"), draft.pk, key, value, seen=draft.version)
    return draft


def sent(draft: Draft, *, key: str = "id_card", count: int = 1) -> Draft:
    who = actor("wangdama")
    return drafting.attach(who, draft.pk, {key: [photo(who) for _ in range(count)]}, seen=draft.version)


def sent_as_pdf(draft: Draft, *pages: Image.Image) -> Draft:
    who, (first, *others) = actor("wangdama"), pages
    with BytesIO() as file:
        first.save(file, "PDF", save_all=True, append_images=others)
        paper = store(who, BytesIO(file.getvalue()), name="card.pdf")
    return drafting.attach(who, draft.pk, {"id_card": [paper.pk]}, seen=draft.version)


def codes(draft: Draft) -> list[str]:
    found = applying.weigh(drafting.asked_of(draft), now()).looked["id_card"]
    return [one.code for _, notices in found.pictures for one in notices]


def test_what_a_picture_tells_fills_the_form_and_a_person_judges() -> None:
    draft = sent(begun(), count=2)
    assert Reading.objects.filter(status="waiting").count() == 2 and codes(draft) == []
    who = Prepared([id_front(), id_back()])
    assert reading.read_next(who) and reading.read_next(who) and not reading.read_next(who)
    weighed = applying.weigh(drafting.asked_of(draft), now())
    assert weighed.merged["birth_date"].value == date(1944, 3, 2) and weighed.merged["age"].trust == 1
    assert weighed.review.verdict == "yes" and not weighed.review.instant
    case = drafting.send(actor("wangdama"), draft.pk, consent=AGREED)
    assert cases.state_of(case)["state"] == "submitted"
    value = facts.by_ids([UUID(Application.objects.get().facts["birth_date"])]).popitem()[1]
    assert (value.source, value.trust, value.value) == ("recognised", 1, "1944-03-02")
    assert WANG not in str([entry.data for entry in stream(case)])
    assert all(WANG.encode() not in bytes(one.said or b"") for one in Reading.objects.all())
    found = applications.looked(applications.opened(actor("zhengminzheng"), case))
    assert [one.code for _, notices in found["id_card"].pictures for one in notices] == ["good", "good"]


def test_a_wrong_picture_gives_its_place_to_the_next_and_can_be_sent_all_the_same() -> None:
    draft = sent(begun())
    reading.read_next(Prepared([bank_card()]))
    assert codes(draft) == ["other_kind"]
    findings = applying.weigh(drafting.asked_of(draft), now()).review.findings
    assert [one.what for one in findings if one.key == "id_card"] == ["picture"]
    draft = sent(draft)
    reading.read_next(Prepared([id_front()]))
    assert codes(draft) == ["good"] and list(draft.materials) == ["id_card"]
    draft = sent(draft)
    reading.read_next(Prepared([bank_card()]))
    assert list(draft.materials) == ["id_card", "id_card#2"]
    drafting.send(actor("wangdama"), draft.pk, consent=AGREED, anyway=True)
    assert Application.objects.get().verdict == ""


def test_a_file_can_be_taken_back_and_is_forgotten_with_the_form() -> None:
    draft = sent(begun(), count=2)
    reading.read_next(Prepared([bank_card()]))
    first = UUID(draft.materials["id_card"])
    with pytest.raises(NotFound):
        drafting.detach(actor("chenjumin"), draft.pk, first, seen=draft.version)
    draft = drafting.detach(actor("wangdama"), draft.pk, first, seen=draft.version)
    assert list(draft.materials) == ["id_card"] and Reading.objects.count() == 1
    drafting.discard(actor("wangdama"), draft.pk)
    assert not Reading.objects.exists()


def test_what_nobody_can_read_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANZHI_READER", "none")
    reader.best.cache_clear()
    assert reader.best() is None
    draft = sent(begun())
    assert codes(draft) == ["unread"] and not reading.read_next(None)
    monkeypatch.delenv("SHANZHI_READER")
    reader.best.cache_clear()
    who = actor("wangdama")
    paper = store(who, BytesIO(b"%PDF-1.4\n%%EOF"), name="card.pdf")
    drafting.attach(who, draft.pk, {"id_card": [paper.pk]}, seen=draft.version)
    assert reading.read_next(Prepared([])) and Reading.objects.get(pk=paper.pk).status == "unread"


def test_the_pages_of_a_pdf_are_read_as_one_paper() -> None:
    draft = sent_as_pdf(begun(), Image.new("RGB", (600, 400), "white"), Image.new("RGB", (600, 400), "white"))
    assert reading.read_next(Prepared([id_front(), id_back()])) and codes(draft) == ["good"]
    found = applying.weigh(drafting.asked_of(draft), now())
    assert found.looked["id_card"].pictures[0][0].kinds == ("id_front", "id_back")
    assert found.merged["birth_date"].value == date(1944, 3, 2)


@real
def test_the_model_reads_a_pdf_of_two_sides() -> None:
    sides = (Image.open(BytesIO(scanned(for_whom(kind, BORN).picture))) for kind in ("id_front", "id_back"))
    draft = sent_as_pdf(begun(), *sides)
    assert reading.read_all(linger=0) == 1
    [(picture, _)] = applying.weigh(drafting.asked_of(draft), now()).looked["id_card"].pictures
    assert (set(picture.kinds), picture.sure("citizen_id")) == ({"id_front", "id_back"}, WANG)
    assert picture.sure("valid_to")  # of the other side


def test_a_reader_that_dies_twice_over_a_picture_leaves_it_to_a_person() -> None:
    sent(begun())
    for _ in range(2):
        assert reading.claim() is not None and reading.claim() is None
        Reading.objects.update(claimed_at=now() - timedelta(minutes=5))
    assert reading.claim() is None and Reading.objects.get().status == "unread"


def test_a_picture_that_breaks_the_reader_is_left_to_a_person_and_nothing_waits() -> None:
    draft = sent(begun())
    assert reading.read_next(Prepared([])) and codes(draft) == ["unread"]
    assert reading.start() == 0  # nothing waits: no process


def test_the_page_tells_it_and_the_desk_reads_the_same() -> None:
    draft = begun()
    client = Client()
    client.force_login(Account.objects.get(username="wangdama"))
    address = f"/services/drafts/{draft.pk}/papers"
    assert 'name="id_card"' in client.get(address).content.decode()
    with BytesIO(_jpeg()) as file:
        file.name = "card.jpg"
        told = {"from": "papers", "seen": str(draft.version), "id_card": file}
        assert client.post(address, told).headers["Location"] == address
    assert "<progress" in client.get(address).content.decode()
    reading.read_next(Prepared([bank_card()]))
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "<progress" not in part and "hx-swap-oob" in part
    sentence = "这张是银行卡，需要的是身份证人像面"
    assert sentence in part and sentence in client.get(address).content.decode()
    draft.refresh_from_db()
    drafting.answer(actor("wangdama"), draft.pk, "birth_date", "1944-03-02", seen=draft.version)
    assert sentence in client.get(f"/services/drafts/{draft.pk}/check").content.decode()
    case = drafting.send(actor("wangdama"), draft.pk, consent=AGREED, anyway=True)
    client.force_login(Account.objects.get(username="zhengminzheng"))
    page = client.get(f"/desk/services/{case}").content.decode()
    assert sentence in page and "6222**********0128" in page and "6222021234567890128" not in page


def _jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return out.getvalue()


@real
def test_the_model_reads_drawn_cards() -> None:
    draft = begun()
    who = actor("wangdama")
    for paper in (for_whom("id_front", BORN), drawn("bank_card", 1)):
        kept = store(who, BytesIO(scanned(paper.picture)), name=f"{paper.kind}.jpg")
        draft = drafting.attach(who, draft.pk, {"id_card": [kept.pk]}, seen=draft.version)
    assert reading.read_all(linger=0) == 2
    assert codes(draft) == ["good", "other_kind"]
    assert applying.weigh(drafting.asked_of(draft), now()).merged["birth_date"].value == date(1944, 3, 2)


def test_lines_of_nobody_are_not_read_as_a_paper() -> None:
    draft = sent(begun())
    reading.read_next(Prepared([[line("今天天气很好", 0, 0), line("我们去公园走走", 0, 90)]]))
    assert codes(draft) == ["unknown_kind"]
