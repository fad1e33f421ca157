"""What stands in the rail: only what this person may open."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.roster.entry import standing_here
from lms.roster.enums import Permit


@dataclass(frozen=True)
class NavigationItem:
    """One line of the rail. `title` begins a group above it."""

    label: str
    url: str
    icon: str
    current: bool = False
    title: str = ""


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """The rail of the person who asks; one query, unless the view has asked it already."""
    items = [
        (_("What I have to learn"), "/", "list-checks", ""),
        (_("My record"), reverse("portal:record"), "award", ""),
        (_("Notices"), reverse("notices:mine"), "message-circle", ""),
        (_("Courses"), "/courses/", "book-open", ""),
        (_("Library"), reverse("library"), "book-marked", ""),
    ]
    standing = standing_here(request)
    permits = standing.permits() if standing else frozenset()
    if Permit.SEE_FIGURES in permits:
        items.append((_("Manager's desk"), reverse("portal:desk"), "chart-column", _("Manage")))
    if Permit.ASSIGN_LEARNING in permits:
        items.append(
            (
                _("Assign courses"),
                reverse("learning:assign"),
                "graduation-cap",
                "" if Permit.SEE_FIGURES in permits else _("Manage"),
            )
        )
    if permits & {Permit.PREPARE_REPORT, Permit.CLOSE_PERIOD}:
        items.append((_("Reports"), reverse("reports:home"), "file-text", ""))
    if Permit.MANAGE_ROSTER in permits:
        items.append((_("Staff list"), "/desk/roster/", "users", ""))
    if Permit.KEEP_COURSES in permits:
        items.append((_("Courses held elsewhere"), reverse("coverage:upload_courses"), "book-open", ""))
    if Permit.MANAGE_ACCOUNTS in permits:
        items.append((_("Accounts"), reverse("roster:accounts"), "user", ""))
        items.append((_("Roles"), reverse("roster:roles"), "key", ""))
        items.append((_("Failed work"), reverse("portal:work"), "refresh-cw", ""))
    if Permit.READ_LEDGER in permits:
        items.append((_("Audit log"), reverse("portal:log"), "history", ""))
    if Permit.ANSWER_CONTESTS in permits:
        items.append((_("Requests for review"), reverse("coverage:contests"), "message-circle", ""))
    if Permit.APPROVE_EVIDENCE in permits:
        items.append((_("Evidence to approve"), reverse("coverage:evidence"), "file-check", ""))
    if Permit.SEE_FIGURES in permits:
        items.append((_("Activities of units"), reverse("coverage:activities"), "flag", ""))
    if Permit.KEEP_CERTIFICATES in permits:
        items.append((_("Certificates"), reverse("certificates:register"), "award", ""))
    elif Permit.SET_UP_CERTIFICATES in permits:
        items.append((_("Certificates"), reverse("certificates:issuers"), "award", ""))
    if Permit.WRITE_CONTENT in permits or Permit.REVIEW_CONTENT in permits:
        items.append((_("Write courses"), "/cms/", "pencil", _("Teach")))
        items.append((_("Learners"), reverse("learning:studio"), "graduation-cap", ""))
        items.append((_("Quizzes and marks"), reverse("quizzes:studio"), "scale", ""))
    if Permit.WRITE_CONTENT in permits:
        items.append((_("Question banks"), reverse("quizzes:banks"), "list-checks", ""))
    here = _current(request.path, [url for _label, url, _icon, _title in items])
    return [NavigationItem(label, url, icon, url == here, title) for label, url, icon, title in items]


def _current(path: str, urls: list[str]) -> str:
    """The line under which a page stands: the longest address that leads to it."""
    return max(
        (url for url in urls if path.startswith(url) and (url != "/" or path == "/")), key=len, default=""
    )
