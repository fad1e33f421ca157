"""What this room does behind the page."""

from datetime import timedelta

from lms.kernel import jobs

from . import services


@jobs.handler("content.read_file")
def read_file(*, sent: int) -> None:
    """Make the draft of a file that a trainer has sent."""
    services.read_sent_file(pk=sent)


@jobs.handler("content.index_search", every=timedelta(days=1))
def index_search() -> None:
    """Make findable what no news announced."""
    services.index_what_is_missing()
