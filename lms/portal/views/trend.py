"""How a unit's figure grew, and where it leads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lms.coverage import queries as coverage
from lms.roster import queries as roster
from lms.roster.enums import Permit

from ..trend import Point, days_to_ask, forecast, needed, picture
from .desk import being_counted, find_place, rule_mark


def trend(request: HttpRequest) -> HttpResponse:
    """The figure at the ends of months and in the last eight weeks: each exactly computed, as known now."""
    place = find_place(request, Permit.SEE_FIGURES)
    target = place.target
    if target is None:
        raise Http404
    points, missing, last = [], [], None
    for day in days_to_ask(target.period_start, min(place.on, timezone.localdate())):
        if roster.units_on(roster.Unit.objects.filter(code=place.unit.code), day):
            figure = coverage.figure_at_once(target.code, place.unit.code, day)
            if figure is None:
                missing.append(day)
            else:
                points.append(Point(day, figure.trained, figure.required))
                last = figure
    if missing:
        return being_counted(request, place, target, missing, ready=len(points))
    ahead = forecast(points, target.period_end)
    return render(
        request,
        "portal/trend.html",
        {
            "place": place,
            "points": points,
            "ahead": ahead,
            "latest": points[-1] if points else None,
            "needed": needed(ahead, points[-1], last.short_by) if ahead and last else None,
            "ledger": last.ledger if last else 0,
            "picture": picture(points, ahead, rule_mark(target)),
            "back": place.link(),
        },
    )
