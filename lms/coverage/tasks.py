"""Work behind the page."""

from datetime import date, timedelta

from django.utils import timezone

from lms.kernel.jobs import handler

from .kept import keep
from .services import keep_figures_of_the_day


@handler("coverage.keep_figures_of_the_day", every=timedelta(minutes=10))
def keep_ready() -> None:
    """Count the figures of large registers before anybody opens a desk, and bring them forward."""
    keep_figures_of_the_day(timezone.now())


@handler("coverage.keep_figures")
def keep_figures(*, target: str, on: str) -> None:
    """Somebody waits for the figures of this day."""
    keep(target, date.fromisoformat(on))
