"""Named reads of accounts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from .models import Closure, FactorReset, FirstCode, User
from .records import AccountEvent, AccountState

CODES_SHOWN = 20


def account_states(user_ids: Iterable[int]) -> dict[int, AccountState]:
    """How far these accounts have come, by user id: one query however many."""
    now = timezone.now()
    users = User.objects.filter(pk__in=list(user_ids)).annotate(
        factor=Exists(_second_factors()),
        code_until=Subquery(_waiting(now).values("expires_at")[:1]),
        reset=Exists(FactorReset.objects.filter(user=OuterRef("pk"), decided_at__isnull=True)),
    )
    return {
        user.pk: AccountState(
            user.pk,
            user.username,
            user.is_active,
            user.last_login,
            user.has_usable_password(),
            user.factor,
            user.code_until,
            user.reset,
        )
        for user in users
    }


def in_state(state: str) -> QuerySet[User]:
    """Accounts that were `never` used, `used`, `closed`, or whose second factor somebody asks to `reset`."""
    match state:
        case "never":
            return User.objects.filter(is_active=True, last_login__isnull=True)
        case "used":
            return User.objects.filter(is_active=True, last_login__isnull=False)
        case "closed":
            return User.objects.filter(is_active=False)
        case "reset":
            waiting = FactorReset.objects.filter(decided_at__isnull=True)
            return User.objects.filter(pk__in=waiting.values("user"))
    raise ValueError(state)


def has_factor(user_id: int, types: Sequence[str]) -> bool:
    """Whether the account has an authenticator of one of these types; asked at every sign-in."""
    holes = ", ".join(["%s"] * len(types))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM mfa_authenticator WHERE user_id = %s AND type IN ({holes}) LIMIT 1",  # noqa: S608
            [user_id, *map(str, types)],
        )
        return cursor.fetchone() is not None


def code_history(user_id: int) -> list[FirstCode]:
    """The one-time codes of an account, the newest first, with who had them issued."""
    rows = FirstCode.objects.filter(user=user_id).select_related("issued_by").order_by("-pk")
    return list(rows[:CODES_SHOWN])


def waiting_reset(user_id: int) -> FactorReset | None:
    """What somebody has asked about this account's second factor and nobody has decided."""
    rows = FactorReset.objects.filter(user=user_id, decided_at__isnull=True)
    return rows.select_related("asked_by").first()


def account_history(user_id: int) -> list[AccountEvent]:
    """What was done to an account and by whom, the newest first."""
    events = [
        AccountEvent(code.issued_at, _named(code.issued_by), "code", code) for code in code_history(user_id)
    ]
    for reset in FactorReset.objects.filter(user=user_id).select_related("asked_by", "decided_by"):
        events.append(AccountEvent(reset.asked_at, _named(reset.asked_by), "reset_asked", reset))
        if reset.decided_at:
            what = "reset_granted" if reset.granted else "reset_refused"
            events.append(AccountEvent(reset.decided_at, _named(reset.decided_by), what, reset))
    for closure in Closure.objects.filter(user=user_id).select_related("closed_by", "reopened_by"):
        events.append(AccountEvent(closure.closed_at, _named(closure.closed_by), "closed", closure))
        if closure.reopened_at:
            events.append(AccountEvent(closure.reopened_at, _named(closure.reopened_by), "reopened", closure))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _named(user: User | None) -> str:
    return user.get_full_name() if user else ""


def _second_factors() -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=OuterRef("pk"))
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES)


def _waiting(now: datetime) -> QuerySet[FirstCode]:
    return FirstCode.objects.filter(
        user=OuterRef("pk"), used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
