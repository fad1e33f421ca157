"""Files: send, look at what they would change, apply."""

import io
import re
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.kernel.faults import Faults, FileRefused
from lms.kernel.writers import XLSX, write_xlsx
from lms.roster import policies, queries, services
from lms.roster.enums import Permit, UploadKind
from lms.roster.forms import MendedForm, RosterUploadForm, UploadForm
from lms.roster.imports.outcome import Change, Kind, Outcome
from lms.roster.imports.tables import called_here, table_of
from lms.roster.models import Person, Upload
from lms.roster.services.uploads import PERMITS

from ..entry import permitted

SHOWN = 200


@permitted(Permit.MANAGE_ROSTER)
def upload(request: HttpRequest, me: Person, kind: str) -> HttpResponse:
    """Choose a file; nothing is changed yet."""
    today = timezone.localdate()
    chosen = _allowed(kind, me)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if chosen == UploadKind.ROSTER:
        reach = policies.units_within_reach(me, PERMITS[chosen], today)
        form: UploadForm = RosterUploadForm(*posted, among=reach, initial={"on": today})
    else:
        form = UploadForm(*posted)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = services.keep_upload(
            kind=chosen,
            name=file.name,
            content=file.read(),
            by=me,
            today=today,
            whole_unit=form.cleaned_data.get("unit"),
            whole_on=form.cleaned_data.get("on"),
        )
        return redirect("roster:uploaded", kept.public_id)
    return render(
        request,
        "roster/upload.html",
        {"form": form, "kind": chosen, "columns": table_of(chosen).columns, "today": today},
    )


@require_safe
@permitted(Permit.MANAGE_ROSTER)
def empty(request: HttpRequest, me: Person, kind: str) -> FileResponse:
    """A workbook of this kind with its columns named and nothing in it."""
    chosen = _allowed(kind, me)
    file = io.BytesIO()
    write_xlsx(file, list(called_here(chosen).values()), [])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{chosen.label}.xlsx", content_type=XLSX)


def _allowed(kind: str, me: Person) -> UploadKind:
    if kind not in UploadKind.values:
        raise Http404
    chosen = UploadKind(kind)
    if not policies.may_anywhere(me, PERMITS[chosen], timezone.localdate()):
        raise PermissionDenied
    return chosen


@require_safe
@permitted(Permit.MANAGE_ROSTER)
def uploaded(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """What the file would change, in counts and rows, and what is wrong with it."""
    kept = mine(me, public_id)
    kind = UploadKind(kept.kind)
    context: dict[str, object] = {"upload": kept, "kind": kind}
    outcome: Outcome | None = None
    try:
        outcome = services.preview_upload(upload=kept, today=timezone.localdate())
        faults = outcome.faults or Faults()
    except FileRefused as refusal:
        faults = refusal.faults
    rows = _fault_rows(faults, kind)
    context |= {"faults": faults, "fault_rows": rows, "more_faulty": len(rows) == SHOWN}
    if services.faulty_lines_of(kept, faults) is not None:
        context["mended"] = MendedForm()
    if outcome:
        changes = sum(outcome.kinds.values())
        context |= {
            "notes": outcome.notes,
            "rows": _rows(outcome),
            "counts": [
                (_("joining"), outcome.kinds[Kind.IN]),
                (_("moving"), outcome.kinds[Kind.MOVED]),
                (_("leaving"), outcome.kinds[Kind.OUT]),
                (_("corrected"), outcome.kinds[Kind.CORRECTED]),
            ],
            "changes": changes,
            "unshown": changes - len(outcome.changes),
        }
    return render(request, "roster/uploaded.html", context)


def mine(me: Person, public_id: UUID) -> Upload:
    """A file that I have sent here; those of other rooms are looked at there."""
    return get_object_or_404(Upload, public_id=public_id, uploaded_by=me, kind__in=UploadKind.values)


def _fault_rows(faults: Faults, kind: UploadKind) -> list[tuple[int | None, list[tuple[str, str]]]]:
    """Each line that is wrong: columns as people here call them, and what is wrong in each."""
    called = called_here(kind)
    lines: dict[int | None, list[tuple[str, str]]] = {}
    for fault in faults.listed:
        column = called.get(fault.column or "", fault.column or "")
        lines.setdefault(fault.line, []).append((column, fault.message))
    return sorted(lines.items(), key=lambda row: row[0] or 0)[:SHOWN]


def _rows(outcome: Outcome) -> list[tuple[Change, str]]:
    """Each change, with the names of its units for their codes."""
    pieces = [re.split(r"( → |, )", change.detail) for change in outcome.changes]
    names = queries.last_names({piece for parts in pieces for piece in parts})
    return [
        (change, "".join(names.get(piece, piece) for piece in parts))
        for change, parts in zip(outcome.changes, pieces, strict=True)
    ]


@require_POST
@permitted(Permit.MANAGE_ROSTER)
def apply(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Write it, all or nothing."""
    kept = mine(me, public_id)
    if request.POST.get("act") == "discard":
        kept.delete()
        messages.success(request, _("Thrown away; nothing was changed."))
        return redirect("roster:upload", kept.kind)
    try:
        outcome = services.apply_upload(upload=kept, today=timezone.localdate())
    except FileRefused:
        # The register has changed since the preview: it shows what is wrong now.
        return redirect("roster:uploaded", public_id)
    messages.success(
        request,
        _("Done: {created} added, {corrected} corrected, {ended} ended, {unchanged} unchanged.").format(
            created=outcome.created,
            corrected=outcome.corrected,
            ended=outcome.ended,
            unchanged=outcome.unchanged,
        ),
    )
    return redirect("roster:home")
