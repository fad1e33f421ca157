"""The trainer's side: how quizzes and questions do, wrong keys, marks, appeals."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.roster.queries import Person, person_of

from .. import policies, queries, services
from ..enums import AppealOutcome, Decision, RulingKind
from ..errors import QuizRefusal
from ..forms import AnswerForm, CorrectionForm, MarkChangeForm, MoreTimeForm
from ..models import Accommodation, Appeal, Attempt, KeyCorrection, MarkChange, Quiz, QuizVersion
from .tables import analysis_table, gain_table

View = Callable[..., HttpResponseBase]
SHOWN = 200
"""People listed on a page; the export has them all."""


def trainer(view: View) -> View:
    """Hand the view who asks, for trainers."""

    @wraps(view)
    def fetch(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        me = person_of(request.user)
        if me is None or not policies.teaches(me, timezone.localdate()):
            raise PermissionDenied
        return view(request, me, **kwargs)

    return fetch


@require_safe
@trainer
def home(request: HttpRequest, me: Person) -> HttpResponse:
    """My quizzes and how they went; above them what waits for me."""
    today = timezone.localdate()
    quizzes, attempts = policies.quizzes_taught(me, today), policies.attempts_taught(me, today)
    return render(
        request,
        "quizzes/studio/home.html",
        {
            "quizzes": queries.quizzes_listed(quizzes, policies.quizzes_written(me, today)),
            "waiting": queries.waiting(me, quizzes, attempts),
            "appeals": queries.appeals_about(attempts).filter(outcome="").count(),
            "to_mark": len(queries.marking_queue(me, today)),
        },
    )


@require_safe
@trainer
def analysis(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """How a quiz does: the marks, how far they can be trusted, every question with what to look at."""
    quiz = _quiz(me, code)
    version = _newest(quiz)
    figures = queries.quiz_figures(quiz)
    return render(
        request,
        "quizzes/studio/analysis.html",
        {
            "quiz": quiz,
            "version": version,
            "figures": figures,
            "items": queries.item_lines(figures),
            "written": policies.quizzes_written(me, timezone.localdate()).filter(pk=quiz.pk).exists(),
        },
    )


@require_safe
@trainer
def gain(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """What was gained between the try before learning and this test."""
    quiz, version = _paired(me, code)
    figures = queries.gain_of(quiz)
    lines = queries.gain_lines(figures, version)
    context = {"quiz": quiz, "version": version, "figures": figures, "lines": lines}
    return render(request, "quizzes/studio/gain.html", context)


@require_safe
@trainer
def gain_export(request: HttpRequest, me: Person, code: str, form: str) -> HttpResponseBase:
    """The gain as a table; nobody's name is in it."""
    quiz, version = _paired(me, code)
    return gain_table(queries.gain_lines(queries.gain_of(quiz), version), f"{quiz.code}-muc-tien-bo", form)


@require_safe
@trainer
def patterns(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """Attempts that a person should look at; no mark changes by them."""
    quiz, today = _quiz(me, code), timezone.localdate()
    fast, twins = queries.patterns_of(policies.attempts_taught(me, today).filter(quiz=quiz), today)
    return render(
        request, "quizzes/studio/patterns.html", {"quiz": quiz, "fast": fast[:SHOWN], "twins": twins[:SHOWN]}
    )


def _paired(me: Person, code: str) -> tuple[Quiz, QuizVersion]:
    """A quiz with a try before it; 404 for those without."""
    quiz = _quiz(me, code)
    if quiz.pretest_id is None:
        raise Http404
    return quiz, _newest(quiz)


def _newest(quiz: Quiz) -> QuizVersion:
    version = quiz.versions.order_by("-number").first()
    if version is None:
        raise Http404
    return version


@require_safe
@trainer
def export(request: HttpRequest, me: Person, code: str, form: str) -> HttpResponseBase:
    """The figures of every question as a table; nobody's name is in it."""
    quiz = _quiz(me, code)
    return analysis_table(queries.item_lines(queries.quiz_figures(quiz)), f"{quiz.code}-phan-tich", form)


@trainer
def question(request: HttpRequest, me: Person, code: str, question: str, number: int) -> HttpResponse:
    """One question: who chose what; POST asks that its key be corrected."""
    quizzes = policies.quizzes_taught(me, timezone.localdate())
    version = queries.question_version(quizzes, code, question, number)
    if version is None:
        raise Http404
    form = CorrectionForm(version, request.POST or None)
    if request.method == "POST" and form.is_valid():
        correction = told(
            request,
            lambda: services.ask_for_correction(
                version=version,
                ruling=RulingKind(form.cleaned_data["ruling"]),
                body=form.cleaned_data["body"],
                reason=form.cleaned_data["reason"],
                by=me,
            ),
            _("Asked for. A second trainer decides; until then no mark changes."),
        )
        if correction is not None:
            return redirect("quizzes:correction", correction.public_id)
    quiz = Quiz.objects.get(code=code)
    return render(
        request,
        "quizzes/studio/question.html",
        {
            "quiz": quiz,
            "version": version,
            "line": queries.item_line(queries.quiz_figures(quiz), version),
            "form": form,
            "corrections": queries.corrections_of(quizzes).filter(version=version),
        },
    )


@trainer
def correction(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """A correction: what is asked, by whom; POST decides; then whom it lifted and whom it dropped."""
    today = timezone.localdate()
    quizzes = policies.quizzes_taught(me, today)
    row: KeyCorrection = get_object_or_404(queries.corrections_of(quizzes), public_id=public_id)
    if request.method == "POST":
        decision = _decision(request)
        told(
            request,
            lambda: services.decide_correction(correction=row, decision=decision, by=me),
            _("Approved. The attempts are being marked again; this page shows what came of it.")
            if decision == Decision.APPROVED
            else _("Rejected. No mark changes."),
        )
        return redirect("quizzes:correction", public_id)
    lines = queries.turned(row, policies.attempts_taught(me, today), today) if row.decided_at else []
    revised, changed = queries.regraded(row) if row.decided_at else (0, 0)
    return render(
        request,
        "quizzes/studio/correction.html",
        {
            "correction": row,
            "quiz": Quiz.objects.filter(versions__pool=row.version_id, pk__in=quizzes).first(),
            "before": queries.keyed_item(row.version, None),
            "after": queries.keyed_item(row.version, row.body),
            "wish": next(
                (w for w in queries.waiting(me, quizzes, Attempt.objects.none()) if w.public_id == public_id),
                None,
            ),
            "revised": revised,
            "changed": changed,
            "failed": [line for line in lines if not line.passed][:SHOWN],
            "passed": [line for line in lines if line.passed][:SHOWN],
        },
    )


@require_safe
@trainer
def appeals(request: HttpRequest, me: Person) -> HttpResponse:
    """What learners ask about their marks: what is open first the oldest, then what was answered."""
    today = timezone.localdate()
    rows = queries.appeals_about(policies.attempts_taught(me, today))
    return render(
        request,
        "quizzes/studio/appeals.html",
        {
            "open": queries.appeal_lines(rows.filter(outcome="").order_by("raised_at")[:SHOWN], me, today),
            "answered": queries.appeal_lines(
                rows.exclude(outcome="").order_by("-answered_at")[:50], me, today
            ),
            "form": AnswerForm(),
        },
    )


@require_POST
@trainer
def answer(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Answer an appeal."""
    mine = policies.attempts_taught(me, timezone.localdate())
    appeal: Appeal = get_object_or_404(queries.appeals_about(mine), public_id=public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a decision and write a sentence to the learner. Nothing was sent."))
        return redirect("quizzes:appeals")
    outcome = AppealOutcome(form.cleaned_data["outcome"])
    told(
        request,
        lambda: services.answer_appeal(
            appeal=appeal, outcome=outcome, answer=form.cleaned_data["answer"], by=me
        ),
        _("The learner reads your answer on the result page."),
    )
    if outcome == AppealOutcome.GRANTED:
        return redirect("quizzes:attempt", appeal.item.attempt.public_id)
    return redirect("quizzes:appeals")


@trainer
def attempt(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """One attempt of a learner: answers, keys, every revision of the mark; POST asks for a change."""
    today = timezone.localdate()
    mine = policies.attempts_taught(me, today)
    row = get_object_or_404(
        mine.exclude(state="open").select_related("quiz", "version", "person"), public_id=public_id
    )
    positions = [position for position, _answered in queries.progress_of(row)]
    form = MarkChangeForm(positions, request.POST or None)
    if request.method == "POST" and form.is_valid():
        item = row.items.select_related("attempt__person").get(position=form.cleaned_data["position"])
        told(
            request,
            lambda: services.ask_for_mark_change(
                item=item, points=form.cleaned_data["points"], reason=form.cleaned_data["reason"], by=me
            ),
            _("Asked for. A second trainer decides; until then the mark stands."),
        )
        return redirect("quizzes:attempt", public_id)
    waiting = queries.waiting(me, Quiz.objects.none(), mine.filter(pk=row.pk))
    mark = queries.current_mark(row)
    return render(
        request,
        "quizzes/studio/attempt.html",
        {
            "attempt": row,
            "learner": queries.learner_of(row, today),
            "mark": mark,
            "items": queries.reviewed_items(queries.items_of(row), mark.points) if mark else [],
            "revisions": queries.revisions_of(row),
            "waiting": waiting,
            "form": form,
        },
    )


@require_POST
@trainer
def change(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Decide about a change of a mark that somebody else asked for."""
    mine = policies.attempts_taught(me, timezone.localdate())
    row: MarkChange = get_object_or_404(queries.changes_of_attempts(mine), public_id=public_id)
    decision = _decision(request)
    told(
        request,
        lambda: services.decide_mark_change(change=row, decision=decision, by=me),
        _("Approved. The attempt has a new mark; the old one is kept.")
        if decision == Decision.APPROVED
        else _("Rejected. No mark changes."),
    )
    return redirect("quizzes:attempt", row.item.attempt.public_id)


@trainer
def exceptions(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """Who has more time, who asked and who granted it; POST asks for one more."""
    quiz = _quiz(me, code)
    people = policies.people_taught(me, timezone.localdate())
    form = MoreTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who = people.filter(code=form.cleaned_data["person"].strip()).first()
        if who is None:
            form.add_error("person", _("Nobody of your units has this code."))
        else:
            told(
                request,
                lambda: services.ask_for_more_time(
                    person=who,
                    quiz=quiz,
                    extra_percent=form.cleaned_data["extra_percent"],
                    reason=form.cleaned_data["reason"],
                    by=me,
                ),
                _("Asked for. A second trainer decides; it holds for attempts that begin afterwards."),
            )
            return redirect("quizzes:exceptions", code)
    lines = queries.exceptions_of(quiz, people, me)
    return render(request, "quizzes/studio/exceptions.html", {"quiz": quiz, "lines": lines, "form": form})


@require_POST
@trainer
def more_time(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Decide about more time that somebody else asked for."""
    today = timezone.localdate()
    row = get_object_or_404(
        Accommodation.objects.select_related("quiz", "person", "asked_by").filter(
            quiz__in=policies.quizzes_taught(me, today), person__in=policies.people_taught(me, today)
        ),
        public_id=public_id,
    )
    decision = _decision(request)
    told(
        request,
        lambda: services.decide_more_time(accommodation=row, decision=decision, by=me),
        _("Granted.") if decision == Decision.APPROVED else _("Rejected. The time stays as it was."),
    )
    return redirect("quizzes:exceptions", row.quiz.code)


def _quiz(me: Person, code: str) -> Quiz:
    return get_object_or_404(policies.quizzes_taught(me, timezone.localdate()), code=code)


def _decision(request: HttpRequest) -> Decision:
    return Decision.APPROVED if request.POST.get("decision") == Decision.APPROVED else Decision.REJECTED


def told(request: HttpRequest, act: Callable[[], Any], done: str) -> Any:
    """Do it and say so, or say why not; what was done, or None."""
    try:
        result = act()
    except QuizRefusal as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, done)
    return result
