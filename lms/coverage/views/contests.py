"""Contesting a fact: a person's own page, and the manager's list and answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from content.queries import course_anchors
from lms.coverage import contests, services
from lms.coverage.enums import About, ContestStatus, EvidenceStatus, Outcome, Source
from lms.coverage.forms import AnswerForm, ContestForm, DeclareForm, RevokeForm
from lms.coverage.models import Contest, Evidence
from lms.coverage.policies import contests_within_reach
from lms.kernel.errors import Refused
from lms.roster import queries as roster
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.policies import may_anywhere
from lms.roster.queries import Person

from .declaring import proofs_of

SHOWN = 100


def contest(request: HttpRequest) -> HttpResponse:
    """Say that something recorded about me is wrong, or missing."""
    me = roster.person_of(request.user)
    if me is None:
        raise PermissionDenied
    today = timezone.localdate()
    facts = contests.contestable(roster.codes_of_human(me.pk))
    data = request.POST if request.method == "POST" else None
    form = ContestForm(data, facts=facts, initial={"fact": request.GET.get("fact", "")})
    if form.is_valid():
        about, _colon, chain = form.cleaned_data["fact"].partition(":")
        try:
            row = services.contest_fact(
                person=me,
                about=About(about),
                contested=UUID(chain) if chain else None,
                words=form.cleaned_data["words"],
                today=today,
                by=me,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            day = row.due.strftime("%d/%m/%Y")
            messages.success(request, _("Sent. Your unit answers by {day}.").format(day=day))
            return redirect(f"{reverse('portal:record')}#contests")
    return render(request, "coverage/contest.html", {"form": form})


@require_POST
def take_back(request: HttpRequest, chain: UUID) -> HttpResponse:
    """I no longer want an answer."""
    me = roster.person_of(request.user)
    if me is None:
        raise PermissionDenied
    own = Contest.objects.current().filter(person__in=roster.codes_of_human(me.pk)).select_related("person")
    row = get_object_or_404(own, chain=chain)
    try:
        services.take_contest_back(contest=row, by=me, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect(f"{reverse('portal:record')}#contests")


# The manager's side -----------------------------------------------------------------------------


@require_safe
@permitted(Permit.ANSWER_CONTESTS)
def listing(request: HttpRequest, me: Person) -> HttpResponse:
    """What people of my units contest: what waits, the nearest deadline first; then what was answered."""
    today = timezone.localdate()
    rows = contests_within_reach(me, today)
    waiting = rows.filter(status=ContestStatus.WAITING).order_by("due", "recorded_entry")
    answered = rows.exclude(status=ContestStatus.WAITING).order_by("-answered_on", "-recorded_entry")
    return render(
        request,
        "coverage/contests.html",
        {
            "waiting": contests.listed(waiting, today, limit=SHOWN),
            "answered": contests.listed(answered, today, limit=20),
        },
    )


@permitted(Permit.ANSWER_CONTESTS)
def answer(request: HttpRequest, me: Person, chain: UUID) -> HttpResponse:
    """One contest: what is recorded, what the person says; correct it here or where it is kept; answer."""
    today = timezone.localdate()
    row = get_object_or_404(contests_within_reach(me, today).select_related("person", "unit"), chain=chain)
    act = request.POST.get("act", "")
    evidence = _evidence(row)
    courses = [(anchor.code, anchor.title) for anchor in course_anchors().values()]
    forms: dict[str, Any] = {
        "answer": AnswerForm(request.POST if act == "answer" else None),
        "revoke": RevokeForm(request.POST if act == "revoke" else None, initial={"on": today}),
        "declare": DeclareForm(
            request.POST if act == "declare" else None, request.FILES or None, courses=courses
        ),
    }
    form = forms.get(act)
    acts = {"answer", "declare", *(("approve", "reject", "revoke") if evidence else ())}
    if act in acts and (form is None or form.is_valid()):
        data = form.cleaned_data if form else {"reason": request.POST.get("reason", "")[:300]}
        try:
            _act(act, data, row=row, evidence=evidence, me=me, today=today)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            if act == "answer":
                messages.success(request, _("Answered; the person sees it in their record."))
                return redirect("coverage:contests")
            messages.success(request, _("Recorded. Now answer the person."))
            return redirect("coverage:answer_contest", chain)
    (shown,) = contests.listed(Contest.objects.filter(pk=row.pk), today)
    return render(
        request,
        "coverage/answer.html",
        {
            "contest": shown,
            "who": roster.person_on(row.person_id, today),
            "mine": roster.same_human(me, row.person),
            "evidence": evidence,
            "proofs": proofs_of([evidence.chain])[evidence.chain] if evidence and evidence.proofs else [],
            "declared": evidence is not None and evidence.status == EvidenceStatus.DECLARED,
            "forms": forms,
            "act": act,
            "keeps_lists": may_anywhere(me, Permit.MANAGE_ROSTER, today),
            "waits": row.status == ContestStatus.WAITING,
        },
    )


def _evidence(row: Contest) -> Evidence | None:
    """The training that is contested, as it is believed now."""
    if row.about != About.EVIDENCE:
        return None
    found = Evidence.objects.current().filter(chain=row.contested)
    return found.select_related("person", "course", "declared_by", "approved_by").first()


def _act(
    act: str, data: Mapping[str, Any], *, row: Contest, evidence: Evidence | None, me: Person, today: date
) -> None:
    """Answer, or correct by the verbs that training has anyway, with their rules of two persons."""
    if act == "answer":
        services.answer_contest(
            contest=row,
            corrected=data["outcome"] == "corrected",
            answer=data["answer"],
            by=me,
            today=today,
        )
    elif act == "declare":
        services.declare_evidence(
            person=row.person.code,
            course=data["course"],
            source=Source(data["source"]),
            completed_on=data["completed_on"],
            outcome=Outcome(data["outcome"]),
            reference=data["reference"],
            scans=data["proofs"],
            by=me,
            today=today,
        )
    elif evidence and act == "approve":
        services.approve_evidence(evidence=evidence, by=me, today=today)
    elif evidence and act == "reject":
        services.reject_evidence(evidence=evidence, by=me, today=today, reason=data["reason"])
    elif evidence and act == "revoke":
        services.revoke_evidence(evidence=evidence, on=data["on"], by=me, today=today, reason=data["reason"])
