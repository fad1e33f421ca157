"""Jobs that were set aside, in words for an administrator."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lms.kernel.jobs import MOST_KILLS
from lms.kernel.models import Job

SHOWN = 50

KINDS: dict[str, Promise] = {
    "kernel.checkpoint": gettext_lazy("Sign the state of the ledger"),
    "kernel.publish_checkpoint": gettext_lazy("Send the signed state of the ledger out of the house"),
    "kernel.tidy_jobs": gettext_lazy("Tidy up work that is done"),
    "accounts.invite": gettext_lazy("Send an invitation by e-mail"),
    "accounts.reset_letter": gettext_lazy("Send a letter for a new password"),
    "accounts.forget": gettext_lazy("Forget codes that have expired"),
    "learning.ask_again": gettext_lazy("Ask people to learn a changed lesson again"),
    "certificates.issue": gettext_lazy("Issue a certificate"),
    "certificates.issue_missing": gettext_lazy("Issue certificates that are missing"),
    "certificates.remind": gettext_lazy("Remind holders whose certificates expire"),
    "certificates.forget_misses": gettext_lazy("Forget failed look-ups of certificates"),
    "notices.gather": gettext_lazy("Gather what people are to be told"),
    "notices.letters": gettext_lazy("Write the daily letters"),
    "notices.deliver": gettext_lazy("Send a message"),
    "portal.retention": gettext_lazy("Delete what is kept no longer"),
    "content.read_file": gettext_lazy("Read a course file that was sent"),
    "content.encode_recording": gettext_lazy("Make a film or a sound small for poor lines"),
    "content.publish_scheduled": gettext_lazy("Publish pages whose hour has come"),
    "content.index_search": gettext_lazy("Bring the search up to date"),
    "quizzes.expire_attempts": gettext_lazy("Hand in attempts whose time is over"),
    "quizzes.regrade": gettext_lazy("Mark a quiz again after a correction"),
}
_CAUSES: tuple[tuple[tuple[str, ...], Promise], ...] = (
    (
        ("SMTP", "ConnectionRefused", "gaierror", "ConnectionError", "Timeout", "TimeoutError"),
        gettext_lazy("A server outside did not answer. Check the network and the settings, then try again."),
    ),
    (
        ("OSError", "PermissionError", "FileNotFoundError"),
        gettext_lazy(
            "A file could not be read or written. Check the disk and its free space, then try again."
        ),
    ),
    (
        ("OperationalError", "InterfaceError", "DatabaseError"),
        gettext_lazy("The database did not answer. Check that it runs, then try again."),
    ),
    (
        ("DoesNotExist",),
        gettext_lazy("What it was about is no longer there. Trying again will not help; it may stay here."),
    ),
)


@dataclass(frozen=True, slots=True)
class FailedWork:
    """One job as the page shows it."""

    id: int
    what: str
    cause: str
    tried: str
    since: datetime
    given_up: datetime | None
    place: str
    """Kind and place of the failure in the program, for whoever is asked for help."""


def told(job: Job) -> FailedWork:
    return FailedWork(
        id=job.pk,
        what=str(KINDS.get(job.kind, job.kind)),
        cause=_cause(job),
        tried=ngettext("tried {count} time", "tried {count} times", job.attempts).format(count=job.attempts),
        since=job.created,
        given_up=job.finished,
        place=job.error,
    )


def _cause(job: Job) -> str:
    if job.kills >= MOST_KILLS:
        return _("It brought the worker down several times, as a rule for want of memory.")
    kind = job.error.partition(" ")[0]
    for beginnings, words in _CAUSES:
        if any(beginning in kind for beginning in beginnings):
            return str(words)
    return _(
        "The program met with something that it does not know. Try again; if it fails again, send the "
        "line below to whoever looks after the platform."
    )
