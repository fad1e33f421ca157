"""The lesson player: plain views over what publishing has already rendered."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content import queries as content
from content.enums import ERRORS, SKILLS, Level
from content.errors import NoSuchEdition, NoSuchLesson
from content.records.editions import ActivityListed, Outline
from lms.roster.queries import person_of

from . import policies, queries, services
from .conversation import NoSuchWay, Scene, play, read_way, write_way
from .enums import Helped
from .errors import CLOSED, EnrolmentClosed, WordsTooMany
from .models import Enrolment
from .records import ModuleSteps, Step
from .steps import following, next_step, standing_of, steps_of


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I have begun, what I have completed."""
    person = person_of(request.user)
    courses = queries.my_courses(person.pk, timezone.localdate()) if person else []
    return render(
        request,
        "learning/mine.html",
        {
            "person": person,
            "open": [course for course in courses if course.completed_on is None],
            "done": [course for course in courses if course.completed_on is not None],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def course(request: HttpRequest, code: str) -> HttpResponse:
    """The outline: where I am, what finishing takes, one button. POST begins the course."""
    if request.method == "POST" and "move" not in request.POST:
        return _begin(request, code)
    place = queries.place_of(request.user, code)
    if place is None:
        return _not_begun(request, code)
    enrolment, outline, steps, standing = place
    if request.method == "POST":
        services.move_to_newest(enrolment=enrolment, on=timezone.localdate())
        return redirect("learning:course", code)
    step = next_step(steps, standing)
    completion = getattr(enrolment, "completion", None) if enrolment.closed_on else None
    return render(
        request,
        "learning/course.html",
        {
            "outline": outline,
            "edition": outline.edition,
            "modules": _by_module(outline, steps, step),
            "enrolment": enrolment,
            "newer": queries.newer_edition(enrolment),
            "standing": standing,
            "completion": completion,
            "said": queries.feedback_on(enrolment, None) if completion else None,
            "next": step,
            "next_label": queries.next_label(step, standing),
            "rule": rule_in_words(outline.edition.rules),
            "level_word": Level(outline.edition.level).label,
        },
    )


def _not_begun(request: HttpRequest, code: str) -> HttpResponse:
    try:
        edition = content.latest_edition(code)
    except NoSuchEdition as refusal:
        raise Http404 from refusal
    outline = content.outline(edition)
    steps = steps_of(outline, lessons=(), activities=(), address=lambda place: "")
    person = person_of(request.user)
    admitted = person is None or policies.may_begin(person.pk, edition, timezone.localdate())
    return render(
        request,
        "learning/course.html",
        {
            "outline": outline,
            "edition": edition,
            "modules": _by_module(outline, steps, None),
            "standing": standing_of(outline, steps),
            "rule": rule_in_words(edition.rules),
            "level_word": Level(edition.level).label,
            "closed": "" if admitted else CLOSED[content.admission(code)],
        },
    )


def _begin(request: HttpRequest, code: str) -> HttpResponse:
    person = person_of(request.user)
    if person is None:
        raise Http404
    try:
        services.enrol(person_id=person.pk, course=code, on=timezone.localdate())
    except NoSuchEdition as refusal:
        raise Http404 from refusal
    except EnrolmentClosed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    place = queries.place_of(request.user, code)
    assert place is not None
    step = next_step(place.steps, place.standing)
    return redirect(step.url if step else queries.course_address(code))


def _by_module(outline: Outline, steps: list[Step], now: Step | None) -> list[ModuleSteps]:
    modules = []
    for module in outline.modules:
        lessons = {lesson.id for lesson in module.lessons}
        activities = {activity.id for activity in module.activities}
        own = tuple(
            step
            for step in steps
            if (step.lesson and step.lesson.id in lessons)
            or (step.activity and step.activity.id in activities)
        )
        modules.append(ModuleSteps(module, own, sum(step.finished for step in own), now in own))
    return modules


def rule_in_words(rules: Mapping[str, int]) -> list[str]:
    """What finishing takes, as the top of a course says it."""
    words = [ngettext("read {n} lesson", "read all {n} lessons", rules["lessons"]).format(n=rules["lessons"])]
    if rules["scenarios"]:
        n = rules["scenarios"]
        words.append(ngettext("go through {n} scenario", "go through {n} scenarios", n).format(n=n))
    if rules["quizzes"]:
        n = rules["quizzes"]
        words.append(ngettext("pass the test", "pass {n} tests", n).format(n=n))
    return words


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, code: str, position: int, slug: str) -> HttpResponse:
    """A lesson of the edition that I began. POST finishes it and goes on to the next step."""
    place = queries.place_of(request.user, code)
    if place is None:
        return redirect("learning:course", code)
    enrolment, outline, steps, standing = place
    here = next((s for s in steps if s.lesson and s.lesson.position == position), None)
    if here is None or here.lesson is None:
        raise Http404
    after = following(steps, here)
    if request.method == "POST":
        return _finish(place, here, after)
    if slug != here.lesson.slug:
        return redirect(here.url)
    if enrolment.closed_on is None:
        services.note_place(enrolment=enrolment, position=position)
    before = steps[steps.index(here) - 1] if steps.index(here) else None
    return render(
        request,
        "learning/lesson.html",
        {
            "code": code,
            "edition": outline.edition,
            "lesson": content.lesson(outline.edition, position),
            "enrolment": enrolment,
            "said": queries.feedback_on(enrolment, here.lesson),
            "step": here,
            "after": after,
            "before": before,
            "trial": before if before and before.first and not before.finished else None,
            "standing": standing,
            "total": len(outline.lessons),
            "onward": _onward(after, here.finished),
        },
    )


def _onward(after: Step | None, finished: bool) -> str:
    """The words on the button at the end of a lesson."""
    if after is None:
        return _("Back to the course") if finished else _("Finish the lesson")
    if after.lesson is not None:
        return _("Go on to lesson {number}").format(number=after.lesson.position)
    if after.first:
        return _("Go on to the next module")
    return _("Go on to the test") if after.kind == "quiz" else _("Go on to the scenario")


def _finish(place: queries.PlaceInCourse, here: Step, after: Step | None) -> HttpResponse:
    assert here.lesson is not None
    services.finish_lesson(
        enrolment=place.enrolment,
        lesson=here.lesson,
        on=timezone.localdate(),
        left=sum(not step.finished for step in place.steps),
    )
    return redirect(after.url if after else queries.course_address(place.enrolment.course.code))


@require_POST
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a lesson helped, or without one the course; said again it replaces what was said."""
    enrolment = queries.enrolment_of(request.user, code)
    if enrolment is None:
        return redirect("learning:course", code)
    lessons = content.outline(content.listed(enrolment.edition)).lessons
    place = request.POST.get("lesson", "")
    lesson = next((one for one in lessons if str(one.position) == place), None)
    helped = request.POST.get("helped", "")
    if helped not in Helped.values or (place and lesson is None):
        raise BadRequest
    try:
        services.give_feedback(
            enrolment=enrolment,
            lesson=lesson,
            helped=Helped(helped),
            words=request.POST.get("words", ""),
            on=timezone.localdate(),
        )
    except WordsTooMany as refusal:
        messages.error(request, str(refusal))
    url = queries.address(code, lesson) if lesson else queries.course_address(code)
    return redirect(f"{url}#feedback")


@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """Something to do after a lesson: a test opens in its own hall, a scenario is played here."""
    enrolment = queries.enrolment_of(request.user, code)
    if enrolment is None:
        return redirect("learning:course", code)
    try:
        place, payload = content.activity(enrolment.edition_id, position)
    except NoSuchLesson as refusal:
        raise Http404 from refusal
    if place.kind == "quiz":
        if "public_id" not in place.key:
            raise Http404
        return redirect("quizzes:quiz", place.key["public_id"])
    return _scenario(request, enrolment, place, payload)


def _scenario(
    request: HttpRequest, enrolment: Enrolment, place: ActivityListed, graph: Mapping[str, Any]
) -> HttpResponse:
    """The way so far stands in the address: going back is a link, and nothing is stored until the end."""
    outline, steps, standing = queries.steps_and_standing(enrolment)
    here = next(step for step in steps if step.activity and step.activity.id == place.id)
    after = following(steps, here)
    onward = after.url if after else queries.course_address(enrolment.course.code)
    try:
        way = read_way(request.POST.get("way", "") or request.GET.get("way", ""))
        scene = play(graph, way)
    except NoSuchWay:
        return redirect(here.url)
    if request.method == "POST":
        if scene.passed:
            services.finish_activity(enrolment=enrolment, activity=place, on=timezone.localdate())
        return redirect(onward)
    return render(
        request,
        "learning/scenario.html",
        {
            "code": enrolment.course.code,
            "edition": outline.edition,
            "standing": standing,
            "activity": place,
            "onward": onward,
            "onward_label": _onward(after, finished=True),
            **_talk(graph, way, scene),
        },
    )


def _talk(graph: Mapping[str, Any], way: list[int], scene: Scene) -> dict[str, Any]:
    turning = scene.turning_point
    return {
        "setting": graph["setting"],
        "role": graph["role"],
        "scene": scene,
        "way": write_way(way),
        "choices": [(write_way([*way, number]), text) for number, text in scene.choices],
        "before": write_way(way[:-1]) if way else None,
        "turning_point": None if turning is None else write_way(way[:turning]),
        "skills": [(SKILLS.get(name, name), times) for name, times in scene.skills],
        "errors": [(ERRORS.get(name, name), times) for name, times in scene.errors],
    }


def stage(request: HttpRequest, title: str, graph: Mapping[str, Any]) -> HttpResponse:
    """A conversation as its trainer tries it: no course around it, nothing stored."""
    try:
        way = read_way(request.GET.get("way", ""))
        talk = _talk(graph, way, play(graph, way))
    except (NoSuchWay, KeyError):
        return render(request, "learning/scenario.html", {"activity": {"title": title}, "unfinished": True})
    return render(request, "learning/scenario.html", {"activity": {"title": title}, **talk})


@require_safe
def sheet(request: HttpRequest, code: str, module: str) -> HttpResponse:
    """A module's practice sheet, to print."""
    enrolment = queries.enrolment_of(request.user, code)
    if enrolment is None:
        return redirect("learning:course", code)
    try:
        title, html = content.sheet(enrolment.edition_id, module)
    except NoSuchLesson as refusal:
        raise Http404 from refusal
    return render(request, "learning/sheet.html", {"title": title, "html": html, "code": code})
