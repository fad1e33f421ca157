"""What trainers see of learners: how many, how far, where they stop. Without names."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.errors import NoSuchEdition
from content.policies import courses_to_write_in
from lms.roster.enums import Permit
from lms.roster.policies import may_anywhere
from lms.roster.queries import person_of

from .heard import checks_taken, heard
from .stopping import FEW, courses_taught, way_through


def _require_trainer(request: HttpRequest) -> None:
    me = person_of(request.user)
    if me is None or not may_anywhere(me, Permit.WRITE_CONTENT, timezone.localdate()):
        raise PermissionDenied


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My courses, with who began and who completed them."""
    _require_trainer(request)
    pages = courses_to_write_in(request.user).values_list("course__code", "title")
    return render(request, "learning/studio.html", {"courses": courses_taught(pages), "few": FEW})


@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One of my courses: where people stop, whether it helped, which check misleads."""
    _require_trainer(request)
    if not courses_to_write_in(request.user).filter(course__code=code).exists():
        raise Http404
    try:
        way = way_through(code)
    except NoSuchEdition as refusal:
        raise Http404 from refusal
    context = {"heard": heard(way.edition), "checks": checks_taken(way.edition)}
    return render(request, "learning/studio_course.html", {"way": way, "few": FEW, **context})
