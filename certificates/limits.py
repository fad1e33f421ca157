"""Against guessing: ten misses a minute from one address, and an alarm when too many of all asks miss.

Whoever holds a paper does not miss, so a province behind one address may ask as often as it likes.
"""

import logging
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Misses
from .signals import misses_alarming

MISSES_A_MINUTE = 10
MINUTE = timedelta(minutes=1)
ALARM_AFTER = 200
"""Asks in an hour before a rate says anything."""
ALARM_RATE = 0.01
_log = logging.getLogger(__name__)


def exhausted(request: HttpRequest) -> bool:
    """Whether this address has missed too often in this minute. One query."""
    rows = Misses.objects.filter(key=_key(request), since__gt=timezone.now() - MINUTE)
    return rows.filter(count__gte=MISSES_A_MINUTE).exists()


def missed(request: HttpRequest) -> None:
    """Nothing was found: count it, for every process of ours and past a cache that is emptied."""
    _count(_key(request))
    misses, asks = _hour("misses"), _hour("asks")
    if asks >= ALARM_AFTER and misses > asks * ALARM_RATE and cache.add("verify:alarm", 1, timeout=3600):
        _log.error(
            "certificates: %d of %d checks in this hour found nothing; somebody may guess", misses, asks
        )
        misses_alarming.send(sender=None, misses=misses, asks=asks)


def forget_misses() -> None:
    """Addresses that have missed are known for a minute; their rows go within a day."""
    Misses.objects.filter(since__lt=timezone.now() - MINUTE).delete()


def _count(key: str) -> None:
    now = timezone.now()
    rows = Misses.objects.filter(key=key)
    if rows.filter(since__gt=now - MINUTE).update(count=F("count") + 1):
        return
    if rows.filter(since__lte=now - MINUTE).update(count=1, since=now):
        return
    _row, made = Misses.objects.get_or_create(key=key, defaults={"since": now, "count": 1})
    if not made:  # another process was first
        rows.update(count=F("count") + 1)


def found() -> None:
    _hour("asks")


def _hour(what: str) -> int:
    key = f"verify:{what}"
    cache.add(key, 0, timeout=3600)
    return _counted(key, 3600)


def _counted(key: str, seconds: int) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired between the two
        cache.set(key, 1, timeout=seconds)
        return 1


def _key(request: HttpRequest) -> str:
    return salted_hmac("certificates.misses", address(request), algorithm="sha256").hexdigest()[:32]


def address(request: HttpRequest) -> str:
    """Where a request comes from; of IPv6 the network, since a household has 2^64 addresses.

    What a client writes into X-Forwarded-For itself stands left of what our own proxy adds.
    """
    text = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        text = request.META.get("HTTP_X_FORWARDED_FOR", text).rpartition(",")[2].strip()
    try:
        ip = ip_address(text)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{ip}/64", strict=False)) if isinstance(ip, IPv6Address) else str(ip)
