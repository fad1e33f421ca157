"""What this room does by itself."""

from datetime import timedelta

from lms.kernel import jobs

from . import services
from .enums import Decision
from .models import KeyCorrection


@jobs.handler("quizzes.expire_attempts", every=timedelta(minutes=1))
def expire_attempts() -> None:
    """Close the attempts whose time is up and that nobody has handed in."""
    services.expire_overdue_attempts()


@jobs.handler("quizzes.regrade")
def regrade(*, correction: int) -> None:
    """Mark again what a corrected key concerns."""
    rows = KeyCorrection.objects.select_related("decided_by")
    services.regrade(correction=rows.get(pk=correction, decision=Decision.APPROVED))
