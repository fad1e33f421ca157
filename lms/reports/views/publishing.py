"""The table of a consolidated report as it may be published: to print, and as a workbook."""

import io
from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.kernel.writers import Cell, write_xlsx
from lms.reports.documents import MEDIA_TYPES
from lms.reports.enums import SENT, FileFormat
from lms.reports.models import UnitReport
from lms.reports.policies import reports_within_reach
from lms.reports.publishing import LEAST, PublicTable, published
from lms.reports.writing import letter_of
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.queries import Person, last_names

HEADER = ("Chỉ tiêu", "Đơn vị", "Thuộc diện", "Đã thực hiện", "Còn lại", "Tỷ lệ (%)")


@require_safe
@permitted(Permit.SEE_FIGURES)
def public(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """What may be published of a report, with a sentence about what is left out."""
    found, tables = _tables(me, public_id)
    names = last_names([found.unit.code])
    unit = names.get(found.unit.code, found.unit.code)
    context = {"report": found, "unit": unit, "tables": tables, "least": LEAST, "most": LEAST - 1}
    return render(request, "reports/public.html", context)


@require_safe
@permitted(Permit.SEE_FIGURES)
def public_file(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """The same as a workbook."""
    found, tables = _tables(me, public_id)
    out = io.BytesIO()
    write_xlsx(out, HEADER, _rows(tables), sheet="Công bố")
    return HttpResponse(
        out.getvalue(),
        content_type=MEDIA_TYPES[FileFormat.XLSX],
        headers={"Content-Disposition": f'attachment; filename="cong-bo-{found.unit.code}.xlsx"'},
    )


def _tables(me: Person, public_id: UUID) -> tuple[UnitReport, list[PublicTable]]:
    """Of the consolidated report alone: the units' own, published beside it, would give away by a difference
    what it leaves out."""
    found = get_object_or_404(reports_within_reach(me, timezone.localdate()), public_id=public_id)
    if not found.consolidates or found.status not in SENT:
        raise Http404
    return found, [published(annex) for annex in letter_of(found).annexes]


def _rows(tables: list[PublicTable]) -> Iterator[list[Cell]]:
    for table in tables:
        for line in (*table.lines, table.total):
            yield [table.title, line.name, line.required, line.trained, line.missing, line.rate or None]
