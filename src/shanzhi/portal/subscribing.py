"""Following a place: the form, its confirmation by code or link, and its end without signing in."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shanzhi.base.errors import NotFound, NotSignedIn, Problem, TooMany
from shanzhi.base.geo import Point
from shanzhi.journal.receipts import once
from shanzhi.orgs import limits
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.orgs.queries import contacts
from shanzhi.portal import public
from shanzhi.portal.forms import CodeForm
from shanzhi.rules.queries import categories
from shanzhi.subscriptions import actions, queries
from shanzhi.subscriptions.actions import Wish
from shanzhi.subscriptions.place import RADII
from shanzhi.web.around import point
from shanzhi.web.forms import Sent, posted
from shanzhi.web.names import language
from shanzhi.web.report import area_choices

PER_MINUTE = 3
CODES_PER_MINUTE = 10
RADIUS = 500


class FollowForm(Sent):
    """Where, of what, how and how often."""

    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    radius_m = forms.TypedChoiceField(label=gettext_lazy("How far around"), coerce=int)
    area = forms.ChoiceField(label=gettext_lazy("Community or street"))
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Only these"),
        help_text=gettext_lazy("Without a choice: everything"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channel = forms.ChoiceField(label=gettext_lazy("How to tell you"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=gettext_lazy("E-mail address or mobile number"),
        help_text=gettext_lazy("Kept encrypted, used for nothing else, and forgotten when you end it."),
        required=False,
        max_length=254,
    )
    pace = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[
            ("daily", gettext_lazy("Once a day, in the evening, if there is something")),
            ("once", gettext_lazy("At once; what else comes on the same day follows together")),
        ],
        widget=forms.RadioSelect,
        initial="daily",
    )

    def __init__(self, *args: Any, here: Point | None, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [("email", _("By e-mail")), ("sms", _("By text message"))]
        if actor.account is not None:
            ways.insert(0, ("inbox", _("Only in “My matters”")))
        fields: dict[str, Any] = self.fields
        fields["channel"].choices = ways
        self.initial.setdefault("channel", ways[0][0])
        first = [(c.code, c.name(language())) for c in categories().values() if c.level == 1]
        fields["categories"].choices = first
        fields["radius_m"].choices = [(str(n), _("%(n)s metres") % {"n": n}) for n in RADII]
        fields["area"].choices = area_choices()
        fields["address"].required = actor.account is None
        for name in ("area",) if here else ("radius_m", "lon", "lat"):
            del self.fields[name]

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(
            channel=given["channel"],
            address=given["address"],
            area=given.get("area", ""),
            point=point(str(given.get("lon")), str(given.get("lat"))),
            radius_m=int(given.get("radius_m") or RADIUS),
            categories=tuple(given["categories"]),
            daily=given["pace"] == "daily",
            language=get_language() or "zh-hans",
        )


def subscribe(request: HttpRequest) -> HttpResponse:
    """The form, for a point or for a community; an address is asked whether it was meant before anything is sent."""
    actor, given = actor_from(request), request.POST if request.method == "POST" else request.GET
    here, area = _where(given)
    if request.method != "POST":
        form = FollowForm(here=here, actor=actor, initial=_initial(actor, here, area))
        return _shown(request, form, here)
    _slow_down(request, actor)
    form = FollowForm(request.POST, here=here, actor=actor)
    if form.is_valid():
        try:
            answer = once(
                actor.ref, form.idempotency_key, form.mark("subscribe"), lambda: _follow(actor, form)
            )
            if answer["running"]:
                messages.success(request, _("You follow this place now."))
                return redirect("my")
            return redirect("subscription", answer["id"])
        except Problem as error:
            form.refuse(error, {"phone": "address"})
    return _shown(request, form, here, 422)


def _slow_down(request: HttpRequest, actor: Actor) -> None:
    """Strangers by their address, others by their account: each request may write to somebody."""
    limit_anonymous(request, "subscribe", per_minute=PER_MINUTE)
    if actor.is_known and not limits.allow(f"subscribe:{actor.ref}", per_minute=PER_MINUTE):
        raise TooMany(per_minute=PER_MINUTE)


def _follow(actor: Actor, form: FollowForm) -> dict[str, Any]:
    one = actions.follow(actor, form.wish())
    return {"id": str(one.pk), "running": one.confirmed_at is not None}


def _where(given: QueryDict) -> tuple[Point | None, str]:
    """The point or the area of an address: of its own, or of a public case."""
    try:
        case = UUID(given.get("case", ""))
    except ValueError:
        return point(given.get("lon", ""), given.get("lat", "")), given.get("area", "")
    place, area = public.where(case)
    return place, area


def _initial(actor: Actor, here: Point | None, area: str) -> dict[str, Any]:
    contact = contacts([actor.account]).get(actor.account) if actor.account is not None else None
    return {
        "lon": here.lon if here else None,
        "lat": here.lat if here else None,
        "radius_m": RADIUS,
        "area": area[:12],
        "address": (contact.email or contact.phone) if contact else "",
    }


def _shown(request: HttpRequest, form: FollowForm, here: Point | None, status: int = 200) -> HttpResponse:
    context = {"form": form, "point": here, "here": "nearby"}
    return render(request, "portal/subscribe.html", context, status=status)


@never_cache
def subscription(request: HttpRequest, id_: UUID) -> HttpResponse:
    """Here one types the code; the page says nothing of whose subscription it is."""
    actor = actor_from(request)
    form = CodeForm(posted(request))
    if request.method == "POST":
        limit_anonymous(request, "code", per_minute=CODES_PER_MINUTE)
        if form.is_valid():
            try:
                actions.confirm_by_code(actor, id_, form.cleaned_data["code"])
            except NotFound:
                raise
            except Problem as error:
                form.add_error("code", Sent.sentence(error))
            else:
                return render(request, "portal/subscription.html", {"done": True, "here": "nearby"})
    else:
        queries.get(id_)
    context = {"form": form, "here": "nearby"}
    return render(request, "portal/subscription.html", context, status=422 if form.errors else 200)


@never_cache
def managed(request: HttpRequest, id_: UUID, secret: str) -> HttpResponse:
    """The page behind the link of every message: what is followed, and the button that confirms or ends it."""
    actor = actor_from(request)
    one, problem = queries.by_link(id_, secret), ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "end":
                actions.end(actor, id_, secret=secret)
            elif request.POST.get("do") == "confirm":
                actions.confirm(actor, id_, secret)
        except Problem as error:
            problem = Sent.sentence(error)
        one = queries.get(id_)
    context = {"one": _told(one), "problem": problem, "here": "nearby"}
    answer = render(request, "portal/followed.html", context, status=409 if problem else 200)
    answer["Referrer-Policy"] = "same-origin"  # the secret in the address goes nowhere else
    answer["X-Robots-Tag"] = "noindex"
    return answer


def followed(actor: Actor) -> list[dict[str, Any]]:
    """What somebody signed in follows, in words."""
    return [_told(one) for one in queries.own(actor)]


def _told(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "place": queries.named(one, language()),
        "categories": queries.chosen(one, language()),
        "channel": one.channel,
        "address": queries.shown_address(one),
        "daily": one.daily,
        "confirmed": one.confirmed_at is not None,
        "ended": one.ended_at is not None,
    }


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Ends one of one's own."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    try:
        id_ = UUID(request.POST.get("id", ""))
    except ValueError:
        raise NotFound() from None
    actions.end(actor, id_)
    messages.success(request, _("Ended: you hear no more of this place."))
    return redirect("my")


urlpatterns = [
    path("subscribe", subscribe, name="subscribe"),
    path("subscriptions/<uuid:id_>", subscription, name="subscription"),
    path("subscriptions/<uuid:id_>/<str:secret>", managed, name="followed"),
    path("my/subscriptions", end, name="end-subscription"),
]
