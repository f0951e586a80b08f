"""A pack is looked at before it is applied, and what is applied is what was looked at."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.journal.models import EntryRow
from shanzhi.packs import staging
from shanzhi.packs.actions import apply
from shanzhi.packs.models import Applied
from shanzhi.rules.queries import categories
from shanzhi.web.tests.demo import PACK, forget, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wuhou")]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "staged").mkdir()
    monkeypatch.setattr(staging, "root", lambda: tmp_path / "staged")
    return tmp_path


def zipped(change: tuple[str, str, str] = ("", "", "")) -> SimpleUploadedFile:
    """The demo pack as a ZIP file, with one place in one file changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(p for p in PACK.rglob("*") if p.is_file()):
            text, name = path.read_text(), str(path.relative_to(PACK))
            if name == change[0]:
                assert change[1] in text
                text = text.replace(change[1], change[2], 1)
            made.writestr(f"wuhou/{name}", text)
    return SimpleUploadedFile("wuhou.zip", file.getvalue(), "application/zip")


RENAMED = ("categories.csv", "E0104,道路破损", "E0104,道路损坏")
FAULTY = ("case-types/street-issue.yaml", "from: closed", "from: klosed")


def sent(admin: Client, file: SimpleUploadedFile) -> str:
    answer = admin.post("/admin/packs", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["location"])


def test_a_change_is_shown_with_its_place_applied_and_then_nothing_is_left_to_change() -> None:
    admin = signed_in("admin")
    address = sent(admin, zipped(RENAMED))
    page = admin.get(address)
    shown = page.content.decode()
    assert "道路破损" in shown
    assert "道路损坏" in shown
    assert "categories.csv:6" in shown
    assert categories()["E0104"].zh == "道路破损"
    confirm = {"seen": page.context["form"].initial["seen"], "read": "on"}
    assert admin.post(address, confirm).status_code == 302
    forget()
    assert categories()["E0104"].zh == "道路损坏"
    entry = EntryRow.objects.filter(kind="pack.applied").latest("id")
    assert entry.actor.startswith("account:")
    assert entry.data["changes"] == {"categories": {"add": 0, "change": 1, "remove": 0}}
    before = Applied.objects.count()
    assert "in force already" in admin.post(address, confirm, follow=True).content.decode()
    assert Applied.objects.count() == before
    assert "nothing would change" in admin.get(address).content.decode()


def test_nothing_is_applied_unread() -> None:
    admin = signed_in("admin")
    address = sent(admin, zipped(RENAMED))
    answer = admin.post(address, {"seen": admin.get(address).context["form"].initial["seen"]})
    assert answer.status_code == 422
    assert not Applied.objects.exclude(actor="system").exists()


def test_what_was_confirmed_must_still_be_what_would_change() -> None:
    admin = signed_in("admin")
    address = sent(admin, zipped(RENAMED))
    seen = admin.get(address).context["form"].initial["seen"]
    other = Path(shutil.copytree(PACK, staging.root() / "other"))
    csv = other / "categories.csv"
    csv.write_text(csv.read_text().replace("E0105,乱堆物堆料", "E0105,乱堆物料"))
    apply("system", other)
    answer = admin.post(address, {"seen": seen, "read": "on"})
    assert answer.status_code == 422
    assert "has changed since you looked" in answer.content.decode()
    assert answer.context["form"].initial["seen"] != seen
    assert not Applied.objects.exclude(actor="system").exists()


def test_faults_are_listed_by_file_and_line_and_nothing_can_be_applied() -> None:
    admin = signed_in("admin")
    address = sent(admin, zipped(FAULTY))
    page = admin.get(address)
    assert "case-types/street-issue.yaml:" in page.content.decode()
    assert "unknown-state" in page.content.decode()
    assert 'name="read"' not in page.content.decode()
    seen = page.context["form"].initial["seen"]
    assert admin.post(address, {"seen": seen, "read": "on"}).status_code == 422
    assert not Applied.objects.exclude(actor="system").exists()


def test_the_same_pack_has_the_same_address() -> None:
    admin = signed_in("admin")
    assert sent(admin, zipped()) == sent(admin, zipped())
    assert len(list(staging.root().iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_pack_is_refused_in_words(content: bytes) -> None:
    answer = signed_in("admin").post("/admin/packs", {"file": SimpleUploadedFile("x.zip", content)})
    assert answer.status_code == 422
    assert list(staging.root().iterdir()) == []


def test_a_folder_that_lies_ready_is_compared_and_no_other(own_folder: Path, settings: object) -> None:
    settings.PACKS = own_folder / "ready"  # type: ignore[attr-defined]
    shutil.copytree(PACK, own_folder / "ready" / "wuhou")
    (own_folder / "ready" / "wuhou" / "secret.yaml").symlink_to("/etc/passwd")
    admin = signed_in("admin")
    assert "wuhou" in admin.get("/admin/packs").content.decode()
    address = admin.post("/admin/packs", {"folder": "wuhou"}).headers["location"]
    assert "nothing would change" in admin.get(address).content.decode()
    assert not list(staging.root().rglob("secret.yaml"))
    for odd in ("..", "/etc", "wuhou/..", "nowhere", ""):
        assert admin.post("/admin/packs", {"folder": odd}).status_code == 404


@pytest.mark.parametrize("digest", ["0" * 64, "..", "x", "%2e%2e"])
def test_an_unknown_pack_is_not_found(digest: str) -> None:
    assert signed_in("admin").get(f"/admin/packs/{digest}").status_code == 404


@pytest.mark.parametrize("who", ["sunpaiqian", "zhangdudao", "shenji", "wangdama"])
def test_nobody_else_looks_or_applies(who: str) -> None:
    address = sent(signed_in("admin"), zipped(RENAMED))
    for page in ("/admin/packs", address):
        assert signed_in(who).get(page).status_code == 403
        assert signed_in(who).post(page, {"seen": "x", "read": "on"}).status_code == 403
