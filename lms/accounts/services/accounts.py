"""Opening, closing and reopening accounts."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from lms.accounts.errors import AlreadyClosed, NotClosed
from lms.accounts.models import Closure, FactorReset, FirstCode, User

from .codes import withdraw_codes


def open_account(*, username: str, display_name: str, password: str | None = None, email: str = "") -> User:
    """A sign-in for somebody; without a password it opens by code, passkey or single sign-on only."""
    return User.objects.create_user(username, email, password, display_name=display_name)


def open_accounts(named: Iterable[tuple[str, str]]) -> dict[str, User]:
    """Accounts without a password for many at once, by user name: (user name, name to show) each."""
    drafts = [User(username=username, display_name=name) for username, name in named]
    for draft in drafts:
        draft.set_unusable_password()
    return {user.username: user for user in User.objects.bulk_create(drafts)}


@transaction.atomic
def close_account(*, user_id: int, by: int | None = None, reason: str = "") -> None:
    """Nobody signs in with it any more, and who is signed in is out at the next request."""
    if not User.objects.filter(pk=user_id, is_active=True).update(is_active=False):
        raise AlreadyClosed
    Closure.objects.create(user_id=user_id, closed_at=timezone.now(), closed_by_id=by, reason=reason)
    withdraw_codes(user_ids=[user_id])
    end_sessions(user_id=user_id)


@transaction.atomic
def reopen_account(*, user_id: int, by: int | None = None) -> None:
    """It may be used again, by what opened it before."""
    if not User.objects.filter(pk=user_id, is_active=False).update(is_active=True):
        raise NotClosed
    closed = Closure.objects.filter(user=user_id, reopened_at__isnull=True)
    closed.update(reopened_at=timezone.now(), reopened_by_id=by)


def write_to(*, user_id: int, language: str) -> None:
    """Letters to this account go out in this language from now on."""
    User.objects.filter(pk=user_id).update(language=language)


def end_sessions(*, user_id: int) -> None:
    """Sign the holder out everywhere."""
    for session in UserSession.objects.filter(user=user_id):
        session.end()


@transaction.atomic
def forget_account(*, user_id: int) -> None:
    """Nobody signs in here any more, and nothing says who did: names, addresses, factors and codes are gone.

    The row stays, empty, since acts of others name it.
    """
    end_sessions(user_id=user_id)
    EmailAddress.objects.filter(user_id=user_id).delete()
    Authenticator.objects.filter(user_id=user_id).delete()
    UserSession.objects.filter(user_id=user_id).delete()
    for told in (FirstCode, FactorReset, Closure):
        told.objects.filter(user_id=user_id).delete()
    user = User.objects.get(pk=user_id)
    user.username, user.display_name, user.email = f"erased-{user.public_id}", "", ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
