"""What this room does behind the page."""

from datetime import timedelta

from django.utils import timezone

from content.enums import ChangeKind
from lms.kernel import jobs

from . import services


@jobs.handler("learning.ask_again")
def ask_again(*, edition: int, change: str, days: int) -> None:
    """Enrol those who finished an earlier edition, for what the new one asks of them."""
    today = timezone.localdate()
    due = today + timedelta(days=days)
    services.ask_again(edition_id=edition, change=ChangeKind(change), on=today, due=due)
