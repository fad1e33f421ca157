"""What these pages promise and a worker keeps."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from lms.kernel import jobs

from .retention import delete_what_is_due


@jobs.handler("portal.retention", every=timedelta(days=1))
def keep_no_longer_than_promised() -> None:
    """Delete what retention.yaml keeps no longer, and sessions that have run out."""
    delete_what_is_due(timezone.now())
    call_command("clearsessions")
