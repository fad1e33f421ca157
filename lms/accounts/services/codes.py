"""One-time codes: made, shown once, used once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from lms.accounts.codes import Mistyped, new_code, read_code, shown_code
from lms.accounts.enums import CodeWay
from lms.accounts.errors import CodeRefused
from lms.accounts.identifiers import canonical
from lms.accounts.models import FirstCode, User
from lms.accounts.records import IssuedCode
from lms.accounts.register import register


@transaction.atomic
def issue_codes(
    *, user_ids: Sequence[int], by: int | None, way: CodeWay = CodeWay.PRINTED, address: str = ""
) -> dict[int, IssuedCode]:
    """A new code for each of these accounts, by user id; what was issued before and not used opens nothing.

    The records are the only place where the codes stand: show them, then let them go. A closed account gets
    none.
    """
    now = timezone.now()
    expires = now + timedelta(hours=settings.FIRST_CODE_HOURS)
    users = User.objects.select_for_update().filter(pk__in=user_ids, is_active=True).order_by("pk")
    issued = {
        pk: IssuedCode(pk, shown_code(new_code()), expires) for pk in users.values_list("pk", flat=True)
    }
    withdraw_codes(user_ids=list(issued))
    FirstCode.objects.bulk_create(
        FirstCode(
            user_id=pk,
            digest=_digest(read_code(made.code)),
            way=way,
            sent_to=address_digest(address) if address else b"",
            issued_at=now,
            issued_by_id=by,
            expires_at=expires,
        )
        for pk, made in issued.items()
    )
    return issued


def withdraw_codes(*, user_ids: Sequence[int]) -> None:
    """What was issued for these accounts and waits opens nothing any more."""
    waiting = FirstCode.objects.filter(user__in=user_ids, used_at__isnull=True, withdrawn_at__isnull=True)
    waiting.update(withdrawn_at=timezone.now())


@transaction.atomic
def redeem_code(*, name: str, code: str) -> User:
    """Use up the code of the account whose holder the register knows by this name; CodeRefused otherwise.

    The code finds the account, the name only confirms it: a telephone that several people share, or that has
    passed to somebody else, leads to nobody's account but that of the code. Of two browsers one succeeds.
    """
    row = _row(code)
    now = timezone.now()
    called = canonical(name)
    if row is None or not row.user.is_active or not _is_called(row.user, called):
        raise CodeRefused
    waiting = FirstCode.objects.filter(
        pk=row.pk, used_at__isnull=True, withdrawn_at__isnull=True, issued_at__lte=now, expires_at__gt=now
    )
    if not waiting.update(used_at=now):
        raise CodeRefused
    _learn_address(row)
    return row.user


def _row(code: str) -> FirstCode | None:
    try:
        digest = _digest(read_code(code))
    except Mistyped:
        return None
    return FirstCode.objects.select_related("user").filter(digest=digest).first()


def _is_called(user: User, called: str) -> bool:
    names = [user.username, *register().names_of(user.pk)]
    return bool(called) and any(constant_time_compare(canonical(name), called) for name in names if name)


def _learn_address(row: FirstCode) -> None:
    """The code came by e-mail and was used: the address, if the register still says it, is the holder's."""
    address = register().address_of(row.user_id) if row.sent_to else ""
    if address and constant_time_compare(address_digest(address), bytes(row.sent_to)):
        User.objects.filter(pk=row.user_id).update(email=address.lower())


def address_digest(address: str) -> bytes:
    return salted_hmac("vung invitation", address.lower(), algorithm="sha256").digest()


def _digest(code: str) -> bytes:
    return salted_hmac("vung first code", code, algorithm="sha256").digest()


def expired_before(now: datetime) -> int:
    """Forget codes that can open nothing since a year; how many that were."""
    old = FirstCode.objects.filter(expires_at__lt=now - timedelta(days=365))
    return old.delete()[0]
