"""One's own account: how one signs in, where one is signed in, what was done to it."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.accounts.door import lacking
from lms.accounts.enums import Lack
from lms.accounts.lengths import FEWEST_ALONE
from lms.accounts.queries import code_history
from lms.accounts.register import register

from .first import passkeys_possible


@require_safe
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """Password, passkeys, app, recovery codes, sessions, and the codes that others had issued."""
    kinds = list(Authenticator.objects.filter(user=request.user.pk).values_list("type", flat=True))
    return render(
        request,
        "account/security.html",
        {
            "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
            "app": Authenticator.Type.TOTP in kinds,
            "recovery": Authenticator.Type.RECOVERY_CODES in kinds,
            "sessions": UserSession.objects.filter(user=request.user.pk).count(),
            "codes": code_history(request.user.pk or 0),
            "demanded": _demanded(request),
            "passkeys_possible": passkeys_possible(request),
        },
    )


@require_safe
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """The door for whoever sees others: show the second factor, or set one up, or type more."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    lack = lacking(request)
    if lack is None:
        return redirect(target)
    if is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': target})}")
    return render(
        request,
        "account/second_factor.html",
        {
            "passkeys_possible": passkeys_possible(request),
            "target": target,
            "longer_helps": lack == Lack.LENGTH,
            "fewest": FEWEST_ALONE,
        },
    )


def _demanded(request: HttpRequest) -> bool:
    """Whether the holder's roles demand a second factor here, or would on a real installation."""
    return settings.SECOND_FACTOR == "required" and register().sees_others(
        request.user.pk or 0, timezone.localdate()
    )
