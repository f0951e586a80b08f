"""A form on paper: printed with its code, scanned back, opened at the counter; and codes that are none of ours."""

import random
from io import BytesIO
from uuid import UUID, uuid4

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from shanzhi.base import qr
from shanzhi.base.errors import Conflict, Denied, Invalid
from shanzhi.cases import queries as cases
from shanzhi.cases.tests.district import actor, clean
from shanzhi.files.actions import store
from shanzhi.residents.models import FactValue
from shanzhi.residents.queries import facts
from shanzhi.services import form, printing, ticket
from shanzhi.services.actions import drafting, papers
from shanzhi.services.models import Draft
from shanzhi.services.queries import catalogue
from shanzhi.services.tests.people import registered
from shanzhi.services.tests.test_applying import AGREED, filled
from shanzhi.services.tests.versions import next_item
from shanzhi.services.ticket import Ticket

KEY = b"k" * 32
TICKETS = st.builds(
    Ticket,
    st.from_regex(r"\A[A-Z][A-Z0-9-]{1,19}\Z"),
    st.integers(1, 999_999),
    st.none() | st.uuids(),
)


@settings(max_examples=200)
@given(TICKETS)
def test_what_is_written_is_read_and_by_no_other_key(one: Ticket) -> None:
    text = ticket.written(one, KEY)
    assert ticket.read(text, KEY) == one and ticket.read(f" {text}\n", KEY) == one
    assert ticket.read(text, b"x" * 32) == "forged"
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-")  # the small alphabet of QR codes


@settings(max_examples=200)
@given(TICKETS, st.integers(0, 200), st.characters(codec="ascii"))
def test_a_code_that_was_changed_is_not_ours(one: Ticket, place: int, other: str) -> None:
    text = ticket.written(one, KEY)
    place %= len(text)
    changed = text[:place] + other + text[place + 1 :]
    if changed.strip() != text:
        assert ticket.read(changed, KEY) in ("foreign", "forged")


def test_short_codes_are_typed_as_people_type() -> None:
    code = ticket.short(UUID(int=7), KEY)
    assert len(code) == ticket.LENGTH and ticket.normal(f" {code[:5].lower()}-{code[5:]} ") == code


def picture(pdf_inputs: tuple[str, dict[str, str]] | None = None, text: str = "") -> Image.Image:
    """A page with a code on it, as it is printed at 150 dpi."""
    source = b'#set page(paper: "a4")\n#image(bytes(sys.inputs.qr), format: "svg", width: 3.4cm)\n#lorem(300)'
    made = typst.compile(source, format="png", ppi=150.0, sys_inputs={"qr": qr.drawn(text)})
    assert isinstance(made, bytes)
    return Image.open(BytesIO(made)).convert("RGB")


def as_jpeg(page: Image.Image, quality: int = 60) -> bytes:
    kept = BytesIO()
    page.save(kept, "JPEG", quality=quality)
    return kept.getvalue()


def as_pdf(page: Image.Image) -> bytes:
    kept = BytesIO()
    page.save(kept, "PDF")
    return kept.getvalue()


TEXT = ticket.written(Ticket("MZ-001", 1, UUID(int=99)), KEY)


def test_a_page_is_read_turned_blurred_small_grey_and_inside_a_pdf() -> None:
    page = picture(text=TEXT)
    scans = {
        "straight": as_jpeg(page),
        "upside down": as_jpeg(page.rotate(180)),
        "on its side": as_jpeg(page.rotate(90, expand=True)),
        "skewed": as_jpeg(page.rotate(7, expand=True, fillcolor="white")),
        "blurred": as_jpeg(page.filter(ImageFilter.GaussianBlur(1.5))),
        "as a fax": as_jpeg(page.resize((page.width * 2 // 3, page.height * 2 // 3)), 30),
        "dark": as_jpeg(page.point([value // 3 for value in range(256)] * 3)),
        "pdf": as_pdf(page),
    }
    assert {name for name, data in scans.items() if qr.codes(data) != [TEXT]} == set()


def test_what_is_no_picture_has_no_code() -> None:
    dice = random.Random(5)
    for data in (b"", b"%PDF-1.4 nothing", dice.randbytes(2_000), b"\xff\xd8\xff" + dice.randbytes(500)):
        assert qr.codes(data) == []


district = pytest.mark.usefixtures("district", "changing")


def scan(text: str, who: str = "linchuangkou") -> UUID:
    upload = SimpleUploadedFile("form.jpg", as_jpeg(picture(text=text)), "image/jpeg")
    return UUID(str(store(actor(who), upload).pk))


def printed(draft: Draft) -> Ticket:
    return Ticket(draft.item, draft.item_version, draft.pk)


@district
def test_a_form_printed_at_home_opens_its_draft_at_the_counter_with_the_scan() -> None:
    person = registered()
    mine = drafting.begin(actor("wangdama"), "MZ-001")
    mine = drafting.answer(actor("wangdama"), mine.pk, "payee", "social_card", seen=0)
    clerk = actor("linchuangkou")
    text = ticket.written(printed(mine), printing.key())
    page = as_jpeg(picture(text=text))
    kept = scan(text)
    assert papers.read(page) == printed(mine)
    taken = papers.take_in(clerk, printed(mine), scan=kept)
    assert taken.draft is not None and not taken.outdated
    assert (taken.draft.person, taken.draft.channel, taken.draft.scan) == (person, "counter", kept)
    assert drafting.answers(taken.draft) == {"payee": "social_card"}
    draft = drafting.answer(clerk, taken.draft.pk, "told_by", "sms", seen=taken.draft.version)
    case = drafting.send(clerk, draft.pk, consent=AGREED)
    assert cases.state_of(case)["state"] == "granted"
    said = FactValue.objects.get(subject=person, key="told_by")
    assert said.evidence["file"] == str(kept)
    with pytest.raises(Conflict, match="already"):  # the same paper a second time, and the draft at home
        papers.take_in(clerk, printed(draft), scan=None)
    clean()


@district
def test_the_printed_form_names_what_is_known_and_holds_no_value_of_it() -> None:
    registered()
    item, registry = catalogue.item("MZ-001"), facts.types()
    draft = drafting.begin(actor("wangdama"), "MZ-001")
    known = facts.of(draft.person, form.wanted(item, catalogue.rule(item), registry))
    pdf = printing.of_draft(item, known, printed(draft), draft.code)
    assert pdf.startswith(b"%PDF")
    assert printing.question(registry["payee"])["choices"] == [
        registry["payee"].label(one, "zh") for one in registry["payee"].values
    ]
    assert papers.typed(f"{draft.code[:5]}-{draft.code[5:]}".lower()) == printed(draft)


@district
def test_every_service_has_a_paper_form() -> None:
    """No glyph is missing, no question without its field: the least and the most of them are set."""
    items = [one for one in catalogue.current().values() if one.audience == "person"]
    by_size = sorted(items, key=lambda one: len(form.fields(one, catalogue.rule(one), facts.types())))
    for item in (by_size[0], by_size[len(by_size) // 2], by_size[-1]):
        assert printing.blank(item).startswith(b"%PDF")


@district
def test_codes_that_cannot_be_taken_in_are_said_in_words() -> None:
    registered()
    clerk, mine = actor("linchuangkou"), filled()
    with pytest.raises(Invalid, match="No code can be read"):
        papers.read(as_jpeg(Image.new("RGB", (600, 800), "white")))
    with pytest.raises(Invalid, match="not that of a form of ours"):
        papers.read(as_jpeg(picture(text="https://example.org/menu")))
    with pytest.raises(Invalid, match="we have not printed it"):
        papers.read(as_jpeg(picture(text=ticket.written(printed(mine), KEY))))
    with pytest.raises(Invalid, match="no form with this code"):
        papers.typed("AAAAAAAAAA")
    with pytest.raises(Invalid, match="thrown away"):
        papers.take_in(clerk, Ticket("MZ-001", 1, uuid4()))
    with pytest.raises(Conflict, match="not offered any more"):
        papers.take_in(clerk, Ticket("XX-999", 1))
    with pytest.raises(Denied):
        papers.take_in(actor("zhaochuzhi"), printed(mine))
    next_item()
    assert papers.take_in(clerk, printed(mine)).outdated
    next_item(open=False)
    with pytest.raises(Conflict, match="not on offer"):
        papers.take_in(clerk, printed(mine))
