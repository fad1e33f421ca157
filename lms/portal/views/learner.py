"""A learner's own pages: what I have to learn, my record."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from certificates import queries as certificates
from content import queries as content
from lms.coverage import queries as coverage
from lms.learning import queries as learning
from lms.roster import queries as roster

from ..todo import tasks


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
    todo = tasks(duties, courses, offered)
    return render(
        request,
        "portal/todo.html",
        {
            "tasks": todo,
            "duties": duties,
            "done": [course for course in courses if course.completed_on],
            "fulfilled": [duty for duty in duties if duty.fulfilled],
            "waiting": [duty for duty in duties if duty.standing == "pending"],
        },
    )


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
