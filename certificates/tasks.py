"""Work behind the page."""

from datetime import timedelta

from django.utils import timezone

from lms.kernel.jobs import handler
from lms.roster.queries import actor

from . import limits, services
from .errors import NotEarned, UnprintableName


@handler("certificates.issue")
def issue(*, person: int, course: str, edition: int) -> None:
    """Issue, unless it was done before or the completion was withdrawn in the meantime."""
    try:
        services.issue_certificate(
            person_id=person, course_code=course, edition=edition, on=timezone.localdate()
        )
    except (NotEarned, UnprintableName):
        return


@handler("certificates.issue_missing")
def issue_missing(*, by: str) -> None:
    """Issue what is due and missing; `by` asked for it."""
    services.issue_missing(on=timezone.localdate(), by=actor(by))


@handler("certificates.remind", every=timedelta(days=1))
def remind() -> None:
    """Tell holders of papers that end, and open their courses again."""
    services.remind_holders(on=timezone.localdate())


@handler("certificates.forget_misses", every=timedelta(days=1))
def forget_misses() -> None:
    """Forget which addresses asked in vain."""
    limits.forget_misses()
