"""How often a sign-in may fail: by account first, by address with a high ceiling (docs/decisions/0052).

A province signs in from one address: 500 honest people a minute pass. One who guesses meets the account's
limit after ten tries; who spreads guesses over many accounts meets the address's. A device from which an
account was signed in before is counted apart, so that nobody is locked out by somebody else's guessing. The
tallies stand in the database: they hold for all processes, and flushing a cache gives no guess back.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.core.internal.ratelimit import get_ip
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .devices import known_device
from .errors import TooManyTries
from .identifiers import canonical
from .models import Tally

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most so many failures of one side within one window of time."""

    side: str
    most: int
    within: timedelta


ACCOUNT = (Limit("account", 10, timedelta(minutes=15)), Limit("account", 60, timedelta(days=1)))
DEVICE = (Limit("device", 10, timedelta(minutes=15)),)
ADDRESS = (Limit("address", 400, timedelta(minutes=10)), Limit("address", 4_000, timedelta(days=1)))
SECOND_FACTOR = (
    Limit("second factor", 10, timedelta(minutes=15)),
    Limit("second factor", 60, timedelta(days=1)),
)


@dataclass(frozen=True)
class _Counted:
    limit: Limit
    side: bytes
    until: datetime


@contextmanager
def counted_try(request: HttpRequest, name: str) -> Iterator[None]:
    """Count a try to open the account of this name; what succeeds (raises nothing) is given back.

    The try is counted before the secret is looked at, so that guesses sent at the same moment count as well.
    TooManyTries: the secret must not be looked at.
    """
    called = canonical(name)
    if (device := known_device(request, called)) is not None:
        sides = [(limit, f"{device}:{called}") for limit in DEVICE]
    else:
        address = get_ip(request)
        sides = [(limit, called) for limit in ACCOUNT] + [(limit, address) for limit in ADDRESS]
    with _counted(sides):
        yield


@contextmanager
def counted_second_factor(user_id: int) -> Iterator[None]:
    """Count a try at an account's second factor; as above."""
    with _counted([(limit, str(user_id)) for limit in SECOND_FACTOR]):
        yield


@contextmanager
def _counted(sides: list[tuple[Limit, str]]) -> Iterator[None]:
    now = timezone.now()
    counted = [_Counted(limit, _side(limit, about), _end(limit, now)) for limit, about in sides]
    values = _values(counted)
    tries = _count(values)
    if any(tries[one.side] > one.limit.most for one in counted):
        _give_back(values)  # this try looks at no secret
        raise TooManyTries
    try:
        yield
    except Exception:
        for one in counted:
            if tries[one.side] == one.limit.most:
                _log.warning("too many failed sign-ins of one %s within %s", one.limit.side, one.limit.within)
        raise
    _give_back(values)


def _values(counted: list[_Counted]) -> list[bytes | str | datetime]:
    """Sides and ends as the database takes them, always in one order, so that no two wait for each other."""
    field = Tally._meta.get_field("until")
    ends = {one.until for one in counted}
    written = {end: field.get_db_prep_value(end, connection) for end in ends}
    rows = sorted((one.side, one.until) for one in counted)
    return [value for side, until in rows for value in (side, written[until])]


def _give_back(values: list[bytes | str | datetime]) -> None:
    """Take one off each tally."""
    holes = " OR ".join(["(side = %s AND until = %s)"] * (len(values) // 2))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE accounts_tally SET tries = tries - 1 WHERE tries > 0 AND ({holes})",  # noqa: S608 — holes
            values,
        )


def _count(values: list[bytes | str | datetime]) -> dict[bytes, int]:
    """Add one to each tally in one statement."""
    holes = ", ".join(["(%s, %s, 1)"] * (len(values) // 2))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_tally (side, until, tries) VALUES {holes} "  # noqa: S608 — holes, no values
            "ON CONFLICT (side, until) DO UPDATE SET tries = accounts_tally.tries + 1 "
            "RETURNING side, tries",
            values,
        )
        found = cursor.fetchall()
    return {bytes(side): tries for side, tries in found}


def _side(limit: Limit, about: str) -> bytes:
    return salted_hmac(f"vung limit {limit.side} {limit.within}", about, algorithm="sha256").digest()[:16]


def _end(limit: Limit, now: datetime) -> datetime:
    """The window in which `now` lies, by its end; windows of one limit follow each other without a gap."""
    seconds = int(limit.within.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)
