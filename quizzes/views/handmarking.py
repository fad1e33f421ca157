"""Marking by persons: the queue, an answer beside its rubric, the file that was handed in."""

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.roster.queries import Person

from .. import queries, services
from ..forms import RubricForm
from ..models import HandedFile, HandMarking
from ..rubrics import rubric_of
from .studio import told, trainer


@require_safe
@trainer
def queue(request: HttpRequest, me: Person) -> HttpResponse:
    """What waits for me, the oldest first; no names."""
    return render(
        request, "quizzes/studio/marking.html", {"lines": queries.marking_queue(me, timezone.localdate())}
    )


@trainer
def sheet(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """One answer; POST gives its points."""
    marking = _marking(me, public_id)
    form = RubricForm(rubric_of(marking.item.question.body), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told(
            request,
            lambda: services.mark_by_hand(
                marking=marking, given=form.given(), remark=form.cleaned_data["remark"], by=me
            ),
            _("Marked. The learner sees the result once every answer of the test is marked."),
        )
        return redirect("quizzes:marking")
    context = {"marking": marking, "sheet": queries.marking_sheet(marking, me), "form": form}
    return render(request, "quizzes/studio/marking_sheet.html", context, status=422 if form.errors else 200)


@require_POST
@trainer
def agree(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Take the other marker's points."""
    marking = _marking(me, public_id)
    told(
        request,
        lambda: services.agree_with_other_marker(marking=marking, by=me),
        _("Agreed: the other marker's points count."),
    )
    return redirect("quizzes:marking")


@require_safe
@trainer
def file(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """The file that was handed in, to be kept and never to be shown by the browser."""
    marking = _marking(me, public_id)
    answer = marking.item.answer
    if not isinstance(answer, dict):
        raise Http404
    kept = get_object_or_404(HandedFile, item=marking.item_id, public_id=answer["id"])
    return HttpResponse(
        bytes(kept.content),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "private, no-store",
        },
    )


def _marking(me: Person, public_id: UUID) -> HandMarking:
    return get_object_or_404(queries.markings_for(me, timezone.localdate()), public_id=public_id)
