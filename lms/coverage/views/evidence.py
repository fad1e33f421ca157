"""Training from classes and from outside that waits for a second person's yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.coverage import services
from lms.coverage.lateness import told_late_on, with_first_told
from lms.coverage.models import ClassListLine, Evidence, ProofFile
from lms.coverage.policies import evidence_waiting
from lms.kernel.errors import Refused
from lms.roster import queries as roster
from lms.roster.enums import LookedAt, Permit
from lms.roster.policies import may_anywhere
from lms.roster.queries import Person
from lms.roster.records import PersonOnDay
from lms.roster.services import note_looks

from .class_lists import lists_waiting
from .declaring import with_proofs

SHOWN = 20


@dataclass(frozen=True)
class Waiting:
    """One declared training, whose it is, and who said so."""

    evidence: Evidence
    who: PersonOnDay | None
    declared_by: str
    proofs: Sequence[ProofFile]
    mine: bool
    """Declared by me or about me: somebody else decides."""
    told_late_on: date | None = None


def evidence(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, twenty a page; what is ticked is approved or rejected together."""
    me, today = _approver(request)
    waiting = evidence_waiting(me, today)
    lists = lists_waiting(waiting)
    waiting = waiting.exclude(chain__in=ClassListLine.objects.values("evidence"))
    if request.method == "POST":
        _decide(request, waiting, me, today)
        return redirect(request.get_full_path())
    waiting = waiting.select_related("person", "course").order_by("recorded_entry")
    page = Paginator(with_first_told(waiting), SHOWN).get_page(request.GET.get("page"))
    lines = _lines(list(page), me, today)
    note_looks(people=[line.who.id for line in lines if line.who], page=LookedAt.TRAINING, by=me, on=today)
    return render(
        request,
        "coverage/evidence.html",
        {
            "lines": lines,
            "lists": lists,
            "page": page,
            "open": sum(not line.mine for line in lines),
        },
    )


def _approver(request: HttpRequest) -> tuple[Person, date]:
    me, today = roster.person_of(request.user), timezone.localdate()
    if me is None or not may_anywhere(me, Permit.APPROVE_EVIDENCE, today):
        raise PermissionDenied
    return me, today


def _lines(rows: list[Evidence], me: Person, today: date) -> list[Waiting]:
    codes = [row.person.code for row in rows]
    people = {one.id: one for one in roster.people_with_codes(codes, today)}
    names = roster.full_names({row.declared_by_id for row in rows if row.declared_by_id})
    mine = set(roster.codes_of_human(me.pk))
    return [
        Waiting(
            row,
            people.get(row.person_id),
            names.get(row.declared_by_id or 0, ""),
            proofs,
            bool(mine & {row.person_id, row.declared_by_id}),
            told_late_on(row),
        )
        for row, proofs in with_proofs(rows)
    ]


def _decide(request: HttpRequest, waiting: QuerySet[Evidence], me: Person, today: date) -> None:
    """Each by itself: what cannot be decided by me is said, and keeps nothing else back."""
    chosen = list(
        waiting.filter(chain__in=_chains(request.POST.getlist("evidence")))
        .select_related("person", "course", "declared_by")
        .order_by("recorded_entry")
    )
    reason = request.POST.get("reason", "")[:300]
    approve = request.POST.get("act") == "approve"
    done, refused = 0, []
    for row in chosen:
        try:
            if approve:
                services.approve_evidence(evidence=row, by=me, today=today)
            else:
                services.reject_evidence(evidence=row, by=me, today=today, reason=reason)
            done += 1
        except Refused as refusal:
            refused.append(str(refusal))
    if not chosen:
        messages.error(request, _("Nothing was ticked, so nothing was decided."))
    if done:
        said = (
            ngettext(
                "Approved: {count} training. It counts now.",
                "Approved: {count} trainings. They count now.",
                done,
            )
            if approve
            else ngettext("Rejected: {count} training.", "Rejected: {count} trainings.", done)
        )
        messages.success(request, said.format(count=done))
    for words in dict.fromkeys(refused):
        messages.error(request, words)


def _chains(stated: Sequence[str]) -> list[UUID]:
    """What is no id is left out."""
    found = []
    for text in stated[:SHOWN]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
