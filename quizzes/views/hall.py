"""The examination hall: a plain form a question, saved on the server as it is given."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.kernel.clock import database_now
from lms.roster.queries import person_of

from .. import policies, queries, services
from ..blueprint import Span, spans
from ..enums import Access, AttemptState, Feedback, Kind, ReviewPolicy, Shuffle
from ..errors import (
    AnotherDevice,
    AttemptIsOver,
    FileRefused,
    NotForYou,
    NotObliged,
    QuestionIsClosed,
    QuizRefusal,
)
from ..forms import AppealForm
from ..handed import LARGEST
from ..models import Attempt, AttemptItem, QuizVersion
from ..passage import leads_on, open_now
from ..presentation import Shown, read_answer, shown
from ..records import Seat

AttemptView = Callable[..., HttpResponse]


def own_attempt(view: AttemptView) -> AttemptView:
    """Hand the view the person's own attempt; anybody else's does not exist."""

    @wraps(view)
    def fetch(request: HttpRequest, attempt_id: UUID, **kwargs: Any) -> HttpResponse:
        attempt = queries.attempt_of(request.user.pk or 0, attempt_id)
        if attempt is None:
            raise Http404
        return view(request, attempt, **kwargs)

    return fetch


def device_of(request: HttpRequest) -> str:
    """The browser, as far as it matters here: another session is another device."""
    return salted_hmac("quizzes.device", request.session.session_key or "").hexdigest()


def goes_on_elsewhere(request: HttpRequest, attempt: Attempt) -> bool:
    return attempt.device not in ("", device_of(request))


def quiz(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The door of the hall: what to expect, where I stand, one button."""
    version = get_object_or_404(QuizVersion.objects.select_related("quiz"), public_id=version_id)
    person = person_of(request.user)
    if person is None:
        raise Http404
    if request.method == "POST":
        try:
            attempt = services.start_attempt(person_id=person.pk, version=version, device=device_of(request))
        except NotForYou as refusal:
            raise Http404 from refusal
        except QuizRefusal as refusal:
            messages.error(request, str(refusal))
            return redirect("quizzes:quiz", version.public_id)
        return redirect("quizzes:question", attempt.public_id, _first_open(attempt))
    seat = policies.seat_of(person.pk, version.quiz.code)
    if seat is None:
        raise Http404
    return render(
        request,
        "quizzes/quiz.html",
        {
            "version": version,
            "standing": queries.standing(person.pk, version, seat),
            "back": seat.back,
            "refused": _refused(person.pk, version),
        },
    )


def _refused(person_id: int, version: QuizVersion) -> NotObliged | None:
    """Why the test is not for this person, though they learn the course."""
    closed = version.access == Access.OBLIGED and not policies.must_take(person_id, version.quiz.code)
    return NotObliged() if closed else None


def question(request: HttpRequest, attempt_id: UUID, position: int) -> HttpResponse:
    """Question n of m. POST stores the answer and goes where the button says."""
    item = queries.item_of(request.user.pk or 0, attempt_id, position)
    if item is None:
        raise Http404
    attempt = item.attempt
    if request.method == "POST":
        return _save(request, item)
    if attempt.state != AttemptState.OPEN:
        return redirect("quizzes:result", attempt.public_id)
    if goes_on_elsewhere(request, attempt):
        return render(request, "quizzes/elsewhere.html", {"attempt": attempt})
    version = attempt.version
    progress = queries.progress_of(attempt)
    if position not in open_now(version.passage, version.sections, attempt.reached):
        return _closed(request, attempt)
    part = _part(version, position)
    return render(
        request,
        "quizzes/question.html",
        {
            "attempt": attempt,
            "item": item,
            "told": queries.told_item(item) if item.told_at else None,
            "tells": version.review == ReviewPolicy.AT_ONCE,
            "shown": _shown(item),
            "position": position,
            "total": len(progress),
            "part": part,
            "back": position > 1
            and position - 1 in open_now(version.passage, version.sections, attempt.reached),
            "leaves": leads_on(version.passage, version.sections, position),
            "now": database_now(),
        },
    )


def _shown(item: AttemptItem) -> Shown:
    mixed = Shuffle(item.attempt.version.shuffle).options
    return shown(item.question.kind, item.question.body, item.answer, item.seed, mixed=mixed)


def _part(version: QuizVersion, position: int) -> Span | None:
    """The part of the test in which the question stands, where the test has more than one or says more."""
    parts = spans(version.sections)
    here = next(one for one in parts if one.first <= position <= one.last)
    return here if len(parts) > 1 or here.section.title or here.section.instruction else None


def _closed(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """This question is behind or ahead; where to go on."""
    version = attempt.version
    now = open_now(version.passage, version.sections, attempt.reached)
    context = {"attempt": attempt, "refusal": QuestionIsClosed(), "position": now[0] if now else None}
    return render(request, "quizzes/closed.html", context, status=409)


def _save(request: HttpRequest, item: AttemptItem) -> HttpResponse:
    attempt = item.attempt
    try:
        _store(request, item)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("quizzes:question", attempt.public_id, item.position)
    except AnotherDevice:
        return render(request, "quizzes/elsewhere.html", {"attempt": attempt}, status=409)
    except AttemptIsOver as refusal:
        return render(request, "quizzes/over.html", {"attempt": attempt, "refusal": refusal}, status=409)
    except QuestionIsClosed:
        if not item.told_at or request.POST.get("go") == "stay":
            return _closed(request, attempt)
    return _onward(request, item)


def _store(request: HttpRequest, item: AttemptItem) -> None:
    if item.question.kind == Kind.FILE:
        file = request.FILES.get("answer")
        if file is not None:  # none chosen: the one handed in before stays
            content = file.read(LARGEST + 1)
            services.hand_in_file(item=item, name=file.name or "", content=content, device=device_of(request))
        return
    mixed = Shuffle(item.attempt.version.shuffle).options
    answer = read_answer(item.question.kind, item.question.body, request.POST, item.seed, mixed=mixed)
    services.save_answer(item=item, answer=answer, device=device_of(request))


@own_attempt
@require_safe
def overview(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Before handing in: which questions are answered, which are not."""
    if attempt.state != AttemptState.OPEN:
        return redirect("quizzes:result", attempt.public_id)
    if goes_on_elsewhere(request, attempt):
        return render(request, "quizzes/elsewhere.html", {"attempt": attempt})
    version = attempt.version
    progress = queries.progress_of(attempt)
    reachable = open_now(version.passage, version.sections, attempt.reached)
    return render(
        request,
        "quizzes/overview.html",
        {
            "attempt": attempt,
            "parts": [
                (
                    span.section,
                    [(n, answered, n in reachable) for n, answered in progress[span.first - 1 : span.last]],
                )
                for span in spans(version.sections)
            ],
            "open": [position for position, answered in progress if not answered],
            "next": next((n for n, answered in progress if not answered and n in reachable), None),
            "ahead": bool(reachable) and reachable[-1] < len(progress),
        },
    )


@require_POST
@own_attempt
def submit(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Hand in. Sent twice with the same key it is one submission."""
    try:
        services.submit_attempt(
            attempt=attempt, key=request.POST.get("key", "")[:64], device=device_of(request)
        )
    except AnotherDevice:
        return render(request, "quizzes/elsewhere.html", {"attempt": attempt}, status=409)
    except AttemptIsOver as refusal:
        return render(request, "quizzes/over.html", {"attempt": attempt, "refusal": refusal}, status=409)
    return redirect("quizzes:result", attempt.public_id)


@require_POST
@own_attempt
def take_over(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Go on in this browser with an attempt that was begun in another."""
    try:
        services.take_over_attempt(attempt=attempt, device=device_of(request))
    except AttemptIsOver:
        return redirect("quizzes:result", attempt.public_id)
    return redirect("quizzes:question", attempt.public_id, _first_open(attempt))


@own_attempt
@require_safe
def receipt(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The signed receipt as a file, to keep."""
    if not attempt.receipt:
        raise Http404
    return HttpResponse(
        attempt.receipt,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{attempt.public_id}.txt"'},
    )


@own_attempt
@require_safe
def result(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Passed or not in words, what to look at again, and the keys once they may be shown."""
    if attempt.state == AttemptState.OPEN:
        return redirect("quizzes:overview", attempt.public_id)
    seat = policies.seat_of(attempt.person_id, attempt.quiz.code) or Seat()
    standing = queries.standing(attempt.person_id, attempt.version, seat)
    items, mark = queries.items_of(attempt), queries.current_mark(attempt)
    practice = attempt.version.practice
    worth = mark or (queries.practice_worth(attempt, items) if practice else None)
    points = worth.points if worth else ()
    told = queries.disclosed(attempt, standing)
    return render(
        request,
        "quizzes/result.html",
        {
            "attempt": attempt,
            "mark": worth,
            "standing": standing,
            "waits": [] if worth else queries.waits_for_a_person(attempt),
            "weak": queries.weak_objectives(attempt.version, items, points) if worth else [],
            "items": queries.reviewed_items(items, points, keys=told == Feedback.EXPLAINED)
            if worth and told
            else [],
            "back": seat.back,
            **(_appeals(attempt, [item.position for item in items]) if mark else {}),
            "unkeyed": told == Feedback.MARKS,
        },
    )


@require_POST
@own_attempt
def appeal(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Question the mark of one answer."""
    form = AppealForm([position for position, _answered in queries.progress_of(attempt)], request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the question and say what is wrong. Nothing was sent."))
        return redirect("quizzes:result", attempt.public_id)
    item = attempt.items.select_related("attempt").get(position=form.cleaned_data["position"])
    try:
        services.raise_appeal(item=item, text=form.cleaned_data["text"])
    except QuizRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sent to the trainer. The answer will stand on this page."))
    return redirect("quizzes:result", attempt.public_id)


def _appeals(attempt: Attempt, positions: list[int]) -> dict[str, Any]:
    raised = queries.appeals_of(attempt)
    asked = {one.item.position for one in raised}
    left = [position for position in positions if position not in asked]
    until = services.appeal_until(attempt)
    may = bool(left) and until is not None and until >= database_now()
    return {"appeals": raised, "appeal_form": AppealForm(left) if may else None, "appeal_until": until}


def _first_open(attempt: Attempt) -> int:
    """The first question without an answer of those that are open; else the first that is."""
    version = attempt.version
    reachable = open_now(version.passage, version.sections, attempt.reached)
    progress = queries.progress_of(attempt)
    empty = (position for position, answered in progress if not answered and position in reachable)
    return next(empty, reachable[0] if reachable else len(progress))


def _onward(request: HttpRequest, item: AttemptItem) -> HttpResponse:
    attempt, position, go = item.attempt, item.position, request.POST.get("go")
    if go == "stay":
        return HttpResponse(status=204)
    if go == "check" and services.tell_answer(item=item):
        return redirect("quizzes:question", attempt.public_id, position)
    if go == "back" and position > 1:
        return redirect("quizzes:question", attempt.public_id, position - 1)
    if go == "overview":
        return redirect("quizzes:overview", attempt.public_id)
    services.go_on_from(item=item)
    if position < attempt.version.length:
        return redirect("quizzes:question", attempt.public_id, position + 1)
    return redirect("quizzes:overview", attempt.public_id)
