"""Targets that count units: which have held what, and which have not yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from lms.coverage import queries as coverage
from lms.coverage.records import ActivityLine, Figure
from lms.kernel.writers import Cell
from lms.roster import queries as roster
from lms.roster.entry import standing_here
from lms.roster.enums import Permit

from ..templatetags.components import list_word
from .desk import Place, find_place
from .exports import table_file

PAGE = 50


@dataclass(frozen=True)
class UnitLine:
    """One unit of the list, and what it held of the target's kinds."""

    code: str
    name: str
    activities: tuple[ActivityLine, ...]


def units(request: HttpRequest) -> HttpResponse:
    """The units of the figure by state, fifty a page, by code; first those that have held nothing."""
    place, target = find_place_of_units(request)
    figure = coverage.coverage_of(target, place.unit.code, place.on, people=True)
    lists = {name: codes for name, codes in figure.people.items() if codes}
    state = request.GET.get("state", "")
    if state not in lists:
        state = next((name for name in reversed(lists)), "")
    codes = lists.get(state, ())
    after = request.GET.get("after", "")
    left = [code for code in codes if code > after]
    standing = standing_here(request)
    return render(
        request,
        "portal/units.html",
        {
            "place": place,
            "figure": figure,
            "tabs": [
                (name, len(found), place.link("portal:units", state=name)) for name, found in lists.items()
            ],
            "state": state,
            "files": [(form, place.link("portal:units_export", form)) for form in ("csv", "xlsx")],
            "units": unit_lines(target, left[:PAGE], place),
            "rule": coverage.rule_sentences(target, unit_name=place.path[0].name),
            "before": place.link("portal:units", state=state) if after else "",
            "after": (
                place.link("portal:units", state=state, after=left[PAGE - 1]) if len(left) > PAGE else ""
            ),
            "back": place.link(),
            "may_record": standing is not None and Permit.PREPARE_REPORT in standing.permits(),
        },
    )


def units_file(request: HttpRequest, format_: str) -> HttpResponseBase:
    """The same as a table, all states."""
    place, target = find_place_of_units(request)
    if format_ not in ("csv", "xlsx"):
        raise Http404
    figure = coverage.coverage_of(target, place.unit.code, place.on, people=True)
    name = f"{target}-{place.unit.code}-{place.on.isoformat()}-units"
    return table_file(name, format_, units_header(), units_rows(figure, target, place))


def find_place_of_units(request: HttpRequest) -> tuple[Place, str]:
    """Where I stand, and a target that counts units; any other has no such page."""
    place = find_place(request, Permit.SEE_FIGURES)
    if place.target is None or place.target.counts != "units":
        raise Http404
    return place, place.target.code


def unit_lines(target: str, codes: Sequence[str], place: Place) -> list[UnitLine]:
    """These units as they are called on the day, with what they held by then."""
    found = roster.units_on(roster.Unit.objects.filter(code__in=codes), place.on)
    held = coverage.activity_lines(target, [unit.id for unit in found], place.on)
    return [UnitLine(unit.code, unit.name, tuple(held.get(unit.id, ()))) for unit in found]


def units_header() -> list[str]:
    return [_("Unit code"), _("Unit"), _("State"), _("Activities"), _("Participants")]


def units_rows(figure: Figure, target: str, place: Place) -> list[list[Cell]]:
    """By state, then by unit code. The figure must hold its units."""
    return [
        [
            line.code,
            line.name,
            list_word(name, "units"),
            len(line.activities),
            sum(one.participants for one in line.activities),
        ]
        for name, codes in figure.people.items()
        for line in unit_lines(target, codes, place)
    ]
