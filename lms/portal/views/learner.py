"""A learner's own pages: what I have to learn, my record."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates import queries as certificates
from content import queries as content
from lms.coverage import queries as coverage
from lms.learning import queries as learning
from lms.learning.records import AssignedToMe
from lms.notices import queries as notices
from lms.roster import queries as roster

from ..todo import tasks

SHOWN = 3
"""Notices above the list; the page of notices has all."""


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    """The public front page; signed in: what I have to learn."""
    if not request.user.is_authenticated:
        return render(request, "portal/front.html")
    person = roster.person_of(request.user)
    if person is None:
        return render(request, "portal/nobody.html")
    today = timezone.localdate()
    duties = coverage.duties_of(person.pk, today)
    courses = learning.my_courses(person.pk, today)
    offered = {edition.code for edition in content.catalogue()}
    todo = tasks(duties, courses, offered, _assigned(person.pk, today))
    return render(
        request,
        "portal/todo.html",
        {
            "tasks": todo,
            "notices": notices.new_notices(person.pk)[:SHOWN],
            "duties": duties,
            "done": [course for course in courses if course.completed_on],
            "fulfilled": [duty for duty in duties if duty.fulfilled],
            "waiting": [duty for duty in duties if duty.standing == "pending"],
        },
    )


def _assigned(person_id: int, today: date) -> list[tuple[AssignedToMe, str]]:
    """What my unit has given me, with the words that say who did."""
    rows = learning.assigned_to(person_id, today)
    names = roster.full_names({row.asked_by for row in rows if row.asked_by}) if rows else {}
    return [
        (row, _("assigned by {name}").format(name=names.get(row.asked_by or 0, _("your unit"))))
        for row in rows
    ]


def record(request: HttpRequest) -> HttpResponse:
    """Each duty of mine, counted or not, and why; what I have finished; my certificates."""
    person = roster.person_of(request.user)
    if person is None:
        return render(request, "portal/nobody.html")
    today = timezone.localdate()
    return render(
        request,
        "portal/record.html",
        {
            "person": roster.person_on(person.pk, today),
            "duties": coverage.duties_of(person.pk, today),
            "courses": learning.my_courses(person.pk, today),
            "certificates": certificates.certificates_of(person.pk, today),
            "history": roster.posting_history(person),
            "contests": coverage.contests_of(person.pk, today),
        },
    )
