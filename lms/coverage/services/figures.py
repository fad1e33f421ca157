"""Keeping the figures of large registers ready for whoever opens a desk."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from lms.coverage.duties import latest_targets
from lms.coverage.kept import keep
from lms.coverage.models import KeptFigures
from lms.kernel.jobs import enqueue

BEFORE_MIDNIGHT = timedelta(hours=4)
"""From when on the next day's figures are kept too, so that its first reader finds them."""
AFTER_THE_PERIOD = timedelta(days=60)
"""How long a target is still reported about."""
KEPT = timedelta(days=1)
"""How long figures of other days than today are kept."""


def keep_figures_of_the_day(now: datetime) -> None:
    """Keep today's figures of every target that is asked about, tomorrow's in the evening, and none older."""
    days = sorted({timezone.localdate(now), timezone.localdate(now + BEFORE_MIDNIGHT)})
    for target in latest_targets():
        for day in days:
            if target.period_start <= day <= target.period_end + AFTER_THE_PERIOD:
                keep(target.code, day)
    KeptFigures.objects.filter(kept_at__lt=now - KEPT).exclude(on__in=days).delete()


def have_figures_kept(target: str, days: Iterable[date]) -> None:
    """Have a worker keep the figures of these days; asking again asks for nothing more."""
    for day in days:
        enqueue("coverage.keep_figures", key=f"{target}:{day.isoformat()}", target=target, on=day.isoformat())
