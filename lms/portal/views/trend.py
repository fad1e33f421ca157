"""How a unit's figure grew, and where it leads; and what the desk shows, as a file."""

from collections.abc import Iterator
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.coverage import queries as coverage
from lms.coverage.records import Figure
from lms.kernel.writers import Cell, csv_lines, write_xlsx
from lms.roster import queries as roster
from lms.roster.enums import Permit

from ..trend import Point, days_to_ask, forecast, picture
from .desk import Place, find_place, rule_mark

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def trend(request: HttpRequest) -> HttpResponse:
    """The figure at the ends of months and in the last eight weeks: each exactly computed, as known now."""
    place = find_place(request, Permit.SEE_FIGURES)
    target = place.target
    if target is None:
        raise Http404
    points = []
    for day in days_to_ask(target.period_start, min(place.on, timezone.localdate())):
        if roster.units_on(roster.Unit.objects.filter(code=place.unit.code), day):
            figure = coverage.coverage_of(target.code, place.unit.code, day)
            points.append(Point(day, figure.trained, figure.required))
    ahead = forecast(points, target.period_end)
    return render(
        request,
        "portal/trend.html",
        {
            "place": place,
            "points": points,
            "ahead": ahead,
            "picture": picture(points, ahead, rule_mark(target)),
            "back": place.link(),
        },
    )


def export(request: HttpRequest, format_: str) -> HttpResponse | StreamingHttpResponse:
    """The table of the desk as CSV or XLSX: the unit's figure, and those of the units below."""
    place = find_place(request, Permit.SEE_FIGURES)
    if place.target is None or format_ not in ("csv", "xlsx"):
        raise Http404
    figure = coverage.coverage_of(place.target.code, place.unit.code, place.on, children=True)
    name = f"{place.target.code}-{place.unit.code}-{place.on.isoformat()}.{format_}"
    said = {"Content-Disposition": f'attachment; filename="{name}"'}
    if format_ == "csv":
        lines = csv_lines(_header(), _rows(place, figure))
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=said)
    out = BytesIO()
    write_xlsx(out, _header(), _rows(place, figure))
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=said)


def _header() -> list[str]:
    return [
        _("Unit code"),
        _("Unit"),
        _("Must be trained"),
        _("Trained"),
        _("Rate"),
        _("Missing"),
        _("waiting for approval"),
        _("in progress"),
        _("expired"),
        _("not started"),
        _("excused"),
        _("newly posted"),
        _("Attendances"),
    ]


def _rows(place: Place, figure: Figure) -> Iterator[list[Cell]]:
    names = {unit.code: unit.name for unit in roster.children_of(place.unit.id, place.on)}
    for one in (figure, *figure.children):
        yield [
            one.unit,
            place.unit.name if one is figure else names.get(one.unit, one.unit),
            one.required,
            one.trained,
            float(one.rate) if one.rate else None,
            one.short_by,
            one.pending,
            one.in_progress,
            one.expired,
            one.not_started,
            one.excluded,
            one.in_grace,
            one.attendances,
        ]
