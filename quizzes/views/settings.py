"""The trainer settles a quiz: what is drawn, when and how it is taken, what is told of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.roster.queries import Person

from .. import policies, queries, services
from ..errors import QuizRefusal
from ..models import Quiz
from ..quiz_forms import BlueprintForm, NewQuizForm, RulesForm, initial_of
from ..records import QuizRules
from .bank import writes


@writes
def add(request: HttpRequest, me: Person) -> HttpResponse:
    """A new quiz over one of my banks."""
    banks = policies.banks_within_reach(me, timezone.localdate())
    form = NewQuizForm(request.POST if request.method == "POST" else None, banks=banks)
    if request.method == "POST" and form.is_valid():
        quiz = services.open_quiz(code=form.cleaned_data["code"], bank=form.cleaned_data["bank"])
        return redirect("quizzes:settings", quiz.code)
    status = 422 if form.errors else 200
    return render(request, "quizzes/studio/new.html", {"form": form}, status=status)


@writes
def settings(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """The rules of a quiz; what is kept is a new version, which courses take over when they are published."""
    mine = policies.quizzes_written(me, timezone.localdate())
    quiz = get_object_or_404(mine.select_related("bank", "pretest"), code=code)
    written = queries.quiz_as_written(code)
    rules = written.rules if written else QuizRules(title="", sections=())
    posted = request.POST if request.method == "POST" else None
    form = RulesForm(posted, initial=initial_of(rules, quiz), others=mine.exclude(pk=quiz.pk))
    draft = form.rules(()) if posted is not None and form.is_valid() else rules
    parts = _parts(request, quiz, draft, rules)
    if request.POST.get("act") == "keep" and form.is_valid() and parts.is_valid():
        try:
            kept = services.settle_quiz(
                quiz=quiz, rules=form.rules(parts.sections), pretest=form.cleaned_data["pretest"], by=me
            )
        except QuizRefusal as refusal:
            parts.faults.append(str(refusal))
        else:
            said = _("Kept as version {number}. Courses take it over when they are published again.")
            messages.success(request, said.format(number=kept.number))
            return redirect("quizzes:settings", code)
    faults = bool(form.errors or parts.faults) if request.POST.get("act") == "keep" else False
    return render(
        request,
        "quizzes/studio/settings.html",
        {
            "quiz": quiz,
            "form": form,
            "parts": parts,
            "versions": queries.versions_of(quiz),
            "faulty": faults or (request.POST.get("act") == "keep"),
        },
        status=422 if request.POST.get("act") == "keep" else 200,
    )


def _parts(request: HttpRequest, quiz: Quiz, draft: QuizRules, rules: QuizRules) -> BlueprintForm:
    """The parts as posted or as they are, with one more of what a button asks for."""
    assert quiz.bank is not None
    act = request.POST.get("act", "")
    line = act.removeprefix("line-")
    return BlueprintForm(
        request.POST if request.method == "POST" else None,
        rules.sections,
        pool=[services.label_of(version) for version in services.pool_of(quiz.bank, draft)],
        names=draft.objectives,
        more_parts=int(act == "part"),
        more_rules=int(line) if act.startswith("line-") and line.isdecimal() else None,
    )
