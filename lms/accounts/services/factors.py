"""Taking away a second factor that its owner has lost: two people, neither of them the owner."""

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.accounts.errors import AlreadyAsked, NothingAsked, SecondAccountNeeded
from lms.accounts.models import FactorReset

from .accounts import end_sessions


def ask_for_reset(*, user_id: int, by: int, reason: str) -> None:
    """Ask that the account's passkeys, authenticator app and recovery codes be taken away."""
    if user_id == by:
        raise SecondAccountNeeded
    try:
        with transaction.atomic():
            FactorReset.objects.create(
                user_id=user_id, asked_by_id=by, asked_at=timezone.now(), reason=reason
            )
    except IntegrityError as error:
        raise AlreadyAsked from error


@transaction.atomic
def decide_reset(*, user_id: int, by: int, granted: bool) -> FactorReset:
    """The second person's yes or no. After a yes the account has no second factor and is signed out."""
    row = FactorReset.objects.select_for_update().filter(user=user_id, decided_at__isnull=True).first()
    if row is None:
        raise NothingAsked
    if by in {row.asked_by_id, row.user_id}:
        raise SecondAccountNeeded
    row.decided_by_id, row.decided_at, row.granted = by, timezone.now(), granted
    row.save(update_fields=["decided_by", "decided_at", "granted"])
    if granted:
        Authenticator.objects.filter(user=user_id).delete()
        end_sessions(user_id=user_id)
    return row
