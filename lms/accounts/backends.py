"""Whose password it is: one account, one hash, whoever asks and whether it exists or not."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from .identifiers import canonical
from .models import User


class OneAccountBackend(AuthenticationBackend):
    """An officer code, or an e-mail address that one account alone has shown to be its own.

    allauth tries every account of an address, and one name as address and as code: each costs a hash, so that
    the time tells how many there are. Here it is always one; where there is no account, one for nobody.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        typed = credentials.get("username") or credentials.get("email") or ""
        found: User | None = self._check_password(account_called(typed), credentials["password"])
        return found


def account_called(typed: str) -> User | None:
    """The account with this officer code or e-mail address; None also where several share the address."""
    called = canonical(typed)
    by_code = list(User.objects.filter(username__lower=called)[:1])
    if by_code or "@" not in called:
        return by_code[0] if by_code else None
    by_mail = list(User.objects.filter(email__lower=called)[:2])
    return by_mail[0] if len(by_mail) == 1 else None
