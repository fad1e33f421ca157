"""The audit log's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.queries import Person

from ..auditlog import KINDS, log_within


@require_safe
@permitted(Permit.READ_LEDGER)
def log(request: HttpRequest, me: Person) -> HttpResponse:
    """Who did what, within my reach, the newest first."""
    today = timezone.localdate()
    by, kind = request.GET.get("by", "").strip(), request.GET.get("kind", "")
    before = request.GET.get("before", "")
    page = log_within(
        me,
        today,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        by=by,
        kind=kind if kind in KINDS else "",
    )
    return render(
        request,
        "portal/log.html",
        {"page": page, "kinds": list(KINDS.items()), "by": by, "kind": kind},
    )
