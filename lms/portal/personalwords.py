"""What the rows about a person are called, for people who do not know the tables."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .personaldata import Section

TITLES: dict[str, Promise] = {
    "roster.Person": _("Officer code"),
    "accounts.User": _("Sign-in"),
    "roster.PersonRecord": _("Name, day of birth, telephone, e-mail"),
    "roster.Posting": _("Posts"),
    "roster.Absence": _("Absences"),
    "roster.RoleGrant": _("Roles"),
    "roster.PersonMerge": _("Codes that are one person"),
    "roster.NationalId": _("National ID number"),
    "roster.Look": _("Who looked at your record"),
    "roster.ErasureRequest": _("Erasure of personal data"),
    "coverage.Evidence": _("Evidence of training"),
    "coverage.ProofFile": _("Papers that prove training"),
    "coverage.Contest": _("Contests of my record"),
    "coverage.Progress": _("Progress in courses"),
    "learning.Assignment": _("Courses assigned by the unit"),
    "learning.Enrolment": _("Courses begun"),
    "learning.FinishedStep": _("Lessons finished"),
    "learning.Completion": _("Courses finished"),
    "learning.Feedback": _("Whether lessons helped"),
    "learning.TriedCheck": _("Checks tried inside lessons"),
    "quizzes.Attempt": _("Attempts at tests"),
    "quizzes.AttemptItem": _("Answers"),
    "quizzes.MarkRevision": _("Marks"),
    "quizzes.HandMarking": _("Answers that persons mark"),
    "quizzes.HandMark": _("What markers gave"),
    "quizzes.HandedFile": _("Files handed in"),
    "quizzes.Appeal": _("Appeals against a mark"),
    "quizzes.MarkChange": _("Changes of a mark"),
    "quizzes.Accommodation": _("More time in tests"),
    "quizzes.BankKeeper": _("Question banks kept"),
    "certificates.Certificate": _("Certificates"),
    "certificates.SignedPaper": _("Certificates that the agency signed"),
    "certificates.Amendment": _("Revocations and corrections of certificates"),
    "certificates.Reminder": _("Reminders before a certificate expires"),
    "certificates.RegisterCopy": _("Copies from the register"),
    "notices.Notice": _("Notices"),
    "notices.Letter": _("Letters sent"),
    "notices.Delivery": _("Ways by which letters went"),
    "notices.Wish": _("How you want to be told"),
    "account.EmailAddress": _("E-mail addresses of the sign-in"),
    "mfa.Authenticator": _("Second factors"),
    "usersessions.UserSession": _("Where you are signed in"),
}
COLUMNS: dict[str, Promise] = {
    "code": pgettext_lazy("column", "code"),
    "full_name": pgettext_lazy("column", "full name"),
    "birth_date": pgettext_lazy("column", "day of birth"),
    "phone": pgettext_lazy("column", "telephone"),
    "email": pgettext_lazy("column", "e-mail"),
    "national_id": pgettext_lazy("column", "national ID number"),
    "unit": pgettext_lazy("column", "unit"),
    "title": pgettext_lazy("column", "position or title"),
    "since": pgettext_lazy("column", "from"),
    "until": pgettext_lazy("column", "until"),
    "decision": pgettext_lazy("column", "decision"),
    "reason": pgettext_lazy("column", "reason"),
    "role": pgettext_lazy("column", "role"),
    "status": pgettext_lazy("column", "state"),
    "state": pgettext_lazy("column", "state"),
    "course": pgettext_lazy("column", "course"),
    "level": pgettext_lazy("column", "level"),
    "hours": pgettext_lazy("column", "hours"),
    "score": pgettext_lazy("column", "result in per cent"),
    "outcome": pgettext_lazy("column", "outcome"),
    "source": pgettext_lazy("column", "source"),
    "completed_on": pgettext_lazy("column", "finished on"),
    "valid_until": pgettext_lazy("column", "valid until"),
    "issued_on": pgettext_lazy("column", "issued on"),
    "number_text": pgettext_lazy("column", "number"),
    "looker": pgettext_lazy("column", "who looked"),
    "page": pgettext_lazy("column", "page"),
    "day": pgettext_lazy("column", "day"),
    "started_at": pgettext_lazy("column", "begun at"),
    "submitted_at": pgettext_lazy("column", "handed in at"),
    "answer": pgettext_lazy("column", "answer"),
    "points": pgettext_lazy("column", "points"),
    "percent": pgettext_lazy("column", "per cent"),
    "passed": pgettext_lazy("column", "passed"),
    "username": pgettext_lazy("column", "sign-in name"),
    "last_login": pgettext_lazy("column", "last signed in"),
    "approved_by": pgettext_lazy("column", "approved by"),
    "granted_by": pgettext_lazy("column", "granted by"),
    "reference": pgettext_lazy("column", "reference"),
    "created_at": pgettext_lazy("column", "made at"),
    "believed_now": pgettext_lazy("column", "holds now"),
}
"""Columns that a person reads; others stand in the JSON file."""


def title_of(section: Section) -> str:
    """What the section is called; the table's own name where nobody has given it a word yet."""
    name = str(TITLES.get(section.kind, section.kind))
    if section.own:
        return name
    return str(_("What you did: {kind}")).format(kind=name)


def columns_of(section: Section) -> list[str]:
    """The columns with words that hold something in some row."""
    return [name for name in COLUMNS if any(row.get(name) not in (None, "", [], {}) for row in section.rows)]
