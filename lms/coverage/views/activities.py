"""The activity log of units: recorded by their officers, decided by a second person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.coverage import services
from lms.coverage.enums import EvidenceStatus
from lms.coverage.forms import ActivityForm, CorrectActivityForm, RevokeForm
from lms.coverage.models import Activity, ProofFile
from lms.coverage.policies import activities_within_reach
from lms.kernel.errors import Refused
from lms.roster import queries as roster
from lms.roster.entry import permitted, said
from lms.roster.enums import Permit
from lms.roster.policies import may, may_anywhere, units_within_reach
from lms.roster.queries import Person

from .declaring import proofs_of

SHOWN = 50
CHOOSABLE = 400
"""So many units make a list to choose from; of more, the code is typed."""


@dataclass(frozen=True)
class Line:
    """One activity, whose it is, and its papers."""

    activity: Activity
    unit: str
    declared_by: str
    proofs: Sequence[ProofFile]
    mine: bool
    """Recorded by me: somebody else decides."""


@permitted(Permit.SEE_FIGURES)
def listing(request: HttpRequest, me: Person) -> HttpResponse:
    """What waits, the oldest first, to be decided together; then what was recorded last."""
    today = timezone.localdate()
    may_decide = may_anywhere(me, Permit.APPROVE_EVIDENCE, today)
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        _decide(request, me, today)
        return redirect("coverage:activities")
    rows = activities_within_reach(me, Permit.SEE_FIGURES, today).select_related("unit")
    waiting = list(rows.filter(status=EvidenceStatus.DECLARED).order_by("recorded_entry")[: SHOWN + 1])
    decided = list(rows.exclude(status=EvidenceStatus.DECLARED).order_by("-day", "-pk")[:SHOWN])
    lines = _lines([*waiting[:SHOWN], *decided], me, today)
    shown = len(waiting[:SHOWN])
    return render(
        request,
        "coverage/activities.html",
        {
            "waiting": lines[:shown],
            "decided": lines[shown:],
            "more": len(waiting) > SHOWN,
            "open": may_decide and sum(not line.mine for line in lines[:shown]),
            "may_record": may_anywhere(me, Permit.PREPARE_REPORT, today),
        },
    )


def _lines(rows: Sequence[Activity], me: Person, today: date) -> list[Line]:
    units = roster.last_names({row.unit.code for row in rows})
    names = roster.full_names({row.declared_by_id for row in rows if row.declared_by_id})
    kept = proofs_of([row.chain for row in rows if row.proofs])
    mine = set(roster.codes_of_human(me.pk))
    return [
        Line(
            row,
            units.get(row.unit.code, row.unit.code),
            names.get(row.declared_by_id or 0, ""),
            kept.get(row.chain, []),
            row.declared_by_id in mine,
        )
        for row in rows
    ]


def _decide(request: HttpRequest, me: Person, today: date) -> None:
    """Each by itself: what cannot be decided by me is said, and keeps nothing else back."""
    chosen = _chosen(request, me, today)
    approve, reason = request.POST.get("act") == "approve", request.POST.get("reason", "")[:300]
    done, refused = 0, []
    for row in chosen:
        try:
            if approve:
                services.approve_activity(activity=row, by=me, today=today)
            else:
                services.reject_activity(activity=row, by=me, today=today, reason=reason)
            done += 1
        except Refused as refusal:
            refused.append(str(refusal))
    if not chosen:
        messages.error(request, _("Nothing was ticked, so nothing was decided."))
    if done:
        words = (
            ngettext("Approved: {count} activity.", "Approved: {count} activities.", done)
            if approve
            else ngettext("Rejected: {count} activity.", "Rejected: {count} activities.", done)
        )
        messages.success(request, words.format(count=done))
    for sentence in dict.fromkeys(refused):
        messages.error(request, sentence)


def _chosen(request: HttpRequest, me: Person, today: date) -> list[Activity]:
    """What is ticked and within reach; what is no id is left out."""
    chains = []
    for text in request.POST.getlist("activity")[:SHOWN]:
        try:
            chains.append(UUID(text))
        except ValueError:
            continue
    rows = activities_within_reach(me, Permit.APPROVE_EVIDENCE, today).filter(chain__in=chains)
    return list(rows.select_related("unit", "declared_by").order_by("recorded_entry"))


@permitted(Permit.PREPARE_REPORT)
def record(request: HttpRequest, me: Person) -> HttpResponse:
    """Record what a unit of mine held."""
    today = timezone.localdate()
    reach = units_within_reach(me, Permit.PREPARE_REPORT, today)
    units = roster.units_on(reach, today) if reach.count() <= CHOOSABLE else None
    form = ActivityForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        units=units,
        initial={"day": today, "unit": request.GET.get("unit", "")},
    )
    if form.is_valid():
        data = dict(form.cleaned_data)
        unit = reach.filter(code=data.pop("unit").strip()).first()
        if unit is None:
            form.add_error("unit", _("None of your units has this code."))
        elif _done(form, lambda: services.record_activity(unit=unit, by=me, today=today, **_stated(data))):
            messages.success(request, _("Recorded. It counts once a second person has approved it."))
            return redirect("coverage:activities")
    context = {"form": form}
    return render(request, "coverage/record_activity.html", context, status=422 if form.errors else 200)


@permitted(Permit.SEE_FIGURES)
def activity(request: HttpRequest, me: Person, chain: UUID) -> HttpResponse:
    """One activity: its papers, who said so and who decided; correct it, decide it, revoke it."""
    today = timezone.localdate()
    rows = activities_within_reach(me, Permit.SEE_FIGURES, today)
    row = get_object_or_404(rows.select_related("unit", "declared_by", "decided_by"), chain=chain)
    may_decide = may(me, Permit.APPROVE_EVIDENCE, row.unit, today)
    may_correct = may(me, Permit.PREPARE_REPORT, row.unit, today)
    act = request.POST.get("act", "")
    if request.method == "POST" and not (may_correct if act == "correct" else may_decide):
        raise PermissionDenied
    correct = CorrectActivityForm(
        request.POST if act == "correct" else None, request.FILES or None, initial=_initial(row)
    )
    revoke = RevokeForm(request.POST if act == "revoke" else None, initial={"on": today})
    if _acted(request, act, row, me, today, correct, revoke):
        return redirect("coverage:activity", chain)
    (line,) = _lines([row], me, today)
    return render(
        request,
        "coverage/activity.html",
        {
            "line": line,
            "row": row,
            "decided_by": roster.full_names([row.decided_by_id]).get(row.decided_by_id, "")
            if row.decided_by_id
            else "",
            "may_decide": may_decide and not line.mine,
            "may_correct": may_correct,
            "correct": correct,
            "revoke": revoke,
            "act": act,
        },
        status=422 if correct.errors or revoke.errors else 200,
    )


def _acted(
    request: HttpRequest,
    act: str,
    row: Activity,
    me: Person,
    today: date,
    correct: CorrectActivityForm,
    revoke: RevokeForm,
) -> bool:
    """Whether something was asked that the forms could be read for; what it came to is said."""
    if act == "correct" and correct.is_valid():
        stated = _stated(correct.cleaned_data)
        return _done(
            correct, lambda: services.correct_activity(activity=row, by=me, today=today, **stated)
        ) and _tell(request, _("Corrected. It counts once a second person has approved it."))
    if act == "revoke" and revoke.is_valid():
        on, reason = revoke.cleaned_data["on"], revoke.cleaned_data["reason"]
        return _done(
            revoke,
            lambda: services.revoke_activity(activity=row, on=on, by=me, today=today, reason=reason),
        ) and _tell(request, _("Revoked."))
    reason = request.POST.get("reason", "")[:300]
    if act == "approve":
        said(request, _("Approved."), lambda: services.approve_activity(activity=row, by=me, today=today))
        return True
    if act == "reject":
        said(
            request,
            _("Rejected."),
            lambda: services.reject_activity(activity=row, by=me, today=today, reason=reason),
        )
        return True
    return False


def _done(form: Any, do: Callable[[], object]) -> bool:
    """Whether it was done; else the form says why not."""
    try:
        do()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _tell(request: HttpRequest, words: str) -> bool:
    messages.success(request, words)
    return True


def _stated(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in data.items() if name != "proofs"}, "scans": data["proofs"]}


def _initial(row: Activity) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CorrectActivityForm.base_fields if name != "proofs"}
