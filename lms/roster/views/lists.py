"""Lists of staff: how fresh they are, who stands on one, confirming, absences."""

from collections import Counter
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lms.kernel.folding import fold
from lms.roster import policies, queries, services
from lms.roster.enums import AbsenceStatus, Permit
from lms.roster.models import Absence, Person, Posting
from lms.roster.records import RosterFreshness

from ..entry import permitted, said, unit_within

SHOWN = 50
LISTED = 25
"""Units on one page of the lists."""
FRESH_DAYS = 183
_STATES = {
    "never": gettext_lazy("never confirmed"),
    "old": gettext_lazy("confirmed too long ago"),
    "fresh": gettext_lazy("confirmed"),
}


@require_safe
@permitted(Permit.MANAGE_ROSTER)
def home(request: HttpRequest, me: Person) -> HttpResponse:
    """What waits to be done about the lists: unconfirmed ones first, files, mergers, absences."""
    today = timezone.localdate()
    rows = _freshness(me, today)
    sought, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = [
        row
        for row in rows
        if (not sought or fold(sought) in fold(row.unit_name)) and state in ("", _state(row, today))
    ]
    after = request.GET.get("after", "")
    begin = next((at + 1 for at, row in enumerate(found) if row.unit_code == after), 0)
    counts = Counter(_state(row, today) for row in rows)
    permits = policies.permits_held(me, today)
    return render(
        request,
        "roster/home.html",
        {
            "rows": found[begin : begin + LISTED],
            "more": max(len(found) - begin - LISTED, 0),
            "begun": begin,
            "last": found[: begin + LISTED][-1].unit_code if found else "",
            "sought": sought,
            "state": state,
            "states": [(key, word, counts[key]) for key, word in _STATES.items()],
            "units": len(rows),
            "people": sum(row.people for row in rows),
            "stale": counts["never"] + counts["old"],
            "today": today,
            "fresh_since": date.fromordinal(today.toordinal() - FRESH_DAYS),
            "may_merge": Permit.MANAGE_UNITS in permits,
            "may_decide": Permit.APPROVE_ABSENCE in permits,
            "waiting": _waiting(me, today).count() if Permit.APPROVE_ABSENCE in permits else 0,
            "astray": _astray(me, today),
        },
    )


def _state(row: RosterFreshness, today: date) -> str:
    if row.confirmed_on is None:
        return "never"
    return "fresh" if is_fresh(row, today) else "old"


def is_fresh(row: RosterFreshness, today: date) -> bool:
    return row.confirmed_on is not None and (today - row.confirmed_on).days <= FRESH_DAYS


def _freshness(me: Person, today: date) -> list[RosterFreshness]:
    """The units of my roles and below, each once, the least fresh first."""
    rows = {
        row.unit: row
        for top in policies.tops_within_reach(me, Permit.MANAGE_ROSTER, today)
        for row in queries.roster_freshness(top, today)
    }
    return sorted(rows.values(), key=lambda row: (row.confirmed_on or date.min, row.unit_name))


def _astray(me: Person, today: date) -> int:
    """How many people still hold a posting in a unit that has ended, of those once below mine."""
    tops = policies.tops_within_reach(me, Permit.MANAGE_ROSTER, today).values_list("pk", flat=True)
    ended = queries.ended_units_once_below(tops, today)
    rows = queries.postings_without_a_unit(today).filter(unit__in=ended)
    return rows.order_by().values("person").distinct().count()


@require_safe
@permitted(Permit.MANAGE_ROSTER)
def unit(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """One unit's own list of staff today."""
    today = timezone.localdate()
    anchor, shown = unit_within(me, Permit.MANAGE_ROSTER, code, today)
    here = Posting.objects.current().on(today).filter(unit=anchor)
    people = queries.people_on(Person.objects.filter(pk__in=here.values("person")), today)
    away = queries.absence_reasons([person.id for person in people], today)
    last = anchor.confirmations.current().filter(day__lte=today).order_by("-day").first()
    return render(
        request,
        "roster/unit.html",
        {
            "unit": shown,
            "path": queries.path_of(anchor, today)[:-1],
            "people": [
                (
                    person,
                    [post for post in person.postings if post.unit == anchor.pk],
                    [post for post in person.postings if post.unit != anchor.pk],
                    away.get(person.id),
                )
                for person in people
            ],
            "below": queries.children_of(anchor, today),
            "confirmed": last,
            "may_open_accounts": policies.may(me, Permit.MANAGE_ACCOUNTS, anchor, today),
            "may_confirm": policies.may(me, Permit.CONFIRM_ROSTER, anchor, today),
            "today": today,
        },
    )


@require_POST
@permitted(Permit.CONFIRM_ROSTER)
def confirm(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """The list of one unit is right today."""
    today = timezone.localdate()
    anchor, shown = unit_within(me, Permit.CONFIRM_ROSTER, code, today)
    said(
        request,
        _("The list of {unit} is confirmed as of {day}.").format(
            unit=shown.name, day=today.strftime("%d/%m/%Y")
        ),
        lambda: services.confirm_roster(unit=anchor, day=today, by=me, today=today),
    )
    return redirect("roster:unit", code)


# Absences ---------------------------------------------------------------------------------------


@require_safe
@permitted(Permit.APPROVE_ABSENCE)
def absences(request: HttpRequest, me: Person) -> HttpResponse:
    """What others have proposed and I may decide, or may not because it was me."""
    today = timezone.localdate()
    rows = list(_waiting(me, today).select_related("person", "proposed_by").order_by("since")[:SHOWN])
    people = Person.objects.filter(pk__in=[row.person_id for row in rows])
    away = {found.id: found for found in queries.people_on(people, today)}
    proposers = queries.full_names({row.proposed_by_id for row in rows if row.proposed_by_id})
    return render(
        request,
        "roster/absences.html",
        {
            "rows": [
                (
                    row,
                    away.get(row.person_id),
                    proposers.get(row.proposed_by_id or 0),
                    row.proposed_by_id == me.pk,
                )
                for row in rows
            ]
        },
    )


@require_POST
@permitted(Permit.APPROVE_ABSENCE)
def decide_absence(request: HttpRequest, me: Person, chain: UUID) -> HttpResponse:
    """The second person's yes or no."""
    today = timezone.localdate()
    row = get_object_or_404(_waiting(me, today), chain=chain)
    if request.POST.get("decision") == "approve":
        said(
            request,
            _("Approved. From now on the person does not count while away."),
            lambda: services.approve_absence(absence=row, by=me, today=today),
        )
    else:
        said(
            request,
            _("Rejected. The person goes on counting."),
            lambda: services.reject_absence(
                absence=row, by=me, today=today, reason=request.POST.get("reason", "")[:300]
            ),
        )
    return redirect("roster:absences")


def _waiting(me: Person, today: date) -> QuerySet[Absence]:
    people = policies.people_within_reach(me, Permit.APPROVE_ABSENCE, today)
    return Absence.for_ledger().filter(
        superseded_entry__isnull=True, status=AbsenceStatus.PROPOSED, person__in=people
    )
