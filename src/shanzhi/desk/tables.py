"""Tables that come in by a form, and what is wrong with them, line by line."""

from django.utils.translation import gettext as _

from shanzhi.web.forms import Sent
from shanzhi.web.problems import said

MOST_SENT = 2 * 1024 * 1024


def table_of(form: Sent, most: int = MOST_SENT) -> str | None:
    """The text of the table that a form brings; None, with the reason on the form, when it cannot be read."""
    file = form.cleaned_data["file"]
    try:
        if file.size <= most:
            return str(file.read().decode("utf-8-sig"))
        form.add_error("file", _("At most %(n)s MB") % {"n": most // 1024 // 1024})
    except UnicodeDecodeError:
        form.add_error("file", _("The file is not written in UTF-8"))
    return None


def complain(form: Sent, faults: list[tuple[int, str]]) -> None:
    """What is wrong with a table, line by line, on the form that brought it."""
    for line, message in faults[:50]:
        form.add_error("file", _("Line %(line)s: %(message)s") % {"line": line, "message": said(message, {})})
