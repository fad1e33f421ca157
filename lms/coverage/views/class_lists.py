"""A list of who was in a class: whom to call, and one answer for all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from lms.coverage import services
from lms.coverage.models import ClassList, ClassListLine, Evidence
from lms.coverage.policies import evidence_waiting
from lms.kernel.errors import Refused
from lms.roster import queries as roster
from lms.roster.entry import permitted
from lms.roster.enums import LookedAt, Permit
from lms.roster.queries import Person
from lms.roster.records import PersonOnDay
from lms.roster.services import note_looks


@dataclass(frozen=True)
class ListWaiting:
    """A list of which something waits for me."""

    list: ClassList
    waiting: int
    declared_by: str


@dataclass(frozen=True)
class ToCall:
    """Somebody who is asked whether they were there."""

    who: PersonOnDay
    phone: str
    training: Evidence


def lists_waiting(waiting: QuerySet[Evidence]) -> list[ListWaiting]:
    """The lists from which these trainings are, the oldest first. Three queries."""
    lines = ClassListLine.objects.filter(evidence__in=waiting.values("chain")).values_list("list", flat=True)
    count: dict[UUID, int] = {}
    for chain in lines:
        count[chain] = count.get(chain, 0) + 1
    rows = ClassList.objects.current().filter(chain__in=count).order_by("recorded_entry")
    names = roster.full_names(row.declared_by_id for row in rows if row.declared_by_id)
    return [ListWaiting(row, count[row.chain], names.get(row.declared_by_id or 0, "")) for row in rows]


@permitted(Permit.APPROVE_EVIDENCE)
def class_list(request: HttpRequest, me: Person, chain: UUID) -> HttpResponse:
    """Who is to be called, and what became of the list's trainings within my reach."""
    today = timezone.localdate()
    found = get_object_or_404(ClassList.objects.current(), chain=chain)
    lines = dict(ClassListLine.objects.filter(list=chain).values_list("evidence", "to_call"))
    rows = list(
        evidence_waiting(me, today)
        .filter(chain__in=lines)
        .select_related("person", "course", "declared_by", "approved_by")
        .order_by("recorded_entry")
    )
    if not rows:
        raise Http404
    if request.method == "POST" and _decided(request, rows, me, today):
        return redirect("coverage:evidence")
    called = _to_call([row for row in rows if lines[row.chain]], today)
    note_looks(people=[one.who.id for one in called], page=LookedAt.TRAINING, by=me, on=today)
    mine = roster.codes_of_human(me.pk)
    context = {
        "list": found,
        "declared_by": roster.full_names([found.declared_by_id]).get(found.declared_by_id, "")
        if found.declared_by_id
        else "",
        "waiting": len(rows),
        "called": called,
        "mine": found.declared_by_id in mine,
        "words": request.POST.get("words", ""),
    }
    return render(request, "coverage/class_list.html", context)


def _decided(request: HttpRequest, rows: list[Evidence], me: Person, today: date) -> bool:
    approve = request.POST.get("act") == "approve"
    words = request.POST.get("words", "")[:500]
    try:
        done = services.decide_class_list(trainings=rows, approve=approve, words=words, by=me, today=today)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    said = (
        ngettext(
            "Approved: {count} training. It counts now.",
            "Approved: {count} trainings. They count now.",
            len(done),
        )
        if approve
        else ngettext("Rejected: {count} training.", "Rejected: {count} trainings.", len(done))
    )
    messages.success(request, said.format(count=len(done)))
    return True


def _to_call(rows: Iterable[Evidence], today: date) -> list[ToCall]:
    drawn = {row.person.code: row for row in rows}
    people = roster.people_with_codes(drawn, today)
    return [ToCall(who, roster.contact_of(who.id).phone, drawn[who.code]) for who in people]
