"""The page on which a unit gives courses to its people: whom, which, by when; and takes it back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from content import queries as content
from content.records.editions import EditionListed
from lms.kernel.errors import Refused
from lms.roster import policies
from lms.roster import queries as roster
from lms.roster.enums import Permit
from lms.roster.queries import Person
from lms.roster.records import PersonOnDay, UnitOnDay

from . import queries, services
from .records import AssignmentAct, CourseState

MOST = 500
"""People on one page; a larger unit is assigned to by its parts."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the unit, and how far they are with the chosen course."""

    person: PersonOnDay
    state: CourseState
    away: str

    @property
    def proposed(self) -> bool:
        """Ticked at first: has neither completed the course nor been asked, and is here."""
        return not (self.state.completed_on or self.state.assigned or self.away)


@dataclass(frozen=True, slots=True)
class ActLine:
    """One press of the button, with the name of who pressed."""

    act: AssignmentAct
    asked_by: str


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """People of one unit with their state in one course; POST assigns it to those that are ticked."""
    today = timezone.localdate()
    me = _manager(request, today)
    unit = _unit(me, request.GET.get("unit", ""), today)
    courses = content.assignable()
    chosen = _chosen(courses, request.GET.get("course", ""))
    if request.method == "POST" and chosen is not None:
        return _assign(request, me, unit, chosen, today)
    anchor = roster.unit_by_code(unit.code)
    within = policies.units_within_reach(me, Permit.ASSIGN_LEARNING, today)
    reach = set(within.values_list("pk", flat=True))
    sought = request.GET.get("q", "").strip()[:120]
    people = roster.people_here(unit.id, today)
    shown = roster.people_on(people, today) if people.count() <= MOST else []
    return render(
        request,
        "learning/assign.html",
        {
            "unit": unit,
            "path": [step for step in roster.path_of(anchor, today)[:-1] if step.id in reach],
            "below": roster.children_of(anchor, today),
            "sought": sought,
            "found": roster.search_units(sought, today, among=within) if sought else [],
            "courses": courses,
            "course": chosen,
            "candidates": _candidates(shown, chosen, today),
            "too_many": 0 if shown else people.count(),
            "today": today,
            "acts": _acts(me, today),
        },
    )


def _manager(request: HttpRequest, today: date) -> Person:
    me = roster.person_of(request.user)
    if me is None or not policies.may_anywhere(me, Permit.ASSIGN_LEARNING, today):
        raise PermissionDenied
    return me


def _unit(me: Person, code: str, today: date) -> UnitOnDay:
    """The unit that is asked for, within my reach; without one, the first that my roles name."""
    if code:
        units = policies.units_within_reach(me, Permit.ASSIGN_LEARNING, today).filter(code=code)
    else:
        units = policies.tops_within_reach(me, Permit.ASSIGN_LEARNING, today)
    found = roster.units_on(units, today)
    if not found:
        raise Http404
    return found[0]


def _chosen(courses: list[EditionListed], code: str) -> EditionListed | None:
    if not code:
        return courses[0] if courses else None
    found = next((course for course in courses if course.code == code), None)
    if found is None:
        raise Http404
    return found


def _candidates(people: list[PersonOnDay], course: EditionListed | None, today: date) -> list[Candidate]:
    if course is None or not people:
        return []
    ids = [person.id for person in people]
    states, away = queries.course_states(ids, course.code, today), roster.absence_reasons(ids, today)
    return [Candidate(one, states.get(one.id, CourseState()), away.get(one.id, "")) for one in people]


def _acts(me: Person, today: date) -> list[ActLine]:
    acts = queries.acts_within(policies.people_within_reach(me, Permit.ASSIGN_LEARNING, today), today)
    names = roster.full_names({act.asked_by for act in acts if act.asked_by})
    return [ActLine(act, names.get(act.asked_by or 0, "")) for act in acts]


def _assign(
    request: HttpRequest, me: Person, unit: UnitOnDay, course: EditionListed, today: date
) -> HttpResponseRedirect:
    try:
        due = parse_date(request.POST.get("due", "")) if request.POST.get("due") else None
        ids = roster.person_ids(request.POST.getlist("person")).values()
        done = services.assign_course(people=list(ids), course=course.code, due=due, by=me, on=today)
    except (Refused, ValueError) as refusal:
        words = refusal if isinstance(refusal, Refused) else _("This is no day: write it as 14/12/2026.")
        messages.error(request, str(words))
    else:
        words = ngettext(
            "The course is assigned to {n} person; they are told.",
            "The course is assigned to {n} people; they are told.",
            done.new,
        )
        messages.success(request, words.format(n=done.new))
    query = urlencode({"unit": unit.code, "course": course.code})
    return redirect(f"{reverse('learning:assign')}?{query}")


@require_POST
def take_back(request: HttpRequest, act: UUID) -> HttpResponse:
    """Undo one assignment, of everybody within my reach."""
    today = timezone.localdate()
    me = _manager(request, today)
    number = services.take_back_assignments(act=act, by=me, on=today)
    if not number:
        raise Http404
    words = ngettext(
        "Taken back from {n} person. What was learned stays.",
        "Taken back from {n} people. What was learned stays.",
        number,
    )
    messages.success(request, words.format(n=number))
    return redirect("learning:assign")
