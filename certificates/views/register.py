"""The register, for those who keep it: find a line, revoke, correct, copy, export, issue what is missing."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lms.kernel import jobs
from lms.kernel.errors import Refused
from lms.kernel.writers import write_xlsx
from lms.roster.enums import LookedAt, Permit
from lms.roster.policies import may_anywhere
from lms.roster.queries import Person, person_of
from lms.roster.services import note_looks

from .. import queries, services
from ..enums import Decision
from ..forms import AmendmentForm
from ..models import Amendment, Certificate
from ..policies import certificates_within_reach
from .papers import file_name, paper_of, paper_response

PAGE = 50
MOST_PAPERS = 500
"""In one ZIP over the web: about seven seconds of one core. Of more, a year or a course is chosen first."""


def keeper(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view who asks, for those who keep some register."""

    @wraps(view)
    def fetch(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        me = person_of(request.user)
        if me is None or not may_anywhere(me, Permit.KEEP_CERTIFICATES, on=timezone.localdate()):
            raise PermissionDenied
        return view(request, me, **kwargs)

    return fetch


@require_safe
@keeper
def register(request: HttpRequest, me: Person) -> HttpResponse:
    """The lines that I keep, the newest first, and the requests that wait."""
    today = timezone.localdate()
    mine = certificates_within_reach(me, today)
    wanted = _wanted(request, mine, today)
    rows = list(_after(wanted, request.GET.get("after", ""), mine)[: PAGE + 1])
    return render(
        request,
        "certificates/register.html",
        {
            "lines": queries.described(rows[:PAGE], today),
            "more": rows[PAGE - 1].public_id if len(rows) > PAGE else None,
            "waiting": queries.waiting_amendments(mine, me),
            "years": queries.register_years(mine),
            "courses": queries.register_courses(mine),
            "asked": {name: request.GET.get(name, "") for name in ("q", "year", "course")},
            "query": _query(request),
            "sets_up": may_anywhere(me, Permit.SET_UP_CERTIFICATES, on=today),
        },
    )


@require_safe
@keeper
def line(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """One line: what it says, what happened to it, what can be asked for."""
    today = timezone.localdate()
    certificate = _mine(me, public_id)
    note_looks(people=[certificate.person_id], page=LookedAt.CERTIFICATE, by=me, on=today)
    waits = queries.open_amendment(certificate)
    return render(
        request,
        "certificates/line.html",
        {
            "line": queries.register_line(certificate, today, waits=waits is not None),
            "paper": certificate.payload,
            "history": queries.history_of(certificate),
            "waiting": [
                one
                for one in queries.waiting_amendments(certificates_within_reach(me, today), me)
                if one.certificate == public_id
            ],
            "form": AmendmentForm(),
        },
    )


@require_POST
@keeper
def amend(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Ask that a certificate be revoked or its name corrected."""
    certificate = _mine(me, public_id)
    form = AmendmentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what is asked for and why. Nothing was changed."))
    else:
        _told(
            request,
            lambda: form.ask(certificate, by=me, on=timezone.localdate()),
            _("Asked for. A second person who keeps this register decides."),
        )
    return redirect("certificates:line", public_id)


@require_POST
@keeper
def decide(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Approve or reject what somebody else has asked for."""
    today = timezone.localdate()
    mine = certificates_within_reach(me, today)
    amendment = get_object_or_404(
        Amendment.objects.filter(certificate__in=mine).select_related("proposed_by"), public_id=public_id
    )
    approved = request.POST.get("decision") == Decision.APPROVED
    decision = Decision.APPROVED if approved else Decision.REJECTED
    after = _told(
        request,
        lambda: services.decide_amendment(amendment=amendment, decision=decision, by=me, on=today),
        _("Approved; it holds from today.") if approved else _("Rejected; the certificate stays as it was."),
    )
    return redirect("certificates:line", (after or amendment.certificate).public_id)


@require_POST
@keeper
def copy(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Make a copy from the register; its file has an address of its own."""
    made = services.copy_from_register(certificate=_printable(me, public_id), by=me, on=timezone.localdate())
    return redirect("certificates:copy_paper", public_id, made.number)


@require_safe
@keeper
def copy_paper(request: HttpRequest, me: Person, public_id: UUID, number: int) -> HttpResponse:
    certificate = _printable(me, public_id)
    return paper_response(certificate, get_object_or_404(certificate.copies, number=number))


@require_safe
@keeper
def line_paper(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    return paper_response(_printable(me, public_id))


@require_safe
@keeper
def export(request: HttpRequest, me: Person) -> FileResponse:
    """The lines that were looked for as XLSX; codes and links are not in it, since they open papers."""
    today = timezone.localdate()
    rows = _wanted(request, certificates_within_reach(me, today), today).select_related("course", "person")
    file = io.BytesIO()
    header = [
        _("Register number"),
        _("Officer code"),
        _("Full name"),
        _("Unit"),
        _("Course code"),
        _("Course"),
        _("Result"),
        _("Issued"),
        _("Last day"),
        _("State"),
        _("Revoked"),
        _("Reason"),
    ]
    write_xlsx(file, header, _cells(rows, today), sheet=_("Register"))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"so-goc-{today.isoformat()}.xlsx")


@require_safe
@keeper
def papers(request: HttpRequest, me: Person) -> HttpResponseBase:
    """The papers that were looked for, as one ZIP, made while it is sent."""
    today = timezone.localdate()
    rows = _wanted(request, certificates_within_reach(me, today), today).filter(
        revoked_on__isnull=True, erased_on__isnull=True
    )
    rows = rows.select_related("issuer")
    count = rows.count()
    if count > MOST_PAPERS:
        messages.error(
            request,
            ngettext(
                "At most %(most)d papers fit into one file; %(count)d was found. Choose a year or a course.",
                "At most %(most)d papers fit into one file; %(count)d were found. Choose a year or a course.",
                count,
            )
            % {"most": MOST_PAPERS, "count": count},
        )
        return redirect("certificates:register")
    return StreamingHttpResponse(
        zipped(rows),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="giay-chung-nhan-{today.isoformat()}.zip"'},
    )


@require_POST
@keeper
def issue(request: HttpRequest, me: Person) -> HttpResponse:
    """Have everything issued that is due and missing, behind the page."""
    jobs.enqueue("certificates.issue_missing", key=f"by {me.pk}", by=me.code)
    messages.success(request, _("What is due is being issued. It stands here in a minute."))
    return redirect("certificates:register")


def zipped(rows: QuerySet[Certificate], made: Callable[[Certificate], bytes] = paper_of) -> Iterator[bytes]:
    """A ZIP of papers, piece by piece; PDFs are compressed already, so they are only stored."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for row in rows.iterator(chunk_size=200):
            archive.writestr(f"{file_name(row)}.pdf", made(row))
            yield pipe.drained()
    yield pipe.drained()


class _Pipe(io.RawIOBase):
    """What a ZIP writes to, when it is sent as it grows."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._parts.append(bytes(piece))
        return len(piece)

    def drained(self) -> bytes:
        piece = b"".join(self._parts)
        self._parts.clear()
        return piece


def _mine(me: Person, public_id: UUID) -> Certificate:
    return get_object_or_404(certificates_within_reach(me, timezone.localdate()), public_id=public_id)


def _printable(me: Person, public_id: UUID) -> Certificate:
    """One of mine whose holder was not erased."""
    certificate = _mine(me, public_id)
    if certificate.erased_on is not None:
        raise Http404
    return certificate


def _wanted(request: HttpRequest, mine: QuerySet[Certificate], today: date) -> QuerySet[Certificate]:
    year = request.GET.get("year", "")
    return queries.register_lines(
        mine,
        on=today,
        text=_without_controls(request.GET.get("q", ""))[:120],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        course=_without_controls(request.GET.get("course", ""))[:32],
    )


def _without_controls(asked: str) -> str:
    """Without the NUL and other controls that no database keeps in a text."""
    return "".join(letter for letter in asked if letter.isprintable())


def _after(rows: QuerySet[Certificate], after: str, mine: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """The rows that follow the one on which the last page ended."""
    try:
        last = mine.filter(public_id=UUID(after)).first() if after else None
    except ValueError:
        last = None
    if last is None:
        return rows
    return rows.filter(Q(issued_on__lt=last.issued_on) | Q(issued_on=last.issued_on, pk__lt=last.pk))


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("after", None)
    return kept.urlencode()


def _cells(rows: QuerySet[Certificate], today: date) -> Iterator[list[Any]]:
    states = {"valid": _("valid"), "expired": _("expired"), "revoked": _("revoked")}
    for row in rows.iterator(chunk_size=1_000):
        yield [
            row.number_text,
            row.person.code,
            row.payload.get("holder", ""),
            row.payload.get("unit", ""),
            row.course.code,
            row.payload.get("course", ""),
            row.payload.get("details", ""),
            row.issued_on,
            queries.last_day_of(row),
            states[queries.state_of(row, today)],
            row.revoked_on,
            row.get_revocation_reason_display(),
        ]


def _told(request: HttpRequest, act: Callable[[], Any], done: str) -> Any:
    """Do it and say so, or say why not."""
    try:
        result = act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, done)
    return result
