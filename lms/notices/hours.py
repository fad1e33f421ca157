"""When letters may go out: in the day, by the installation's clock. Pure."""

from datetime import datetime, time, timedelta

from django.utils import timezone

FROM, UNTIL = time(7, 30), time(20, 0)


def in_the_day(at: datetime) -> bool:
    """Whether somebody may be written to at this moment."""
    return FROM <= timezone.localtime(at).time() < UNTIL


def next_morning(at: datetime) -> datetime:
    """The first moment from then on at which somebody may be written to."""
    local = timezone.localtime(at)
    morning = local.replace(hour=FROM.hour, minute=FROM.minute, second=0, microsecond=0)
    if local.time() < FROM:
        return morning
    return at if in_the_day(at) else morning + timedelta(days=1)
