"""What this room does behind the page."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command

from lms.kernel import jobs

from . import services


@jobs.handler("content.read_file")
def read_file(*, sent: int) -> None:
    """Make the draft of a file that a trainer has sent."""
    services.read_sent_file(pk=sent)


@jobs.handler("content.encode_recording")
def encode_recording(*, recording: int) -> None:
    """Make two sizes and a poster of a film or a sound."""
    services.encode_recording(pk=recording)


@jobs.handler("content.publish_scheduled", every=timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publish, and take back, what somebody has set a time for."""
    call_command("publish_scheduled", stdout=StringIO())


@jobs.handler("content.index_search", every=timedelta(days=1))
def index_search() -> None:
    """Make findable what no news announced."""
    services.index_what_is_missing()
