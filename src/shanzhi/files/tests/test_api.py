from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from shanzhi.files import actions
from shanzhi.files.api import ANONYMOUS_PER_MINUTE
from shanzhi.files.models import StoredFile
from shanzhi.files.tests.samples import HTML, SVG, archive, pdf, photo, png_bomb
from shanzhi.files.vault import Vault

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/files"


@pytest.fixture(autouse=True)
def _vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "vault", lambda: Vault(tmp_path))


def sent(data: bytes, name: str = "a.jpg", media_type: str = "image/jpeg") -> tuple[int, dict[str, object]]:
    answer = Browser().post(ADDRESS, {"file": SimpleUploadedFile(name, data, media_type)})
    return answer.status_code, answer.json()


def test_anybody_may_send_a_photo() -> None:
    status, body = sent(photo(), "坑洼.png", "text/html")
    assert status == 201
    assert (body["media_type"], body["name"]) == ("image/jpeg", "坑洼.jpg")
    assert StoredFile.objects.get().uploaded_by == "anonymous"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (SVG, 415, "markup"),
        (HTML, 415, "markup"),
        (archive(b"\0" * 10_000_000), 415, "archive"),
        (pdf(b"/OpenAction<</S/JavaScript>>"), 415, "active_content"),
        (photo() + archive(), 415, "two_faced"),
        (png_bomb(), 413, "too_many_pixels"),
        (b"", 415, "empty_file"),
    ],
)
def test_what_may_not_come_in_is_refused_in_words(data: bytes, status: int, code: str) -> None:
    found, body = sent(data)
    assert (found, body["code"]) == (status, code)
    assert body["message"]
    assert not StoredFile.objects.exists()


def test_strangers_send_so_many_a_minute() -> None:
    answers = [sent(b"")[0] for _ in range(ANONYMOUS_PER_MINUTE + 1)]
    assert answers == [415] * ANONYMOUS_PER_MINUTE + [429]
