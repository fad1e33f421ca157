"""Merging units, and codes that are one human being."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.kernel.errors import Refused
from lms.roster import policies, queries, services
from lms.roster.enums import Permit
from lms.roster.forms import PersonMergerForm, UnitMergerForm
from lms.roster.models import Person, PersonMerge
from lms.roster.records import Merged

from ..entry import permitted, said


@permitted(Permit.MANAGE_UNITS)
def merge_units(request: HttpRequest, me: Person) -> HttpResponse:
    """Two steps: look at what the merger would do, then do it."""
    today = timezone.localdate()
    reach = policies.units_within_reach(me, Permit.MANAGE_UNITS, today)
    form = UnitMergerForm(request.POST if request.method == "POST" else None, among=reach)
    preview: Merged | None = None
    if form.is_valid():
        try:
            with transaction.atomic():
                preview = _merge(form, me)
                if request.POST.get("act") != "merge":
                    transaction.set_rollback(True)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            if request.POST.get("act") == "merge":
                messages.success(
                    request,
                    _("Merged: {units} units ended, {people} people moved.").format(
                        units=preview.units, people=preview.people
                    ),
                )
                return redirect("roster:home")
    ending = form.cleaned_data.get("ending", []) if form.is_bound and preview else []
    paths = queries.paths_of([unit.pk for unit in ending], form.cleaned_data["on"]) if ending else {}
    return render(
        request,
        "roster/merge_units.html",
        {
            "form": form,
            "preview": preview,
            "ending": [paths.get(unit.pk, []) for unit in ending],
            "successor": _successor(form) if preview else None,
        },
    )


def _successor(form: UnitMergerForm) -> dict[str, object]:
    """The unit that goes on, as the form names it."""
    data = form.cleaned_data
    if data["into"] is None:
        return {"new": True, "code": data["code"], "name": data["name"]}
    code = data["into"].code
    return {"new": False, "code": code, "name": queries.last_names({code}).get(code, code)}


def _merge(form: UnitMergerForm, me: Person) -> Merged:
    data = form.cleaned_data
    into = data["into"] or services.NewUnit(data["code"], data["name"], data["kind"], data["parent"])
    return services.merge_units(
        ending=data["ending"],
        into=into,
        on=data["on"],
        decision=data["decision"],
        by=me,
        today=timezone.localdate(),
    )


@permitted(Permit.MANAGE_ACCOUNTS)
def merge_people(request: HttpRequest, me: Person) -> HttpResponse:
    """Codes that look like one human being, two that somebody names, and mergers that can be taken back."""
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    initial = {name: request.GET.get(name, "") for name in ("person", "same_as")}
    form = PersonMergerForm(data, initial=initial)
    if form.is_valid() and said(
        request,
        _("Merged: the two codes are one person from now on."),
        lambda: services.merge_people(by=me, today=today, **form.cleaned_data),
    ):
        return redirect("roster:merge_people")
    reach = policies.people_within_reach(me, Permit.MANAGE_ACCOUNTS, today)
    merges = queries.merges_of(reach, today)
    names = queries.full_names({pk for row in merges for pk in (row.person_id, row.same_as_id)})
    return render(
        request,
        "roster/merge_people.html",
        {
            "form": form,
            "suspects": queries.namesakes(reach, today),
            "merges": [(row, names.get(row.person_id, ""), names.get(row.same_as_id, "")) for row in merges],
        },
    )


@require_POST
@permitted(Permit.MANAGE_ACCOUNTS)
def part_people(request: HttpRequest, me: Person, chain: UUID) -> HttpResponse:
    """Two human beings after all."""
    today = timezone.localdate()
    reach = policies.people_within_reach(me, Permit.MANAGE_ACCOUNTS, today)
    merges = PersonMerge.objects.current().filter(Q(person__in=reach) | Q(same_as__in=reach))
    row = get_object_or_404(merges.select_related("person", "same_as"), chain=chain)
    said(
        request,
        _("Parted: {person} and {other} are two people again.").format(
            person=row.person.code, other=row.same_as.code
        ),
        lambda: services.part_people(
            merge=row, reason=request.POST.get("reason", "")[:300], by=me, today=today
        ),
    )
    return redirect("roster:merge_people")
