"""One person of a list of staff: moving, ending, being away, and what was recorded wrongly."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.roster import policies, queries, services
from lms.roster.enums import LookedAt, Permit
from lms.roster.forms import AbsenceForm, CorrectPostForm, CorrectRecordForm, EndForm, MoveForm
from lms.roster.models import Person, Posting

from ..entry import permitted, person_within, said


@permitted(Permit.MANAGE_ROSTER)
def person(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """One person's postings and absences; what has changed, and what was recorded wrongly."""
    today = timezone.localdate()
    who = person_within(me, Permit.MANAGE_ROSTER, public_id, today)
    reach = policies.units_within_reach(me, Permit.MANAGE_ROSTER, today)
    rows = list(
        Posting.objects.current()
        .on(today)
        .filter(person=who, unit__in=reach)
        .select_related("unit", "person")
        .order_by("since", "pk")
    )
    shown = queries.person_on(who.pk, today)
    services.note_looks(people=[who.pk], page=LookedAt.STAFF_RECORD, by=me, on=today)
    act, chosen = request.POST.get("act", ""), _chosen(request.POST, rows)

    def sent(wanted: str, row: Posting | None = None) -> Any:
        return request.POST if act == wanted and (row is None or row is chosen) else None

    absence = AbsenceForm(sent("absent"), initial={"since": today}, auto_id="id_absence_%s")
    record = CorrectRecordForm(
        sent("record"),
        initial={"full_name": shown.full_name, "birth_date": shown.birth_date},
        auto_id="id_record_%s",
    )
    own = {
        row.pk: {
            "move": MoveForm(
                sent("move", row), among=reach, initial={"on": today}, auto_id=f"id_move{row.pk}_%s"
            ),
            "end": EndForm(sent("end", row), initial={"on": today}, auto_id=f"id_end{row.pk}_%s"),
            "correct": CorrectPostForm(sent("correct", row), posting=row, auto_id=f"id_post{row.pk}_%s"),
        }
        for row in rows
    }
    forms = {"absent": absence, "record": record, **(own[chosen.pk] if chosen else {})}
    form = forms.get(act)
    if form is not None and form.is_valid():
        done, change = _change(act, form.cleaned_data, who=who, posting=chosen, me=me, today=today)
        if change and said(request, done, change):
            return redirect("roster:person", public_id) if act in ("correct", "record") else _back(chosen)
    return render(
        request,
        "roster/person.html",
        {
            "who": shown,
            "postings": [(post, own[post.id]) for post in shown.postings if post.id in own],
            "history": reversed(queries.posting_history(who)),
            "absences": who.absences.current().order_by("-since").select_related("approved_by"),
            "codes": queries.codes_of_human(who.pk),
            "absence": absence,
            "record": record,
            "act": act,
            "chosen": chosen.pk if chosen else None,
            "today": today,
        },
    )


def _chosen(data: Mapping[str, str], rows: list[Posting]) -> Posting | None:
    """The posting that a form is about: by its row, or the first in the unit that is named."""
    number, unit = data.get("posting", ""), data.get("unit", "")
    if number:
        return next((row for row in rows if str(row.pk) == number), None)
    return next((row for row in rows if row.unit.code == unit), None)


def _back(posting: Posting | None) -> HttpResponse:
    return redirect("roster:unit", posting.unit.code) if posting else redirect("roster:home")


def _change(
    act: str, data: Mapping[str, Any], *, who: Person, posting: Posting | None, me: Person, today: date
) -> tuple[str, Callable[[], object] | None]:
    """What is said once it is done, and what to do; nothing where no posting of theirs is meant."""
    if act == "absent":
        return _("Recorded; the absence counts once a second person has approved it."), (
            lambda: services.propose_absence(person=who, by=me, today=today, **data)
        )
    if act == "record":
        return _("Corrected; what was believed before stays in the history."), (
            lambda: services.correct_record(person=who, by=me, today=today, **data)
        )
    if posting is None:
        return "", None
    if act == "correct":
        return _("Corrected; what was believed before stays in the history."), (
            lambda: services.correct_posting(posting=posting, by=me, today=today, **data)
        )
    day = data["on"].strftime("%d/%m/%Y")
    if act == "end":
        return _("Ended on {day}.").format(day=day), (
            lambda: services.end_posting(
                posting=posting, on=data["on"], by=me, today=today, reason=data["reason"]
            )
        )
    return _("Moved from {day} on.").format(day=day), (
        lambda: services.move_person(
            person=who,
            to=data["to"],
            on=data["on"],
            by=me,
            today=today,
            posting=posting,
            title=data["title"] or None,
            decision=data["decision"],
        )
    )
