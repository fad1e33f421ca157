"""Tables that a trainer takes along, as CSV or XLSX."""

import io
from collections.abc import Iterable, Sequence

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from lms.kernel.writers import Cell, csv_lines, write_xlsx

from ..records import GainLine, ItemLine
from ..templatetags.quiz_pictures import doubt_word, option_text


def table_response(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], name: str, form: str
) -> HttpResponseBase:
    """The table as a file to keep; formulas in it are inert."""
    if form == "csv":
        return StreamingHttpResponse(
            csv_lines(header, rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )
    if form != "xlsx":
        raise Http404
    file = io.BytesIO()
    write_xlsx(file, header, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def analysis_table(lines: Iterable[ItemLine], name: str, form: str) -> HttpResponseBase:
    header = [
        _("Question"),
        _("Version"),
        _("Wording"),
        _("Kind"),
        _("Asked"),
        _("Exposure, %"),
        _("Facility, %"),
        _("Discrimination"),
        _("Without answer, %"),
        _("Seconds, median"),
        _("To look at"),
        _("Options: text (chosen; weakest %, strongest %)"),
    ]
    rows = (
        (
            line.code,
            line.number,
            line.stem,
            line.kind,
            line.asked,
            line.exposure,
            line.facility,
            None if line.discrimination is None else round(line.discrimination, 3),
            line.omitted,
            line.seconds,
            "; ".join(doubt_word(one) for one in line.doubts),
            "\n".join(
                f"{'✓ ' if o.right else ''}{option_text(o.text)} ({o.chosen}; {o.low}, {o.high})"
                for o in line.options
            ),
        )
        for line in lines
    )
    return table_response(header, rows, name, form)


def gain_table(lines: Iterable[GainLine], name: str, form: str) -> HttpResponseBase:
    header = [
        _("Objective"),
        _("Wording"),
        _("People"),
        _("Before, %"),
        _("After, %"),
        _("Normalized gain"),
        _("95 % interval, from"),
        _("95 % interval, to"),
    ]
    rows = (
        (
            line.number or _("The whole test"),
            line.name,
            line.n,
            *(None if one is None else round(one, 2) for one in (line.before, line.after)),
            *(None if one is None else round(one, 3) for one in (line.gain, line.low, line.high)),
        )
        for line in lines
    )
    return table_response(header, rows, name, form)
