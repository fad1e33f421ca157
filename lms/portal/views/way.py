"""The way to the target: what to do, for whom, and what the figure would be afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from content.queries import course_anchors, latest_edition
from content.records.anchors import CourseAnchor
from lms.coverage import queries as coverage
from lms.coverage.records import Figure, TargetListed
from lms.kernel.errors import Refused
from lms.learning import queries as learning
from lms.learning import services as courses
from lms.learning.enums import Reason
from lms.notices import services as notices
from lms.notices.enums import Subject
from lms.notices.records import About
from lms.roster import queries as roster
from lms.roster.entry import standing_here
from lms.roster.enums import LookedAt, Permit
from lms.roster.policies import holders_over
from lms.roster.records import PersonOnDay
from lms.roster.services import note_looks

from ..way import Kind, Step, by_person, by_state
from .desk import Line, Place, being_counted, find_place, lines_below, rule_mark, share

LOOKED_INTO = 5_000
"""How many missing people are looked into one by one; above that the states and the units below tell."""
SHOWN = 50
AT_ONCE = 200
"""How many people one tap enrols."""
ENROLLED = frozenset({Kind.LEARNING, Kind.NEARLY, Kind.BEGUN})
"""Who need not be enrolled: they have begun."""


@dataclass(frozen=True)
class StepShown:
    """A step with the way into its list of people."""

    step: Step
    url: str

    @property
    def kind(self) -> str:
        return self.step.kind.value


def way(request: HttpRequest) -> HttpResponse:
    """The ranked steps; one of them opened into its people, fifty a page, by officer code."""
    place = find_place(request, Permit.READ_RECORDS)
    if place.target is None or place.target.counts != "people":
        raise Http404
    figure = coverage.figure_at_once(place.target.code, place.unit.code, place.on)
    if figure is None:
        return being_counted(request, place, place.target, [place.on])
    steps = _steps(place, figure)
    chosen = _chosen(steps, request.GET.get("step", ""))
    after = request.GET.get("after", "")
    codes = [code for code in chosen.people if code > after] if chosen else []
    people = roster.people_with_codes(codes[:SHOWN], place.on)
    if people:
        note_looks(
            people=[one.id for one in people], page=LookedAt.TRAINING, by=place.me, on=timezone.localdate()
        )
    return render(
        request,
        "portal/way.html",
        {
            "place": place,
            "figure": figure,
            "share": share(figure),
            "rule": rule_mark(place.target),
            "steps": [StepShown(step, place.link("portal:way", step=step.kind.value)) for step in steps],
            "chosen": chosen,
            "people": people,
            "units": _units(people),
            "after": place.link("portal:way", step=chosen.kind.value, after=codes[SHOWN - 1])
            if chosen and len(codes) > SHOWN
            else "",
            "below": [] if any(step.people for step in steps) else _worst(place, figure),
            "acts": _acts(request, place, chosen),
            "courses": _taught(place) if chosen and chosen.kind not in ENROLLED else [],
            "remind_url": place.link("portal:remind"),
            "enrol_url": place.link("portal:enrol"),
            "codes_url": place.link("portal:ask_for_codes"),
            "back": place.link(),
        },
    )


NEARER = {Kind.LEARNING: (Kind.NEARLY, Kind.BEGUN), Kind.START: (Kind.HERE, Kind.NEVER)}
"""What the desk calls in one word, and this page tells apart; the nearer first."""


def _chosen(steps: Sequence[Step], asked: str) -> Step | None:
    """The step that is asked for, by its own word or by that of the desk."""
    wanted = NEARER.get(Kind(asked), (asked,)) if asked in set(Kind) else ()
    found = {step.kind: step for step in steps if step.people}
    return next((found[Kind(kind)] for kind in wanted if kind in found), None)


def _steps(place: Place, figure: Figure) -> list[Step]:
    """The steps from the figure: looked into person by person where they are not too many."""
    if not 0 < figure.required - figure.trained <= LOOKED_INTO:
        return by_state(figure)
    if place.target is None:
        raise Http404
    figure = coverage.coverage_of(place.target.code, place.unit.code, place.on, people=True)
    missing = [code for state in ("in_progress", "not_started") for code in figure.people.get(state, ())]
    contacts = list(roster.reachable(missing))
    shares = learning.shares_finished(
        [one.person_id for one in contacts], coverage.target_courses(place.target.code)
    )
    return by_person(figure, contacts, shares)


def _units(people: Sequence[PersonOnDay]) -> list[tuple[str, str]]:
    """Code and name of the units where these people work, once each, by name."""
    found = {post.unit_code: post.unit_name for person in people for post in person.postings}
    return sorted(found.items(), key=lambda unit: unit[1])


def _worst(place: Place, figure: Figure) -> list[Line]:
    """The units below that miss most."""
    return [line for line in lines_below(place, figure, "portal:way") if line.figure.short_by][:10]


def _acts(request: HttpRequest, place: Place, chosen: Step | None) -> frozenset[str]:
    """What may be done today for the people of the step: remind, enrol, print codes, approve."""
    standing, today = standing_here(request), timezone.localdate()
    if standing is None or chosen is None or place.on != today:
        return frozenset()
    permits = standing.permits()
    offered = {
        "remind": Permit.ASSIGN_LEARNING in permits and chosen.kind != Kind.APPROVE,
        "enrol": Permit.ASSIGN_LEARNING in permits and chosen.kind not in ENROLLED | {Kind.APPROVE},
        "codes": Permit.MANAGE_ACCOUNTS in permits and chosen.kind == Kind.NEVER,
        "ask for codes": Permit.ASSIGN_LEARNING in permits
        and Permit.MANAGE_ACCOUNTS not in permits
        and chosen.kind == Kind.NEVER,
        "approve": Permit.APPROVE_EVIDENCE in permits and chosen.kind == Kind.APPROVE,
    }
    return frozenset(act for act, allowed in offered.items() if allowed)


def _taught(place: Place) -> list[CourseAnchor]:
    """The target's courses that can be learned here, the shortest first."""
    if place.target is None:
        return []
    anchors = course_anchors(coverage.target_courses(place.target.code)).values()
    return sorted(
        (anchor for anchor in anchors if _is_taught(anchor.code)), key=lambda one: (one.hours or 0, one.code)
    )


def _is_taught(code: str) -> bool:
    try:
        return bool(latest_edition(code))
    except Refused:
        return False


def _step_to_take(request: HttpRequest) -> tuple[Place, TargetListed, Step]:
    """The step that is named, as it stands today; of another day nothing is done any more."""
    place = find_place(request, Permit.ASSIGN_LEARNING)
    if place.on != timezone.localdate():
        raise PermissionDenied
    if place.target is None or place.target.counts != "people":
        raise Http404
    steps = _steps(place, coverage.coverage_of(place.target.code, place.unit.code, place.on))
    chosen = next((one for one in steps if one.kind == request.POST.get("step") and one.people), None)
    if chosen is None:
        raise Http404
    return place, place.target, chosen


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind the people of a step of the target; twice on one day tells nobody twice."""
    place, target, chosen = _step_to_take(request)
    about = About(f"target:{target.code}", target.name, reverse("portal:front"), target.period_end)
    ids = roster.person_ids(chosen.people).values()
    try:
        told = notices.remind(ids, about=about, by=place.me, on=place.on)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("Reminded: {count} person.", "Reminded: {count} people.", told.told)
        more = " " + _("{count} were reminded today already.") if told.before else ""
        messages.success(request, said.format(count=told.told) + more.format(count=told.before))
    return redirect(place.link("portal:way", step=chosen.kind.value))


@require_POST
def ask_for_codes(request: HttpRequest) -> HttpResponse:
    """Ask who keeps the accounts here to print codes for those who never signed in; twice a day is once."""
    place, _target, chosen = _step_to_take(request)
    if chosen.kind != Kind.NEVER:
        raise Http404
    keepers = holders_over(place.unit.id, Permit.MANAGE_ACCOUNTS, place.on)
    words = ngettext(
        "Print the one-time code of {count} person of {unit} who has never signed in",
        "Print the one-time codes of {count} people of {unit} who have never signed in",
        chosen.count,
    ).format(count=chosen.count, unit=place.unit.name)
    query = {"state": "never"}
    if not roster.children_of(place.unit.id, place.on):
        query["unit"] = place.unit.code
    about = About(f"codes:{place.unit.code}", words, f"{reverse('roster:accounts')}?{urlencode(query)}")
    told = notices.tell(keepers, subject=Subject.REMINDER, about=about, on=place.on, asked_by=place.me)
    if told:
        messages.success(request, _("Asked: whoever keeps the accounts finds it among the notices."))
    elif keepers:
        messages.success(request, _("Whoever keeps the accounts was asked today already."))
    else:
        messages.error(request, _("Nobody keeps the accounts of this unit yet. Ask the body above."))
    return redirect(place.link("portal:way", step=chosen.kind.value))


@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol the people of a step in a course, with the end of the period as their deadline."""
    place, target, chosen = _step_to_take(request)
    course = next((one.code for one in _taught(place) if one.code == request.POST.get("course")), None)
    if course is None or chosen.kind in ENROLLED:
        raise Http404
    ids = sorted(roster.person_ids(chosen.people).values())
    begun = learning.enrolled(ids, course)
    waiting = [person for person in ids if person not in begun]
    for person in waiting[:AT_ONCE]:
        courses.enrol(
            person_id=person,
            course=course,
            on=place.on,
            reason=Reason.MANAGER,
            due=max(target.period_end, place.on),
        )
    _tell(request, len(waiting[:AT_ONCE]), len(waiting[AT_ONCE:]), len(begun))
    return redirect(place.link("portal:way", step=chosen.kind.value))


def _tell(request: HttpRequest, enrolled: int, left: int, already: int) -> None:
    said = ngettext("Enrolled: {count} person.", "Enrolled: {count} people.", enrolled).format(count=enrolled)
    if already:
        said += " " + _("{count} had begun already.").format(count=already)
    if left:
        said += " " + _("{count} are left: press again.").format(count=left)
    messages.success(request, said)
