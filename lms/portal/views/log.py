"""The audit log's page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.roster import policies
from lms.roster import queries as roster
from lms.roster.enums import Permit

from ..auditlog import KINDS, log_within


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Who did what, within my reach, the newest first."""
    me = roster.person_of(request.user)
    today = timezone.localdate()
    if me is None or not policies.may_anywhere(me, Permit.READ_LEDGER, today):
        raise PermissionDenied
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
