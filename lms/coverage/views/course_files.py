"""Courses held elsewhere, as a file: send it, look at what it would change in the register, write it."""

import io
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from content import queries as content
from content.enums import Level
from lms.coverage.forms import ActivityFileForm
from lms.coverage.imports.courses import COURSES, Read, import_courses
from lms.kernel.faults import Faults, FileRefused
from lms.kernel.writers import XLSX, write_xlsx
from lms.roster import queries as roster
from lms.roster import services as files
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.policies import tops_within_reach
from lms.roster.queries import Person, Upload

KIND = "courses"
FAULTS_SHOWN = 200
MOST_ROWS = 2_000
"""A register has hundreds of courses; each has its own entry in the ledger."""


@permitted(Permit.KEEP_COURSES)
def upload(request: HttpRequest, me: Person) -> HttpResponse:
    """Choose a file; nothing is changed yet."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityFileForm(*posted)
    form.fields["file"].help_text = _("CSV in UTF-8 or Excel (.xlsx), at most {rows} rows and 20 MB.").format(
        rows=number_format(MOST_ROWS, force_grouping=True)
    )
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = files.keep_file(kind=KIND, name=file.name, content=file.read(), by=me)
        return redirect("coverage:uploaded_courses", kept.public_id)
    context = {"form": form, "columns": COURSES.columns, "may_correct": _may_correct(me)}
    return render(request, "coverage/upload_courses.html", context, status=422 if form.errors else 200)


@require_safe
@permitted(Permit.KEEP_COURSES)
def register(request: HttpRequest, me: Person) -> FileResponse:
    """The courses held elsewhere, in the columns in which they come in."""
    known = content.course_anchors()
    here = content.taught_here(known)
    rows = [
        (one.code, one.title, _level(one.level), one.hours) for one in known.values() if one.code not in here
    ]
    file = io.BytesIO()
    write_xlsx(file, [column.vietnamese for column in COURSES.columns], rows)
    file.seek(0)
    name = _("Courses held elsewhere")
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@permitted(Permit.KEEP_COURSES)
def uploaded(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """What the file would change, in counts and rows, and what is wrong with it; then write it or not."""
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
        "rows": _shown(read) if read else [],
        "faults": faults,
        "fault_rows": _fault_rows(faults),
    }
    return render(request, "coverage/uploaded_courses.html", context)


def _settled(request: HttpRequest, kept: Upload, me: Person) -> HttpResponse:
    """Written, all or nothing; or thrown away."""
    if request.POST.get("act") == "discard":
        kept.delete()
        messages.success(request, _("Thrown away; nothing was changed."))
        return redirect("coverage:upload_courses")
    try:
        done = _import(kept, me, dry_run=False)
    except FileRefused:
        # Something has changed since the preview: it shows what is wrong now.
        return redirect("coverage:uploaded_courses", kept.public_id)
    kept.delete()
    said = _("Done: {created} added, {corrected} corrected, {unchanged} unchanged.")
    counts = {"created": done.created, "corrected": done.corrected, "unchanged": done.unchanged}
    messages.success(request, said.format(**counts))
    return redirect("coverage:upload_courses")


def _import(kept: Upload, me: Person, *, dry_run: bool) -> Read:
    return import_courses(
        files.kept_file(kept),
        name=kept.name,
        by=me,
        only_elsewhere=True,
        may_correct=_may_correct(me),
        dry_run=dry_run,
        most_rows=MOST_ROWS,
    )


def _may_correct(me: Person) -> bool:
    """What is recorded stands for every unit: only a role for the top of the tree changes it."""
    today = timezone.localdate()
    tops = tops_within_reach(me, Permit.KEEP_COURSES, today).values_list("pk", flat=True)
    return any(len(path) == 1 for path in roster.paths_of(tops, today).values())


def _shown(read: Read) -> list[dict[str, object]]:
    """Each change: the course as it would stand, and what stood there before."""
    return [
        {
            "line": change.line,
            "stated": change.stated,
            "told": _told(change.stated["level"], change.stated["hours"]),
            "before": change.before,
            "before_told": _told(change.before.level, change.before.hours) if change.before else "",
        }
        for change in read.changes
    ]


def _told(level: str, hours: Decimal | None) -> str:
    """Level and hours in words; a dash where neither is recorded."""
    words = [_level(level)] if level else []
    if hours is not None:
        words.append(_("{hours} hours").format(hours=number_format(f"{hours.normalize():f}")))
    return " · ".join(words) or "–"


def _level(code: str) -> str:
    return str(dict(Level.choices).get(code, code))


def _fault_rows(faults: Faults) -> list[tuple[int | None, list[tuple[str, str]]]]:
    """Each line that is wrong: columns as people here call them, and what is wrong in each."""
    called = {column.name: column.vietnamese for column in COURSES.columns}
    lines: dict[int | None, list[tuple[str, str]]] = {}
    for fault in faults.listed:
        column = called.get(fault.column or "", fault.column or "")
        lines.setdefault(fault.line, []).append((column, fault.message))
    return sorted(lines.items(), key=lambda row: row[0] or 0)[:FAULTS_SHOWN]
