"""The ways out: e-mail, text message, webhook. Each sends one message or raises `Failed`.

Which SMS provider sends is a setting (`SHANZHI_SMS`, the dotted path of a callable that takes a phone and a
text): the demo's writes them into a file. E-mail goes by SMTP (`SHANZHI_SMTP`), or into files without it.
"""

import http.client
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from shanzhi.base.clock import now
from shanzhi.notices.signing import headers as signed

SECONDS = 10
Sms = Callable[[str, str], None]


class Failed(Exception):
    """It could not be sent now; the text says why, without secrets. What is `final` is not tried again."""

    final = False


class Unwanted(Failed):
    """Whom it was for does not want it any more."""

    final = True


def email(address: str, subject: str, text: str, id_: str, *, leave: str = "") -> None:
    """Raises Failed for whatever the server says no to; `leave` is where one ends such messages (RFC 2369)."""
    headers = {"Message-ID": f"<{id_}@{settings.MAIL_DOMAIN}>"}
    if leave:
        headers["List-Unsubscribe"] = f"<{leave}>"
    message = EmailMessage(subject, text, to=[address], headers=headers)
    try:
        message.send()
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors
        raise Failed(f"{type(error).__name__}: {error}"[:500]) from error


def sms(phone: str, text: str) -> None:
    """Raises Failed when the provider does."""
    provider: Sms = import_string(settings.SMS)
    try:
        provider(phone, text)
    except OSError as error:
        raise Failed(f"{type(error).__name__}: {error}"[:500]) from error


def into_file(phone: str, text: str) -> None:
    """The local provider: a line in `outbox/sms.jsonl` of the data folder for each message."""
    folder = Path(settings.OUTBOX)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "sms.jsonl").open("ab") as file:
        file.write(orjson.dumps({"at": now(), "to": phone, "text": text}) + b"\n")


def webhook(url: str, secret: bytes, id_: str, body: bytes, at: datetime) -> None:
    """POSTs the body, signed; only an answer of 200 to 299 is a yes, and redirects are not followed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    sent = {"content-type": "application/json", **signed(secret, id_, int(at.timestamp()), body)}
    try:
        connection.request("POST", parts.path + (f"?{parts.query}" if parts.query else "") or "/", body, sent)
        answer = connection.getresponse()
        answer.read(10_000)
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"{type(error).__name__}: {error}"[:500]) from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise Failed(f"HTTP {answer.status}")
