from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from shanzhi.base.errors import NotFound, Unsupported
from shanzhi.files import actions, queries
from shanzhi.files.models import StoredFile
from shanzhi.files.queries import Copy
from shanzhi.files.serve import answer
from shanzhi.files.tests.samples import SVG, pdf, photo
from shanzhi.files.vault import Vault
from shanzhi.orgs.actor import Actor

pytestmark = pytest.mark.django_db
WANG = Actor("account", 1, "王大妈")
LI = Actor("account", 2, "李网格")
EVE = Actor("account", 3, "Eve")
CASE = uuid4()


def visible(actor: Actor, case: UUID) -> Copy | None:
    """王大妈 and 李网格 see everything of the case, others what is public."""
    if case != CASE:
        return None
    return "original" if actor in (WANG, LI) else "public"


@pytest.fixture(autouse=True)
def _vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(tmp_path / "files")
    vault.root.mkdir()
    monkeypatch.setattr(queries, "vault", lambda: vault)
    monkeypatch.setattr(actions, "vault", lambda: vault)


def upload(data: bytes | None = None, name: str = "坑洼.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if data is None else data, content_type="text/html")


def test_a_photo_is_kept_with_its_copies() -> None:
    file = actions.store(WANG, upload(), kind="before")
    assert (file.media_type, file.name, file.kind, file.uploaded_by) == (
        "image/jpeg",
        "坑洼.jpg",
        "before",
        "account:1",
    )
    assert queries.vault().get(file.sha256) == photo()
    assert b"SECRET" not in queries.vault().get(file.public_sha256)


def test_other_files_have_no_copies() -> None:
    file = actions.store(WANG, BytesIO(pdf()), name="合同.pdf")
    assert (file.name, file.public_sha256, file.size) == ("合同.pdf", "", len(pdf()))


def test_what_is_refused_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unsupported):
        actions.store(WANG, upload(SVG))
    assert not StoredFile.objects.exists()
    assert not [p for p in (tmp_path / "files").rglob("*") if p.is_file()]


def test_one_puts_ones_own_free_files_to_a_case_and_no_others() -> None:
    file = actions.store(WANG, upload())
    with pytest.raises(NotFound):
        actions.put_to(EVE, [file.pk], CASE)
    actions.put_to(WANG, [file.pk], CASE, kind="after")
    assert StoredFile.objects.get(pk=file.pk).kind == "after"
    with pytest.raises(NotFound):
        actions.put_to(WANG, [file.pk], uuid4())
    with pytest.raises(NotFound):
        actions.put_to(WANG, [uuid4()], CASE)


def test_a_list_of_cases_takes_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    file = actions.store(WANG, upload(), case=CASE)
    other = uuid4()
    with django_assert_num_queries(1):
        assert queries.of_cases([CASE, other]) == {CASE: [file], other: []}
    assert queries.get([file.pk]) == {file.pk: file}


@pytest.mark.parametrize(
    ("actor", "wanted", "opens"),
    [
        (WANG, "original", True),
        (LI, "original", True),
        (Actor.system(), "original", True),
        (EVE, "original", False),
        (EVE, "public", True),
        (EVE, "thumbnail", True),
        (Actor.anonymous(), "original", False),
        (Actor.anonymous(), "public", True),
    ],
)
def test_strangers_see_public_copies_only(actor: Actor, wanted: Copy, opens: bool) -> None:
    file = actions.store(WANG, upload(), case=CASE)
    if opens:
        queries.opened(actor, file.pk, wanted, visible)
    else:
        with pytest.raises(NotFound):
            queries.opened(actor, file.pk, wanted, visible)


@pytest.mark.parametrize("actor", [EVE, LI, Actor.anonymous()])
@pytest.mark.parametrize("case", [None, uuid4()])
def test_what_belongs_to_no_case_or_a_hidden_one_is_its_senders(actor: Actor, case: UUID | None) -> None:
    file = actions.store(WANG, upload(), case=case)
    queries.opened(WANG, file.pk, "original", visible)
    for wanted in ("original", "public", "thumbnail"):
        with pytest.raises(NotFound):
            queries.opened(actor, file.pk, wanted, visible)


def test_two_strangers_are_not_one_sender() -> None:
    file = actions.store(Actor.anonymous(), upload())
    with pytest.raises(NotFound):
        queries.opened(Actor.anonymous(), file.pk, "original", visible)


def served(id_: UUID, name: str, actor: Actor = WANG) -> HttpResponse:
    request = RequestFactory().get(f"/files/{id_}/{name}")
    request.actor = actor  # type: ignore[attr-defined]
    return answer(request, id_, name, visible)


def test_pictures_are_shown_and_everything_else_is_saved() -> None:
    shown = served(actions.store(WANG, upload(), case=CASE).pk, "坑洼.jpg")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith("inline; filename*=UTF-8''%E5%9D%91")
    saved = served(actions.store(WANG, upload(pdf(), "a.pdf"), case=CASE).pk, "a.pdf")
    assert saved["Content-Disposition"] == "attachment; filename*=UTF-8''a.pdf"


@pytest.mark.parametrize("name", ["坑洼.jpg", "public", "thumbnail"])
def test_files_are_served_so_that_nothing_in_them_can_run(name: str) -> None:
    response = served(actions.store(WANG, upload(), case=CASE).pk, name)
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]


def test_a_public_copy_has_no_exif() -> None:
    file = actions.store(WANG, upload(), case=CASE)
    assert b"SECRET" in served(file.pk, "坑洼.jpg").content
    assert b"SECRET" not in served(file.pk, "public", EVE).content


def test_a_copy_that_does_not_exist_is_not_there() -> None:
    file = actions.store(WANG, upload(pdf(), "a.pdf"), case=CASE)
    for name in ("public", "thumbnail"):
        with pytest.raises(NotFound):
            served(file.pk, name)
    with pytest.raises(NotFound):
        served(uuid4(), "a.pdf")
