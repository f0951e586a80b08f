"""Packs: what was applied; and a pack that is sent or lies ready, compared with what is in force, then applied."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, cast

import yaml
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.admin.access import with_right
from shanzhi.base.errors import Problem
from shanzhi.orgs.actor import Actor
from shanzhi.packs import actions, queries, staging
from shanzhi.packs.changes import parts
from shanzhi.packs.files import Pack
from shanzhi.packs.queries import Difference
from shanzhi.web import names
from shanzhi.web.problems import said

MOST_SENT = 30 * 1024 * 1024
MOST_ROWS = 100  # of each kind shown in a section; the rest is counted
MOST_PARTS = 40
LONGEST = 600


class PackForm(forms.Form):
    """A pack as a file."""

    file = forms.FileField(
        label=gettext_lazy("Pack as a ZIP file"),
        help_text=gettext_lazy("The folder with pack.yaml in it; nothing is applied yet"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_SENT:
            raise forms.ValidationError(_("At most %(n)s MB") % {"n": MOST_SENT // 1024 // 1024})
        return file


class ApplyForm(forms.Form):
    """That somebody has read what would change."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(label=gettext_lazy("I have read what changes"))


def packs(request: HttpRequest) -> HttpResponse:
    """What was applied when; and the two ways to a pack to look at: a file, or a folder beside the installation."""
    with_right(request, "pack.apply")
    form = PackForm()
    if request.method == "POST":
        form = PackForm(request.POST, request.FILES)
        digest = _staged(request, form)
        if digest:
            return redirect("admin-pack", digest)
    applied = queries.applied()
    people = names.names(one["actor"] for one in applied)
    context = {
        "applied": [{**one, "by": people.actor(one["actor"])} for one in applied],
        "offered": staging.offered(),
        "form": form,
        "here": "packs",
    }
    return render(request, "admin/packs.html", context, status=422 if form.is_bound else 200)


def _staged(request: HttpRequest, form: PackForm) -> str:
    """The digest of what was sent or chosen; empty when it was refused."""
    if "folder" in request.POST:
        return staging.stage_folder(request.POST["folder"])
    if not form.is_valid():
        return ""
    try:
        return staging.stage_zip(cast(Any, form.cleaned_data["file"]).file)
    except Problem as error:
        form.add_error("file", said(error.message, error.facts))
        return ""


def pack(request: HttpRequest, digest: str) -> HttpResponse:
    """One pack beside what is in force: its faults, or what would change; and bringing it into force."""
    actor = with_right(request, "pack.apply")
    folder = staging.staged(digest)
    form = ApplyForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid() and _applied(request, actor, folder, form):
        return redirect("admin-packs")
    found = Pack(folder)
    everything = queries.read(found)
    changed = [] if found.faults else queries.differences(everything)
    seen = queries.mark(changed)
    if form is None or form.data.get("seen") != seen:
        form = ApplyForm(initial={"seen": seen})
    context = {
        "pack": found,
        "title": _title(found.head),
        "digest": digest,
        "sections": [in_words(one, found) for one in changed],
        "form": form,
        "here": "packs",
    }
    refused = request.method == "POST" or found.faults
    return render(request, "admin/pack.html", context, status=422 if refused else 200)


def _title(head: dict[str, Any]) -> str:
    titles = head.get("title")
    said_in = titles.get(names.language()) if isinstance(titles, dict) else titles
    return str(said_in or head.get("name") or "—")


def _applied(request: HttpRequest, actor: Actor, folder: Path, form: ApplyForm) -> bool:
    try:
        changes = actions.apply(actor.ref, folder, seen=form.cleaned_data["seen"])
    except Problem as error:
        messages.error(request, said(error.message, error.facts))
        return False
    n = sum(sum(counts.values()) for counts in changes.values())
    if n:
        messages.success(request, _("The pack is in force: %(n)s rows changed.") % {"n": n})
    else:
        messages.info(request, _("The pack was in force already: nothing changed."))
    return True


def in_words(found: Difference, pack: Pack) -> dict[str, Any]:
    """A section of the differences as a page shows it: the rows that come, change and go, each with its place."""
    return {
        "name": found.section,
        "files": pack.files.get(found.section, []),
        "counts": found.counts(),
        "add": [_row(pack, found.section, key) for key in islice(found.add, MOST_ROWS)],
        "change": [
            _row(pack, found.section, key) | _parts(pack, found, key)
            for key in islice(found.change, MOST_ROWS)
        ],
        "remove": found.remove[:MOST_ROWS],
        "more": {kind: max(0, n - MOST_ROWS) for kind, n in found.counts().items()},
    }


def _row(pack: Pack, section: str, key: str) -> dict[str, Any]:
    file, line = pack.place(section, key)
    return {"key": key, "file": file, "line": line}


def _parts(pack: Pack, found: Difference, key: str) -> dict[str, Any]:
    changed = list(parts(found.was[key], found.change[key]))
    return {
        "parts": list(_shown(pack, found.section, key, changed)),
        "rest": max(0, len(changed) - MOST_PARTS),
    }


def _shown(pack: Pack, section: str, key: str, changed: list[Any]) -> Iterator[dict[str, Any]]:
    for one in changed[:MOST_PARTS]:
        path = one.path[1:] if one.path[:1] == ("body",) else one.path
        file, line = pack.place(section, key, path)
        yield {
            "name": ".".join(map(str, one.path)),
            "was": written(one.was),
            "now": written(one.now),
            "file": file,
            "line": line,
        }


def written(value: Any) -> str:
    """A value as a pack writes it, cut where it is long; empty for what is not there."""
    if value is None:
        return ""
    text = (
        value
        if isinstance(value, str)
        else yaml.safe_dump(_plain(value), allow_unicode=True, sort_keys=False)
    )
    text = text.removesuffix("...\n").strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    return value
