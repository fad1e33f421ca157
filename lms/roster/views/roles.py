"""Roles: who may do what for which units; granting, approving by a second person, ending, and what was."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.roster import policies, queries, services
from lms.roster.enums import GrantStatus, Permit, Role
from lms.roster.forms import EndRoleForm, RoleForm
from lms.roster.models import Person, RoleGrant
from lms.roster.records import RoleLine

from ..entry import permitted, said

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permit.MANAGE_ACCOUNTS)
def home(request: HttpRequest, me: Person) -> HttpResponse:
    """What waits for a second person, who holds a role today, what was; and granting one."""
    today = timezone.localdate()
    form = RoleForm(
        request.POST or None,
        people=policies.people_within_reach(me, Permit.MANAGE_ACCOUNTS, today),
        among=policies.units_within_reach(me, Permit.MANAGE_ACCOUNTS, today),
        initial={"since": today},
    )
    if form.is_valid() and _granted(request, form, me, today):
        return redirect("roster:roles")
    sought = request.GET.get("q", "").strip()
    grants = _found(_mine(me, today), sought)
    past = Q(until__lte=today) | Q(status=GrantStatus.REJECTED)
    return render(
        request,
        "roster/roles.html",
        {
            "form": form,
            "sought": sought,
            "waiting": _lines(grants.filter(status=GrantStatus.PROPOSED), me, today),
            "held": _lines(grants.filter(status=GrantStatus.APPROVED).exclude(past), me, today),
            "past": _lines(grants.filter(past), me, today),
            "shown": SHOWN,
            "end": EndRoleForm(initial={"on": today}),
            "sentences": [
                (role.label, str(policies.SENTENCES[role]).format(unit=_("the unit"))) for role in Role
            ],
        },
        status=422 if form.errors else 200,
    )


@require_POST
@permitted(Permit.MANAGE_ACCOUNTS)
def decide(request: HttpRequest, me: Person, chain: UUID) -> HttpResponse:
    """The second person's yes or no; or the end of a role."""
    today = timezone.localdate()
    grant = get_object_or_404(_mine(me, today).select_related("unit", "person", "granted_by"), chain=chain)
    reason = request.POST.get("reason", "").strip()[:300]
    match request.POST.get("act"):
        case "approve":
            said(
                request,
                _("Approved. The role holds from {day} on.").format(day=grant.since.strftime("%d/%m/%Y")),
                lambda: services.approve_role(grant=grant, by=me, today=today),
            )
        case "reject":
            said(
                request,
                _("Rejected. The role does not hold."),
                lambda: services.reject_role(grant=grant, by=me, today=today, reason=reason),
            )
        case "end":
            form = EndRoleForm(request.POST)
            on = form.cleaned_data["on"] if form.is_valid() else today
            said(
                request,
                _("Ended. From {day} on the role holds no longer.").format(day=on.strftime("%d/%m/%Y")),
                lambda: services.end_role(grant=grant, on=on, by=me, today=today, reason=reason),
            )
    return redirect("roster:roles")


def _mine(me: Person, today: date) -> QuerySet[RoleGrant]:
    """The grants of the units whose roles I keep."""
    units = policies.units_within_reach(me, Permit.MANAGE_ACCOUNTS, today)
    return RoleGrant.objects.current().filter(unit__in=units)


def _found(grants: QuerySet[RoleGrant], sought: str) -> QuerySet[RoleGrant]:
    if not sought:
        return grants
    return grants.filter(
        Q(person__in=queries.people_named(sought))
        | Q(person__code__iexact=sought)
        | Q(unit__code__iexact=sought)
    )


def _granted(request: HttpRequest, form: RoleForm, me: Person, today: date) -> bool:
    data = form.cleaned_data
    waits = policies.needs_second_person(data["unit"], data["since"])
    done = (
        _("Recorded. The role holds once a second person who keeps roles here has approved it.")
        if waits
        else _("Granted. It can be used at the next click.")
    )
    return said(
        request,
        done,
        lambda: services.grant_role(
            person=data["person"],
            unit=data["unit"],
            role=Role(data["role"]),
            since=data["since"],
            until=data["until"],
            by=me,
            today=today,
        ),
    )


def _lines(grants: QuerySet[RoleGrant], me: Person, today: date) -> list[RoleLine]:
    rows = list(
        grants.select_related("person", "unit", "granted_by", "approved_by").order_by("-since", "-pk")[:SHOWN]
    )
    people = {row.person_id for row in rows}
    people |= {pk for row in rows for pk in (row.granted_by_id, row.approved_by_id) if pk is not None}
    names = queries.full_names(people)
    units = {unit.id: unit.name for unit in queries.units_with_ids([row.unit_id for row in rows], today)}
    return [
        RoleLine(
            chain=row.chain,
            person_code=row.person.code,
            person_name=names.get(row.person_id, row.person.code),
            role_label=str(Role(row.role).label),
            unit_code=row.unit.code,
            unit_name=units.get(row.unit_id, row.unit.code),
            since=row.since,
            until=row.until,
            status=row.status,
            granted_by=names.get(row.granted_by_id or 0, ""),
            approved_by=names.get(row.approved_by_id or 0, ""),
            mine=me.pk in (row.granted_by_id, row.person_id),
        )
        for row in rows
    ]
