"""Single sign-on: a provider vouches for an officer code, and the register says whose it is.

Nothing of what a provider tells is kept, not even that it vouched once: each sign-in asks the register anew.
"""

import logging
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

import requests
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lms.kernel.folding import clean_text

from .models import User
from .register import register

_log = logging.getLogger(__name__)
_LONGEST = 64


class VouchedForAdapter(DefaultSocialAccountAdapter):
    """Providers stand in the settings alone; what they say about people makes and changes no account."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        """A provider that does not answer, or not in its language, is told as one, wherever it is asked."""
        session: requests.Session = super().get_requests_session()
        session.request = partial(_asked, self.request, session.request)  # type: ignore[method-assign]
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Instead of what allauth would do: it matches by what it kept, and offers to sign up."""
        raise ImmediateHttpResponse(_come_in(request, sociallogin))


def vouched_code(claim: str, told: dict[str, Any]) -> str:
    """The officer code that a provider's answer names; empty if it names none, or is not of one mind.

    OpenID Connect tells an ID token and, beside it, what its address for user data says: both must be about
    one subject (OpenID Connect Core 1.0, section 5.3.2). SAML tells a list for each attribute.
    """
    token, looked_up = told.get("id_token") or {}, told.get("userinfo") or {}
    if token and looked_up and token.get("sub") != looked_up.get("sub"):
        return ""
    value = looked_up.get(claim, token.get(claim, told.get(claim)))
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    code = clean_text(str(value))
    return code if len(code) <= _LONGEST else ""


def _asked(
    request: HttpRequest, ask: Callable[..., requests.Response], *args: Any, **options: Any
) -> requests.Response:
    try:
        answer = ask(*args, **options)
        answer.raise_for_status()
        answer.json()
    except requests.RequestException as error:
        _log.warning("a provider of single sign-on gave no answer: %s", type(error).__name__)
        page = render(request, "socialaccount/authentication_error.html", status=HTTPStatus.BAD_GATEWAY)
        raise ImmediateHttpResponse(page) from error
    return answer


def _come_in(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    app = login.provider.app
    code = vouched_code(app.settings["officer_code"], login.account.extra_data)
    user_id = register().account_of(code, timezone.localdate()) if code else None
    if user_id is None:
        _log.warning("%s vouched for somebody whom the register does not know", app.name)
        return render(request, "account/not_in_register.html", {"provider": login.provider}, status=403)
    user = User.objects.get(pk=user_id)
    if request.user.is_authenticated:
        get_account_adapter(request).logout(request)
    record_authentication(request, user, "socialaccount", provider=app.provider_id)
    answer: HttpResponse = perform_login(request, user, redirect_url=login.get_redirect_url(request))
    return answer
