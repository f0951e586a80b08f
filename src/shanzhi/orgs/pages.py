"""Addresses of sign-in. Only these pages of django-allauth are open: no sign-up, no reset by mail."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from shanzhi.orgs.queries import demo_accounts, roles


class SignIn(account.LoginView):  # type: ignore[misc]
    """Sign-in; a demo shows its accounts, each with a button."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = roles()
        lang = "en" if self.request.LANGUAGE_CODE == "en" else "zh"
        demo = [
            {
                "account": found,
                "titles": [known[role].title.get(lang, role) for role in found.roles if role in known],
            }
            for found in demo_accounts()
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"demo": demo}


urlpatterns = [
    path("accounts/login/", SignIn.as_view(), name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/2fa/", factors.index, name="mfa_index"),
    path("accounts/2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/2fa/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/2fa/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
