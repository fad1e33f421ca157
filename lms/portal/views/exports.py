"""What the desk shows, as a file: the units below with their figures; everybody with their state."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.coverage import queries as coverage
from lms.coverage.records import Figure
from lms.kernel.writers import XLSX, Cell, csv_lines, xlsx_pieces
from lms.roster import queries as roster
from lms.roster.enums import LookedAt, Permit
from lms.roster.services import note_looks

from ..templatetags.components import list_word
from .desk import Place, find_place


def figures(request: HttpRequest, format_: str) -> HttpResponseBase:
    """The table of the desk: the unit's figure, and those of the units below."""
    place = find_place(request, Permit.SEE_FIGURES)
    if place.target is None or format_ not in ("csv", "xlsx"):
        raise Http404
    asked = (place.target.code, place.unit.code, place.on)
    figure = coverage.figure_at_once(*asked) or coverage.coverage_of(*asked, children=True)
    name = f"{place.target.code}-{place.unit.code}-{place.on.isoformat()}"
    return table_file(name, format_, _header(), _rows(place, figure))


def people(request: HttpRequest, format_: str) -> HttpResponseBase:
    """Everybody of the figure with their state, one a row, in flat memory."""
    place = find_place(request, Permit.READ_RECORDS)
    if place.target is None or place.target.counts != "people" or format_ not in ("csv", "xlsx"):
        raise Http404
    figure = coverage.coverage_of(place.target.code, place.unit.code, place.on, people=True)
    codes = [code for some in figure.people.values() for code in some]
    ids = roster.person_ids(codes).values()
    note_looks(people=ids, page=LookedAt.TRAINING, by=place.me, on=timezone.localdate())
    name = f"{place.target.code}-{place.unit.code}-{place.on.isoformat()}-people"
    return table_file(name, format_, people_header(), people_rows(figure, place.on))


def people_rows(figure: Figure, on: date) -> Iterator[list[Cell]]:
    """By state, then by officer code. The figure must hold its people."""
    for name, codes in figure.people.items():
        word = list_word(name)
        for person in roster.people_listed(codes, on):
            yield [person.code, person.full_name, person.units, person.titles, word]


def people_header() -> list[str]:
    return [_("Officer code"), _("Full name"), _("Unit"), _("Position"), _("State")]


def table_file(
    name: str, format_: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """A download that is written while it is sent."""
    said = f'attachment; filename="{name}.{format_}"'
    if format_ == "csv":
        lines = csv_lines(header, rows)
        return StreamingHttpResponse(
            lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": said}
        )
    pieces = xlsx_pieces(header, rows)
    return StreamingHttpResponse(pieces, content_type=XLSX, headers={"Content-Disposition": said})


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
