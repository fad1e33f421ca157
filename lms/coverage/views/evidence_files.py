"""Who was trained in a class or elsewhere, as a file: send it, look at what it would record, write it."""

import io
from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.coverage.enums import Outcome, Source
from lms.coverage.forms import ActivityFileForm
from lms.coverage.imports.evidence import EVIDENCE, Change, Read, import_evidence
from lms.kernel.faults import Faults, FileRefused
from lms.kernel.tables import WEB_ROWS, Column
from lms.kernel.writers import XLSX, write_xlsx
from lms.roster import queries as roster
from lms.roster import services as files
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.policies import people_within_reach
from lms.roster.queries import Person, Upload

KIND = "evidence"
FAULTS_SHOWN = 200


@permitted(Permit.APPROVE_EVIDENCE)
def upload(request: HttpRequest, me: Person) -> HttpResponse:
    """Choose a file; nothing is recorded yet."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityFileForm(*posted)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = files.keep_file(kind=KIND, name=file.name, content=file.read(), by=me)
        return redirect("coverage:uploaded_evidence", kept.public_id)
    context = {"form": form, "columns": _columns()}
    return render(request, "coverage/upload_evidence.html", context, status=422 if form.errors else 200)


@require_safe
@permitted(Permit.APPROVE_EVIDENCE)
def empty(request: HttpRequest, me: Person) -> FileResponse:
    """A workbook with the columns and nothing in it."""
    file = io.BytesIO()
    write_xlsx(file, [column.vietnamese for column in _columns()], [])
    file.seek(0)
    name = _("Training in a class or elsewhere")
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@permitted(Permit.APPROVE_EVIDENCE)
def uploaded(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """What the file would record, in counts and rows, and what is wrong with it; then write it or not."""
    kept = roster.file_sent(me, public_id, KIND)
    if kept is None:
        raise Http404
    if request.method == "POST":
        return _settled(request, kept, me)
    try:
        read, faults = _import(kept, me, dry_run=True), Faults()
    except FileRefused as refusal:
        read, faults = None, refusal.faults
    context = {
        "upload": kept,
        "read": read,
        "changes": read.created + read.corrected if read else 0,
        "rows": _shown(read.changes) if read else [],
        "faults": faults,
        "fault_rows": _fault_rows(faults),
    }
    return render(request, "coverage/uploaded_evidence.html", context)


def _settled(request: HttpRequest, kept: Upload, me: Person) -> HttpResponse:
    """Recorded, all or nothing; or thrown away."""
    if request.POST.get("act") == "discard":
        kept.delete()
        messages.success(request, _("Thrown away; nothing was changed."))
        return redirect("coverage:upload_evidence")
    try:
        done = _import(kept, me, dry_run=False)
    except FileRefused:
        # Something has changed since the preview: it shows what is wrong now.
        return redirect("coverage:uploaded_evidence", kept.public_id)
    kept.delete()
    said = _("Done: {created} added, {corrected} corrected, {unchanged} unchanged.")
    waits = _("These trainings count once a second person has approved them.")
    counts = {"created": done.created, "corrected": done.corrected, "unchanged": done.unchanged}
    messages.success(request, f"{said.format(**counts)} {waits}")
    return redirect("coverage:evidence")


def _import(kept: Upload, me: Person, *, dry_run: bool) -> Read:
    today = timezone.localdate()
    return import_evidence(
        files.kept_file(kept),
        name=kept.name,
        by=me,
        today=today,
        within=people_within_reach(me, Permit.APPROVE_EVIDENCE, today),
        may_decide=False,
        dry_run=dry_run,
        most_rows=WEB_ROWS,
    )


def _columns() -> list[Column]:
    """What may stand in a file that is sent here: who decides is not the sender's to say."""
    return [column for column in EVIDENCE.columns if column.name != "status"]


def _shown(changes: list[Change]) -> list[Mapping[str, object]]:
    """Each change with words for its codes."""
    ids = roster.person_ids({change.person for change in changes})
    names = roster.full_names(ids.values())
    return [
        {
            "change": change,
            "name": names.get(ids.get(change.person, 0), change.person),
            "outcome": Outcome(change.outcome).label,
            "source": Source(change.source).label,
        }
        for change in changes
    ]


def _fault_rows(faults: Faults) -> list[tuple[int | None, list[tuple[str, str]]]]:
    """Each line that is wrong: columns as people here call them, and what is wrong in each."""
    called = {column.name: column.vietnamese for column in EVIDENCE.columns}
    lines: dict[int | None, list[tuple[str, str]]] = {}
    for fault in faults.listed:
        column = called.get(fault.column or "", fault.column or "")
        lines.setdefault(fault.line, []).append((column, fault.message))
    return sorted(lines.items(), key=lambda row: row[0] or 0)[:FAULTS_SHOWN]
