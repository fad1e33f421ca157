"""Files of questions: send, read the report, mend what was left, take the rest."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lms.roster.queries import Person

from .. import services
from ..bank_forms import QuestionFileForm
from ..enums import Kind
from ..errors import QuestionFileRefused
from ..formats.records import shortened
from ..models import QuestionUpload
from ..wordings import line
from .bank import bank_within, writes

SHOWN = 200


@writes
def send(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """Choose a file; nothing is changed yet."""
    bank = bank_within(me, code)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = QuestionFileForm(*posted)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = services.keep_question_file(
                bank=bank, form=form.cleaned_data["form"], name=file.name, content=file.read(), by=me
            )
            return redirect("quizzes:bank_report", bank.code, kept.public_id)
        except QuestionFileRefused as refusal:
            form.add_error("file", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "quizzes/bank/send.html", {"bank": bank, "form": form}, status=status)


def own_upload(me: Person, code: str, public_id: UUID) -> QuestionUpload:
    bank = bank_within(me, code)
    return get_object_or_404(
        QuestionUpload.objects.select_related("bank", "by"), public_id=public_id, bank=bank, by=me
    )


@writes
def report(request: HttpRequest, me: Person, code: str, public_id: UUID) -> HttpResponse:
    """What the file holds: what can be taken, what not and why, each to be mended here."""
    upload = own_upload(me, code, public_id)
    if request.method == "POST" and request.POST.get("place", "").isdecimal():
        place = int(request.POST["place"])
        if services.mend_question(upload=upload, place=place, text=request.POST.get("text", "")):
            messages.success(request, _("This question can be taken now."))
        else:
            messages.error(request, _("This question still cannot be taken."))
        return redirect("quizzes:bank_report", code, public_id)
    reading = services.reading_of(upload)
    left = [(place, line(note)) for place, note in enumerate(reading.left) if place not in reading.mended]
    return render(
        request,
        "quizzes/bank/report.html",
        {
            "bank": upload.bank,
            "upload": upload,
            "count": len(reading.taken),
            "taken": [
                (shortened(str(one.body["stem"]), 120), Kind(one.kind).label, one.where)
                for one in reading.taken[:SHOWN]
            ],
            "more": max(0, len(reading.taken) - SHOWN),
            "left": left[:SHOWN],
            "left_count": len(left),
            "notes": [line(note) for note in reading.notes[:SHOWN]],
        },
    )


@require_POST
@writes
def take(request: HttpRequest, me: Person, code: str, public_id: UUID) -> HttpResponse:
    """Put what can be taken into the bank, or throw the file away."""
    upload = own_upload(me, code, public_id)
    if request.POST.get("act") == "discard":
        upload.delete()
        messages.success(request, _("Thrown away; nothing was changed."))
        return redirect("quizzes:bank", code)
    outcome = services.take_question_file(upload=upload)
    count = outcome.imported + outcome.changed
    said = ngettext("{count} question is in the bank.", "{count} questions are in the bank.", count)
    messages.success(request, said.format(count=count))
    for note in outcome.left[:20]:
        if not note.text:
            messages.warning(request, f"{note.name}: {note.why}")
    return redirect("quizzes:bank", code)
