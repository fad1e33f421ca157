"""Many marks in one file, asked for by one trainer and decided together by another."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.kernel.faults import Faults, FileRefused
from lms.roster.queries import Person

from .. import policies, queries, services
from ..enums import Decision
from ..forms import MarksFileForm
from .studio import told, trainer


@trainer
def send(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """POST asks for everything in the file, or says all that is wrong with it."""
    today = timezone.localdate()
    quiz = get_object_or_404(policies.quizzes_taught(me, today), code=code)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, faults = MarksFileForm(*posted), Faults()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        attempts = policies.attempts_taught(me, today).filter(quiz=quiz)
        try:
            batch = services.ask_for_mark_changes(attempts=attempts, source=file.file, name=file.name, by=me)
        except FileRefused as refusal:
            faults = refusal.faults
        else:
            messages.success(request, _("Asked for. A second trainer decides; until then no mark changes."))
            return redirect("quizzes:marks_batch", batch)
    return render(
        request,
        "quizzes/studio/marks.html",
        {"quiz": quiz, "form": form, "faults": faults},
        status=422 if faults or form.errors else 200,
    )


@trainer
def batch(request: HttpRequest, me: Person, batch: UUID) -> HttpResponse:
    """What was asked for in one file; POST decides about all of it."""
    mine = policies.attempts_taught(me, timezone.localdate())
    changes = queries.changes_of_attempts(mine).filter(batch=batch)
    rows = list(changes)
    if not rows:
        raise Http404
    if request.method == "POST":
        approved = request.POST.get("decision") == Decision.APPROVED
        decision = Decision.APPROVED if approved else Decision.REJECTED
        told(
            request,
            lambda: services.decide_mark_changes(changes=changes, decision=decision, by=me),
            _("Approved. The attempts have new marks; the old ones are kept.")
            if approved
            else _("Rejected. No mark changes."),
        )
        return redirect("quizzes:marks_batch", batch)
    lines = queries.change_lines(rows, me)
    return render(
        request,
        "quizzes/studio/batch.html",
        {
            "lines": lines,
            "decision": rows[0].get_decision_display(),
            "mine": any(line.mine for line in lines),
        },
    )
