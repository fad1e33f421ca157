"""My data: what is held of me, who looked at it, and all of it to take home."""

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.roster import policies
from lms.roster import queries as roster
from lms.roster.queries import Person

from ..auditlog import openings_of
from ..papers import my_data_pdf
from ..personaldata import Section, everything_about
from ..personalwords import COLUMNS, columns_of, title_of

LONGEST = 300
"""Of a value on paper; the JSON file holds it whole."""


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """My roles in sentences, who opened my record, and the way to all that is held."""
    person = roster.person_of(request.user)
    if person is None:
        return render(request, "portal/nobody.html")
    today = timezone.localdate()
    codes = roster.codes_of_human(person.pk)
    return render(
        request,
        "portal/my_data.html",
        {
            "roles": policies.roles_of(person, today),
            "looks": roster.looks_at(codes, today),
            "openings": openings_of(codes, today),
        },
    )


@require_safe
@reauthentication_required  # type: ignore[untyped-decorator]
def my_data_json(request: HttpRequest) -> HttpResponse:
    """Everything, whole, for programs."""
    person, sections = _everything(request)
    document = {
        "format": "vung.personal-data/1",
        "made_at": timezone.now().isoformat(),
        "version": settings.VERSION,
        "code": person.code,
        "sections": [
            {"kind": one.kind, "by": one.by, "own": one.own, "title": title_of(one), "rows": one.rows}
            for one in sections
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _file(text.encode(), "application/json", "json")


@require_safe
@reauthentication_required  # type: ignore[untyped-decorator]
def my_data_paper(request: HttpRequest) -> HttpResponse:
    """Everything that has a word, on paper."""
    person, sections = _everything(request)
    data = {
        "title": _("Everything that this platform holds about me"),
        "intro": _(
            "Officer code {code}. Made on {time}. Columns of use to programs alone stand in the JSON file."
        ).format(code=person.code, time=timezone.localtime().strftime("%H:%M %d/%m/%Y")),
        "language": get_language() or "vi",
        "sections": [_on_paper(one) for one in sections],
    }
    return _file(my_data_pdf(data), "application/pdf", "pdf")


def _everything(request: HttpRequest) -> tuple[Person, list[Section]]:
    person = roster.person_of(request.user)
    if person is None:
        raise Http404
    number = roster.own_national_id(person)
    vault = [Section("roster.NationalId", "person", True, ({"national_id": number},))] if number else []
    others = [one for one in everything_about(person) if one.kind != "roster.NationalId"]
    return person, [*others, *vault]


def _on_paper(section: Section) -> dict[str, Any]:
    columns = columns_of(section)
    return {
        "title": title_of(section),
        "columns": [str(COLUMNS[name]) for name in columns],
        "rows": [[_cell(row.get(name)) for name in columns] for row in section.rows],
        "note": _("{count} lines, in the JSON file.").format(count=len(section.rows)),
    }


def _cell(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    day = timezone.localdate().isoformat()
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="du-lieu-ve-toi-{day}.{ending}"',
            "Cache-Control": "private, no-store",
        },
    )
