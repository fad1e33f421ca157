"""Forgetting people who have left: asked by one, looked at before, done when a second person agrees."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.roster import policies, queries, services
from lms.roster.enums import GrantStatus, Permit
from lms.roster.forms import ErasureForm
from lms.roster.models import ErasureRequest, Person

from ..entry import permitted, said

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permit.MANAGE_ACCOUNTS)
def home(request: HttpRequest, me: Person) -> HttpResponse:
    """What waits for a second person, with what would go and what stays; and asking for one."""
    today = timezone.localdate()
    people = policies.people_left_within(me, Permit.MANAGE_ACCOUNTS, today)
    form = ErasureForm(request.POST or None, people=people)
    preview = None
    if form.is_valid():
        who = form.cleaned_data["person"]
        if request.POST.get("act") != "ask":
            preview = queries.erasure_shown(who)
        elif said(
            request,
            _("Asked for. Nothing is erased before a second person agrees."),
            lambda: services.propose_erasure(
                person=who, reason=form.cleaned_data["reason"], by=me, today=today
            ),
        ):
            return redirect("roster:erasures")
    waiting = _mine(me, today).filter(status=GrantStatus.PROPOSED).select_related("person").order_by("pk")
    return render(
        request,
        "roster/erasures.html",
        {
            "form": form,
            "preview": preview,
            "waiting": [
                (row, queries.erasure_shown(row.person), row.proposed_by_id == me.pk)
                for row in waiting[:SHOWN]
            ],
        },
        status=422 if form.errors else 200,
    )


@require_POST
@permitted(Permit.MANAGE_ACCOUNTS)
def decide(request: HttpRequest, me: Person, chain: UUID) -> HttpResponse:
    """The second person's yes or no."""
    today = timezone.localdate()
    rows = _mine(me, today).select_related("person", "proposed_by")
    row = get_object_or_404(rows, chain=chain)
    if request.POST.get("act") == "approve":
        said(
            request,
            _("Erased. Closed figures stay as they were."),
            lambda: services.approve_erasure(request=row, by=me, today=today),
        )
    else:
        reason = request.POST.get("reason", "").strip()[:300]
        said(
            request,
            _("Rejected. Nothing was erased."),
            lambda: services.reject_erasure(request=row, by=me, today=today, reason=reason),
        )
    return redirect("roster:erasures")


def _mine(me: Person, today: date) -> QuerySet[ErasureRequest]:
    people = policies.people_left_within(me, Permit.MANAGE_ACCOUNTS, today)
    return ErasureRequest.objects.current().filter(person__in=people)
