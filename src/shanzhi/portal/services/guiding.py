"""Guidance: say what you want, answer a few questions, see what fits you. Nothing of it is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.portal.services.catalogue import row
from shanzhi.portal.services.questions import QuestionForm
from shanzhi.residents import queries as residents
from shanzhi.residents.fact import Known, plain
from shanzhi.residents.queries import facts
from shanzhi.services.guiding import Fit, next_key
from shanzhi.services.queries import catalogue, guidance
from shanzhi.web import facts as words
from shanzhi.web.names import titled

MOST_QUESTIONS = 8
MOST_SHOWN = 12
PER_MINUTE = 60
PREFIX = "said-"
SKIPPED = "skipped"


@never_cache
def guide(request: HttpRequest) -> HttpResponse:
    """Words and answers go along in the form; who is signed in is asked only what we do not know."""
    limit_anonymous(request, "guidance", per_minute=PER_MINUTE)
    given = request.POST if request.method == "POST" else request.GET
    text, life = (given.get(name, "").strip()[:200] for name in ("words", "life"))
    said = _said(request)
    skipped = [key for key in request.POST.getlist(SKIPPED) if key in facts.types()]
    form = _answer(request, said, skipped)
    known = guidance.known_of(residents.own(actor_from(request)), said)
    asked = bool(text or life or said)
    found = guidance.fits(text, known, life=life, limit=MOST_SHOWN) if asked else []
    if form is None:
        form = _question(found, said, skipped)
    context = {
        "words": text,
        "life": life,
        "said": [(PREFIX + key, value) for key, value in said.items()],
        "skipped": skipped,
        "told": [_told(key, known[key]) for key in said if key in known],
        "form": form,
        "asked": asked,
        "fitting": [_shown(one) for one in found if one.fits != "no"][:MOST_SHOWN],
        "against": [_shown(one) for one in found if one.fits == "no"][:MOST_SHOWN],
        "occasions": catalogue.occasions()[:14],
        "here": "services",
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "portal/services/guide.html", context, status=status)


def _said(request: HttpRequest) -> dict[str, Any]:
    """The answers so far, as the form carries them; what cannot be read is left out."""
    registry, said = facts.types(), {}
    for name, raw in request.POST.items():
        key = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and key in registry and registry[key].since is None:
            value: Any = {"True": True, "False": False}.get(str(raw), raw)
            try:
                said[key] = plain(registry[key].read(value))
            except ValueError:
                continue
    return said


def _answer(request: HttpRequest, said: dict[str, Any], skipped: list[str]) -> QuestionForm | None:
    """Takes up the answer that was sent with this page; the form again when it cannot be read."""
    key = request.POST.get("fact", "")
    type_ = facts.types().get(key)
    if type_ is None or type_.since is not None:
        return None
    if "skip" in request.POST:
        skipped.append(key)
        return None
    form = QuestionForm(request.POST, type_=type_)
    if not form.is_valid():
        return form
    said[key] = plain(type_.read(form.raw()))
    return None


def _question(found: list[Fit], said: dict[str, Any], skipped: list[str]) -> QuestionForm | None:
    if len(said) + len(skipped) >= MOST_QUESTIONS:
        return None
    key = next_key(found, facts.types(), skipped)
    if key is None:
        return None
    return QuestionForm(type_=facts.types()[key], initial={"fact": key, "seen": 0})


def _told(key: str, known: Known) -> dict[str, str]:
    type_ = facts.types()[key]
    return {"title": titled(type_.title), "value": words.value(type_, known.value)}


def _shown(one: Fit) -> dict[str, Any]:
    registry = facts.types()
    return {
        **row(one.item),
        "fits": one.fits,
        "bring": one.bring,
        "spared": one.spared,
        "open": [titled(registry[key].title) for key in one.missing[:3] if key in registry],
        "against": [words.finding(each) for each in one.against[:2]],
        "window": one.item.windows[0] if one.item.windows else None,
    }
