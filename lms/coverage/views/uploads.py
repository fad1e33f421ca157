"""An activity log as a file: send it, look at what it would change, write it."""

import csv
import io
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.coverage.enums import activity_kinds
from lms.coverage.forms import ActivityFileForm
from lms.coverage.imports.activities import Change, Outcome, activities, import_activities
from lms.kernel.faults import Faults, FileRefused
from lms.kernel.tables import WEB_ROWS, Column
from lms.roster import queries as roster
from lms.roster import services as files
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.queries import Person, Upload

KIND = "activities"
FAULTS_SHOWN = 200


@dataclass(frozen=True)
class ChangeShown:
    """One line of the preview, with words for its codes."""

    change: Change
    unit: str
    kind: str


@permitted(Permit.PREPARE_REPORT)
def upload(request: HttpRequest, me: Person) -> HttpResponse:
    """Choose a file; nothing is changed yet."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityFileForm(*posted)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = files.keep_file(kind=KIND, name=file.name, content=file.read(), by=me)
        return redirect("coverage:uploaded_activities", kept.public_id)
    return render(
        request,
        "coverage/upload_activities.html",
        {"form": form, "columns": _columns(), "kinds": activity_kinds().items()},
        status=422 if form.errors else 200,
    )


@permitted(Permit.PREPARE_REPORT)
def form_to_fill_in(request: HttpRequest, me: Person) -> HttpResponse:
    """An empty file with the header, to be filled in."""
    text = io.StringIO()
    csv.writer(text).writerow([column.vietnamese for column in _columns()])
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="nhat-ky-hoat-dong.csv"'},
    )


@permitted(Permit.PREPARE_REPORT)
def uploaded(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """What the file would change, in counts and rows, and what is wrong with it; then write it or not."""
    kept = roster.file_sent(me, public_id, KIND)
    if kept is None:
        raise Http404
    if request.method == "POST":
        return _settled(request, kept, me)
    outcome, faults = _read(kept, me)
    return render(
        request,
        "coverage/uploaded_activities.html",
        {
            "upload": kept,
            "outcome": outcome,
            "changes": outcome.created + outcome.corrected if outcome else 0,
            "rows": _shown(outcome.changes) if outcome else [],
            "faults": faults,
            "fault_rows": _fault_rows(faults),
        },
    )


def _settled(request: HttpRequest, kept: Upload, me: Person) -> HttpResponse:
    """Written, all or nothing; or thrown away."""
    if request.POST.get("act") == "discard":
        kept.delete()
        messages.success(request, _("Thrown away; nothing was changed."))
        return redirect("coverage:upload_activities")
    try:
        done = _import(kept, me, dry_run=False)
    except FileRefused:
        # Something has changed since the preview: it shows what is wrong now.
        return redirect("coverage:uploaded_activities", kept.public_id)
    kept.delete()
    said = _("Done: {created} added, {corrected} corrected, {unchanged} unchanged.")
    waits = _("They count once a second person has approved them.")
    messages.success(
        request,
        said.format(created=done.created, corrected=done.corrected, unchanged=done.unchanged) + " " + waits,
    )
    return redirect("coverage:activities")


def _read(kept: Upload, me: Person) -> tuple[Outcome | None, Faults]:
    try:
        return _import(kept, me, dry_run=True), Faults()
    except FileRefused as refusal:
        return None, refusal.faults


def _import(kept: Upload, me: Person, *, dry_run: bool) -> Outcome:
    return import_activities(
        files.kept_file(kept),
        name=kept.name,
        by=me,
        today=timezone.localdate(),
        may_decide=False,
        dry_run=dry_run,
        most_rows=WEB_ROWS,
    )


def _columns() -> list[Column]:
    """What may stand in a file that is sent here: who decides is not the sender's to say."""
    return [column for column in activities().columns if column.name != "status"]


def _shown(changes: list[Change]) -> list[ChangeShown]:
    names, kinds = roster.last_names({change.unit for change in changes}), activity_kinds()
    return [ChangeShown(one, names.get(one.unit, one.unit), kinds.get(one.kind, one.kind)) for one in changes]


def _fault_rows(faults: Faults) -> list[tuple[int | None, str, str]]:
    """Line, column as people here call it, what is wrong."""
    called = {column.name: column.vietnamese for column in activities().columns}
    return [
        (fault.line, called.get(fault.column or "", fault.column or "–"), fault.message)
        for fault in sorted(faults.listed, key=lambda fault: fault.line or 0)[:FAULTS_SHOWN]
    ]
