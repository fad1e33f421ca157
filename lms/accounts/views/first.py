"""The first sign-in: name and one-time code, then a passkey or a password."""

from ipaddress import ip_address
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lms.accounts.forms import FirstCodeForm, NewPasswordForm
from lms.accounts.sessions import begin_choosing, end_choosing, is_choosing


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def first_code(request: HttpRequest) -> HttpResponse:
    """Open an account by its one-time code. A second factor that it has already is asked for as well."""
    if request.user.is_authenticated:
        return redirect("/")
    form = FirstCodeForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        begin_choosing(request, form.user.pk)
        record_authentication(request, form.user, "first_code")
        answer: HttpResponse = perform_login(request, form.user, redirect_url=reverse("choose_way"))
        return answer
    return render(request, "account/first_code.html", {"form": form})


@never_cache
@sensitive_post_parameters("password1", "password2")
def choose_way(request: HttpRequest) -> HttpResponse:
    """How to sign in from now on: a passkey, offered first, or a password."""
    if not is_choosing(request):
        return redirect("/")
    form = NewPasswordForm(data=request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
        reauthenticate_by_password(request)
        end_choosing(request)
        messages.success(request, _("Your password is set. Next time you sign in with it."))
        return redirect("/")
    return render(
        request, "account/choose_way.html", {"form": form, "passkeys_possible": passkeys_possible(request)}
    )


class ChoosePasskeyView(AddWebAuthnView):
    """A passkey in place of a password."""

    template_name = "account/choose_passkey.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_choosing(request):
            return redirect("/")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_success_url(self) -> str:
        end_choosing(self.request)
        return reverse("first_done")


@never_cache
def first_done(request: HttpRequest) -> HttpResponse:
    """It worked: what to do next time, and where the codes for a lost telephone are."""
    return render(request, "account/first_done.html")


def passkeys_possible(request: HttpRequest) -> bool:
    """Browsers make passkeys for names, never for numbers like 127.0.0.1."""
    host = request.get_host().rpartition("]")[0].strip("[") or request.get_host().partition(":")[0]
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
