"""Faulty lines of a file that was sent: had as a file of their own, mended, and put back."""

import io
from pathlib import PurePosixPath
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lms.kernel.faults import FileRefused
from lms.kernel.filenames import clean_name
from lms.kernel.writers import XLSX, csv_lines, write_xlsx
from lms.roster import services
from lms.roster.enums import Permit
from lms.roster.forms import MendedForm
from lms.roster.models import Person

from ..entry import permitted
from .uploads import mine

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
_SHOWN = 20


@require_safe
@permitted(Permit.MANAGE_ROSTER)
def faulty(request: HttpRequest, me: Person, public_id: UUID, form: str) -> HttpResponseBase:
    """The faulty lines alone: their numbers, what is wrong with each, and their cells as they came."""
    kept = mine(me, public_id)
    if form not in KINDS:
        raise Http404
    lines = services.faulty_lines_of(kept, services.faults_of(upload=kept, today=timezone.localdate()))
    if lines is None:
        raise Http404
    file = io.BytesIO()
    if form == "csv":
        file.write("".join(csv_lines(lines.header, lines.rows)).encode())
    else:
        write_xlsx(file, lines.header, lines.rows)
    file.seek(0)
    stem = PurePosixPath(clean_name(kept.name, otherwise="tep")).stem
    name = _("{name} - faulty lines").format(name=stem)
    return FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=KINDS[form])


@require_POST
@permitted(Permit.MANAGE_ROSTER)
def mend(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Put the mended lines in their places, and look at the whole file again."""
    kept = mine(me, public_id)
    form = MendedForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors.get("file", [])))
        return redirect("roster:uploaded", public_id)
    file = form.cleaned_data["file"]
    try:
        count = services.mend_upload(
            upload=kept, mended=file.read(), name=file.name, today=timezone.localdate()
        )
    except FileRefused as refusal:
        for sentence in str(refusal).splitlines()[:_SHOWN]:
            messages.error(request, sentence)
    else:
        done = ngettext(
            "{count} line was put back; this is the whole file again.",
            "{count} lines were put back; this is the whole file again.",
            count,
        )
        messages.success(request, done.format(count=count))
    return redirect("roster:uploaded", public_id)
