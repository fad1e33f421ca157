"""Taking away a second factor: by its owner, who keeps a way in; one that is lost, by two others."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.accounts.errors import (
    AlreadyAsked,
    FactorDemanded,
    LastWayIn,
    NothingAsked,
    SecondAccountNeeded,
)
from lms.accounts.models import FactorReset, User
from lms.accounts.register import register

from .accounts import end_sessions


def require_removable(factor: Authenticator) -> None:
    """LastWayIn, FactorDemanded: if its owner could not come in without it, or not see what their role shows.

    Locks the account, inside a transaction: of two passkeys that are removed at once, one stays.
    """
    owner = User.objects.select_for_update().get(pk=factor.user_id)
    others = Authenticator.objects.filter(user=owner).exclude(pk=factor.pk)
    is_a_way_in = factor.type == Authenticator.Type.WEBAUTHN and not owner.has_usable_password()
    if is_a_way_in and not others.filter(type=Authenticator.Type.WEBAUTHN).exists():
        raise LastWayIn
    demanded = settings.SECOND_FACTOR == "required" and register().sees_others(owner.pk, timezone.localdate())
    if demanded and not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        raise FactorDemanded


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
