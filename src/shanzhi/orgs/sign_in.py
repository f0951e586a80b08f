"""How people sign in: what we ask of django-allauth. It asks passwords and codes; whom they open is ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.clock import now
from shanzhi.journal.actions import append
from shanzhi.orgs.actions import stream
from shanzhi.orgs.device import device
from shanzhi.orgs.models import Account
from shanzhi.orgs.queries import actor_of, field_key
from shanzhi.orgs.sessions import DEVICE, SINCE

# Where those begin to whom no case is ever given; everybody else's work is on the desk.
HOMES = {"administrator": "/admin/", "auditor": "/screen/", "evaluator": "/desk/surveys"}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by administrators; each sign-in is an entry in the journal."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if not request.user.is_staff:
            return "/"
        roles = sorted(actor_of(request.user).roles())
        if roles == ["grid_worker"] and "Mobile" in request.headers.get("user-agent", ""):
            return "/field/"
        return HOMES[roles[0]] if roles and all(role in HOMES for role in roles) else "/desk/"

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        ref = actor_of(user).ref
        request.session[DEVICE] = device(request.headers.get("user-agent", ""))
        request.session[SINCE] = now().isoformat()
        append(ref, stream(ref), "account.signed_in", {"account": ref})
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors (TOTP) are kept encrypted."""

    def encrypt(self, text: str) -> str:
        return FieldCipher(field_key("second-factor")).encrypt(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return FieldCipher(field_key("second-factor")).decrypt(bytes.fromhex(encrypted_text))
