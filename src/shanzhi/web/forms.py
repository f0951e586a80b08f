"""Forms of the pages: several photos in one field, what was sent kept when something else is wrong."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

import orjson
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from shanzhi.base.errors import Invalid, Problem, gettext_noop
from shanzhi.base.ids import new_secret
from shanzhi.files import queries as files
from shanzhi.files.actions import store
from shanzhi.orgs.actor import Actor
from shanzhi.web.problems import said

MOST_FILES = 6
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,application/pdf"
_MANY = gettext_noop("At most %(most)s files")


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also when that is nothing: an empty POST is answered like any other."""
    return request.POST if request.method == "POST" else None


class ManyInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFiles(forms.FileField):
    """Several files; their contents are checked where they are kept."""

    widget = ManyInput
    needed = False  # whether somebody else than the form asks for one

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFiles, self).clean(one, initial) for one in given if one]


class Sent(forms.Form):
    """A form that is done once, however often it is sent: it carries a key of its own."""

    required_css_class = "required"
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", new_secret())

    @property
    def idempotency_key(self) -> str:
        return str(self.cleaned_data.get("key") or "")

    def mark(self, name: str) -> bytes:
        """What tells this request from another under the same key: what was typed, not the files."""
        plain = {
            k: str(v) for k, v in self.cleaned_data.items() if k != "key" and not isinstance(v, UploadedFile)
        }
        file_fields = [k for k, f in self.fields.items() if isinstance(f, forms.FileField)]
        return orjson.dumps([name, {k: v for k, v in sorted(plain.items()) if k not in file_fields}])

    def refuse(self, error: Problem, where: dict[str, str] | None = None) -> None:
        """Shows an error at the fields it is about, what concerns none of them above the form."""
        listed = list(error.errors) if isinstance(error, Invalid) else []
        for one in listed:
            name = one.field.removeprefix("contact.")
            name = (where or {}).get(name, name)
            self.add_error(name if name in self.fields else None, said(one.message, one.facts))
        if not listed:
            self.add_error(None, said(error.message, error.facts))
        if error.code == "key_reused":
            self.renew()

    @staticmethod
    def sentence(error: Problem) -> str:
        """What is wrong, in the language of the page: the first of its errors."""
        one = error.errors[0] if isinstance(error, Invalid) and error.errors else error
        return said(one.message, one.facts)

    def renew(self) -> None:
        """A new key: what is sent next is another thing than what was sent before."""
        self.retype("key", new_secret())

    def retype(self, name: str, value: str) -> None:
        """Another value in a field that was sent, all else as it was typed."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix(name)] = value
        self.data = data


def kept_files(request: HttpRequest, actor: Actor, form: Sent, field: str) -> list[UUID]:
    """The files of a field, those sent now and those kept from the try before; errors are put on the form.

    A file is kept at once, so that nobody has to choose it again because something else was missing.
    """
    earlier = _known(actor, request.POST.getlist(f"{form.add_prefix(field)}-kept"))
    fresh = request.FILES.getlist(form.add_prefix(field))
    if len(earlier) + len(fresh) > MOST_FILES:
        form.add_error(field, said(_MANY, {"most": MOST_FILES}))
        fresh = fresh[: max(0, MOST_FILES - len(earlier))]
    found = [one.pk for one in earlier]
    for upload in fresh:
        try:
            one = store(actor, cast(Any, upload))
            found.append(one.pk)
            earlier.append(one)
        except Problem as error:
            form.add_error(field, f"{upload.name}: {said(error.message, error.facts)}")
    cast(Any, form.fields[field]).kept = earlier
    return found


def _known(actor: Actor, given: Iterable[str]) -> list[Any]:
    ids = [one for text in given if (one := _uuid(text))]
    stored = files.get(ids) if ids else {}
    free = [stored[one] for one in ids if one in stored and not stored[one].case]
    return [one for one in free if one.uploaded_by == actor.ref]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
