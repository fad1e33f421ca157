"""How allauth behaves here: accounts come from rosters, never from open sign-up."""

from collections.abc import Sequence
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.kernel.errors import Refused

from . import sealing
from .errors import FactorDemanded, TooManyTries
from .limits import counted_try
from .queries import has_factor
from .services import require_removable
from .sessions import note_password


class _Failed(Exception):
    """The try counts."""


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No open sign-up; tries are counted in the database; what does not fit is said in one way."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | dict.fromkeys(
        ("username_password_mismatch", "email_password_mismatch"),
        gettext_lazy(
            "This name and this password do not belong together. Nothing is lost: look at capitals and the "
            "Vietnamese keyboard, and try once more."
        ),
    )

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, level: int, *words: Any, **more: Any) -> None:
        """Whoever has signed in sees it by the page."""
        if words[:1] != ("account/messages/logged_in.txt",):
            super().add_message(request, level, *words, **more)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        name = credentials.get("username") or credentials.get("email") or ""
        try:
            with counted_try(request, name):
                return self._authenticated(request, credentials)
        except TooManyTries as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        except _Failed:
            return None

    def _authenticated(self, request: HttpRequest, credentials: dict[str, Any]) -> AbstractBaseUser:
        AuthenticationBackend.unstash_authenticated_user()
        user = authenticate(request, **credentials)
        user = user or AuthenticationBackend.unstash_authenticated_user()
        if user is None:
            raise _Failed
        note_password(request, user, credentials["password"])
        return user

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        super().set_password(user, password)
        if context.request and context.request.user.pk == user.pk:
            note_password(context.request, user, password)


class SealingMFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors are readable only with a key that lies outside the database."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": FactorDemanded().message
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Sequence[str] | None = None) -> bool:
        return bool(not user.is_anonymous and has_factor(user.pk, types or Authenticator.Type.values))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        try:
            with transaction.atomic():
                require_removable(authenticator)
        except Refused:
            return False
        return True

    def get_totp_issuer(self) -> str:
        return "Vững"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Vững"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """On a shared telephone the list of passkeys shows names of people."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.get_full_name()}  # type: ignore[attr-defined]

    def generate_authenticator_name(self, user: AbstractBaseUser, type: object) -> str:
        from_here: int = user.authenticator_set.filter(type=type).count()  # type: ignore[attr-defined]
        return _("Passkey {number}").format(number=from_here + 1)
