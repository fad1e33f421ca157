"""What follows when somebody came in, or set up a second factor."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from .devices import remember_device
from .models import User
from .sessions import is_choosing


@receiver(user_logged_in)
def know_the_device(request: HttpRequest, response: HttpResponse, user: User, **_kwargs: Any) -> None:
    remember_device(request, response, [user.username, user.email])


@receiver(user_logged_in)
def note_the_session(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """For the list of one's own sessions, in one statement whether its key is noted already or not."""
    if not request.session.session_key:
        request.session.create()
    noted = UserSession(
        session_key=request.session.session_key,
        user_id=user.pk,
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH],
    )
    UserSession.objects.bulk_create(
        [noted],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "ip", "user_agent", "last_seen_at"],
    )


@receiver(user_logged_in)
def forget_the_old_password(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A one-time code replaces the password; whoever was signed in by it is out at the next request."""
    if is_choosing(request) and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)


@receiver(authenticator_added)
def setting_up_is_proving(
    request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """Who has just set a second factor up need not show it again at once."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
        )
