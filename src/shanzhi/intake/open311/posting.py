"""POST requests: the form of an Open311 client as a report, with the photos that came with it."""

import hashlib
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext

from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.cases.opening import Report
from shanzhi.files import actions as files
from shanzhi.intake.api import channel, require_report
from shanzhi.intake.open311.formats import clean
from shanzhi.intake.open311.services import form_of, service, type_of
from shanzhi.intake.reporting import Incoming, receive
from shanzhi.journal.receipts import fingerprint, given
from shanzhi.orgs.actor import Actor
from shanzhi.residents.person import Contact

LONGEST = 4_000  # characters of a description, by the specification
MOST_FILES = 5
ATTRIBUTE = re.compile(r"^attribute\[([^\[\]]+)\](?:\[\])?$")


def post(actor: Actor, request: HttpRequest) -> list[dict[str, Any]]:
    """Opens a case; the answer of the specification. Raises Invalid, NotFound (service_code) or Denied."""
    require_report(actor)
    key, mark = _idempotency(request)
    sent = request.FILES.getlist("media")
    earlier = given(actor.ref, key, fingerprint(mark)) if key and sent else None
    if earlier is None:
        incoming = incoming_of(
            actor, {name: clean(request.POST[name]) for name in request.POST}, _attributes(request)
        )
        incoming = replace(incoming, report=replace(incoming.report, files=_kept(actor, sent)))
        earlier = receive(actor, incoming, key=key, request=mark)
    number = earlier["number"].replace(" ", "")
    link = request.build_absolute_uri(earlier["link"])
    notice = gettext("Follow it at %(link)s") % {"link": link}
    return [{"service_request_id": number, "service_notice": notice, "account_id": None}]


def incoming_of(actor: Actor, form: dict[str, str], attributes: dict[str, list[str]]) -> Incoming:
    """The report that a form describes. Raises Invalid naming every field that does not fit, or NotFound."""
    code = form.get("service_code", "").strip()
    if not code:
        raise Invalid(errors=[FieldError("service_code", gettext_noop("This is needed"))])
    category = service(code)
    type_ = type_of(category)
    errors: list[FieldError] = []
    lat, lon = _degrees(form, "lat", 90, errors), _degrees(form, "long", 180, errors)
    address = form.get("address_string", "").strip()
    if not errors and not address and (lat is None or lon is None):
        errors.append(FieldError("lat", gettext_noop("Give lat and long, or address_string")))
    if len(form.get("description", "")) > LONGEST:
        errors.append(
            FieldError("description", gettext_noop("At most %(most)s characters"), {"most": LONGEST})
        )
    text = "\n".join(part for part in (form.get("description", "").strip(), _link(form, errors)) if part)
    if errors:
        raise Invalid(errors=errors)
    report = Report(
        type=type_.type,
        text=text or category.zh,
        category=code,
        lon=lon,
        lat=lat,
        address=address,
        channel=channel(actor),
        data=form_of(type_, attributes),
        account=actor.account,
    )
    return Incoming(report, _contact(form))


def _degrees(form: dict[str, str], name: str, most: int, errors: list[FieldError]) -> float | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        errors.append(FieldError(name, gettext_noop("This is not a number of degrees")))
        return None
    return value


def _link(form: dict[str, str], errors: list[FieldError]) -> str:
    """`media_url`, which becomes the last line of the text: what lies elsewhere may change or go."""
    link = form.get("media_url", "").strip()
    if link and (not re.match(r"https?://\S+$", link) or len(link) > 500):
        errors.append(FieldError("media_url", gettext_noop("This is not a link")))
    return link


def _contact(form: dict[str, str]) -> Contact:
    """Chinese names are written family name first; an address for e-mail is kept as an address."""
    last, first = form.get("last_name", "").strip(), form.get("first_name", "").strip()
    between = " " if (first + last).isascii() and first and last else ""
    name = f"{first} {last}" if between else last + first
    return Contact(name.strip(), form.get("phone", "").strip(), address=form.get("email", "").strip())


def _attributes(request: HttpRequest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, texts in request.POST.lists():
        if match := ATTRIBUTE.match(name):
            found.setdefault(clean(match[1]), []).extend(clean(str(text)) for text in texts)
    return found


def _kept(actor: Actor, sent: "list[UploadedFile[bytes]]") -> tuple[UUID, ...]:
    if len(sent) > MOST_FILES:
        said = gettext_noop("At most %(most)s files")
        raise Invalid(errors=[FieldError("media", said, {"most": MOST_FILES})])
    return tuple(files.store(actor, upload, kind="before").id for upload in sent)


def _idempotency(request: HttpRequest) -> tuple[str, bytes]:
    """The Idempotency-Key, and what tells this request from another: its fields and the digests of its files.

    Not the body, because the boundaries of a form with files are new each time it is sent.
    """
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 200 or clean(key) != key:
        raise Invalid(errors=[FieldError("Idempotency-Key", gettext_noop("This does not fit"))])
    parts = [f"{name}={text}" for name, texts in sorted(request.POST.lists()) for text in texts]
    for upload in request.FILES.getlist("media"):
        parts.append(hashlib.sha256(upload.read()).hexdigest())
        upload.seek(0)
    return key, "\0".join(parts).encode(errors="replace")
