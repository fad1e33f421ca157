"""Training elsewhere: declared by whoever took it or by their unit, with the papers that prove it."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.queries import course_anchors
from lms.coverage import services
from lms.coverage.enums import Outcome, Source
from lms.coverage.forms import AddProofsForm, DeclareForForm, DeclareForm
from lms.coverage.models import Evidence, ProofFile
from lms.coverage.policies import evidence_waiting
from lms.kernel.errors import Refused
from lms.roster import queries as roster
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.policies import people_within_reach
from lms.roster.queries import Person

SHOWN = 100


def mine(request: HttpRequest) -> HttpResponse:
    """What I have declared and how it stands; declare another."""
    me = roster.person_of(request.user)
    if me is None:
        raise PermissionDenied
    today = timezone.localdate()
    form = DeclareForm(_data(request), request.FILES or None, courses=_courses())
    if form.is_valid() and _declare(form, me.code, me, today):
        messages.success(request, _("Sent. It counts once your unit has approved it."))
        return redirect("coverage:my_evidence")
    own = Evidence.objects.current().filter(person__in=roster.codes_of_human(me.pk))
    own = own.exclude(source=Source.ONLINE).select_related("course").order_by("-completed_on", "-pk")
    context = {"form": form, "lines": with_proofs(list(own[:SHOWN])), "add": AddProofsForm(auto_id=False)}
    return render(request, "coverage/my_evidence.html", context, status=422 if form.errors else 200)


@permitted(Permit.APPROVE_EVIDENCE)
def declare_for(request: HttpRequest, me: Person) -> HttpResponse:
    """Declare the training of somebody of my units; a second person approves it."""
    today = timezone.localdate()
    form = DeclareForForm(
        _data(request),
        request.FILES or None,
        courses=_courses(),
        initial={"person": request.GET.get("person")},
    )
    if form.is_valid():
        code = form.cleaned_data["person"].strip()
        reach = people_within_reach(me, Permit.APPROVE_EVIDENCE, today)
        if not reach.filter(code=code).exists():
            form.add_error("person", _("Nobody of your units has this code."))
        elif _declare(form, code, me, today):
            messages.success(request, _("Recorded. It counts once a second person has approved it."))
            return redirect("coverage:evidence")
    return render(request, "coverage/declare_for.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def add_proofs(request: HttpRequest, chain: UUID) -> HttpResponse:
    """Lay papers beside a training of mine, or of somebody about whose training I decide."""
    me = roster.person_of(request.user)
    if me is None:
        raise PermissionDenied
    today = timezone.localdate()
    codes = roster.codes_of_human(me.pk)
    rows = Evidence.objects.current().select_related("person", "course", "declared_by", "approved_by")
    own = rows.filter(chain=chain, person__in=codes).first()
    evidence = own or get_object_or_404(evidence_waiting(me, today).select_related("person"), chain=chain)
    form = AddProofsForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for error in form.errors["proofs"]))
        else:
            services.add_proofs(evidence=evidence, scans=form.cleaned_data["proofs"], by=me, today=today)
            messages.success(request, _("Kept beside the training."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coverage:my_evidence" if own else "coverage:evidence")


def with_proofs(rows: list[Evidence]) -> list[tuple[Evidence, list[ProofFile]]]:
    """Each with the files that it states; one query, and no file's bytes."""
    kept = proofs_of([row.chain for row in rows if row.proofs])
    return [(row, kept.get(row.chain, [])) for row in rows]


def proofs_of(chains: list[UUID]) -> dict[UUID, list[ProofFile]]:
    found: dict[UUID, list[ProofFile]] = {}
    for file in ProofFile.objects.filter(chain__in=chains).defer("content"):
        found.setdefault(file.chain, []).append(file)
    return found


def _data(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _courses() -> list[tuple[str, str]]:
    return [(anchor.code, anchor.title) for anchor in course_anchors().values()]


def _declare(form: DeclareForm, person: str, me: Person, today: date) -> bool:
    """Whether it was declared; else the form says why not."""
    data = form.cleaned_data
    try:
        services.declare_evidence(
            person=person,
            course=data["course"],
            source=Source(data["source"]),
            completed_on=data["completed_on"],
            outcome=Outcome(data["outcome"]),
            reference=data["reference"],
            scans=data["proofs"],
            by=me,
            today=today,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
