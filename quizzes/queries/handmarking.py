"""What waits to be marked by persons. Nobody's name is in it, whoever looks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from lms.roster import queries as roster
from lms.roster.queries import Person

from ..enums import HandState
from ..models import Attempt, AttemptItem, HandMark, HandMarking
from ..policies import attempts_taught
from ..records import GivenByMarker, MarkingLine, MarkingSheet, RubricRow
from ..rubrics import rubric_of


def markings_for(me: Person, on: date) -> QuerySet[HandMarking]:
    """The answers that I may mark: of attempts that I teach, never my own, under whichever code."""
    mine = roster.codes_of_human(me.pk)
    attempts = attempts_taught(me, on).exclude(person__in=mine)
    return HandMarking.objects.filter(item__attempt__in=attempts).select_related(
        "item__question__question", "item__attempt__version"
    )


def marking_queue(me: Person, on: date) -> list[MarkingLine]:
    """What waits for me, the oldest first; what I have marked waits for others, unless the two differ."""
    by_me = HandMark.objects.filter(marking=OuterRef("pk"), by__in=roster.codes_of_human(me.pk))
    rows = (
        markings_for(me, on)
        .exclude(state=HandState.DONE)
        .annotate(marked_by_me=Exists(by_me))
        .order_by("item__attempt__submitted_at", "item__position")
    )
    return [
        MarkingLine(
            row.public_id,
            row.item.attempt.version.title,
            row.item.question.question.code,
            str(row.item.question.body["stem"]),
            row.item.attempt.submitted_at,
            row.markers,
            row.state == HandState.DIFFERS,
            row.marked_by_me,
        )
        for row in rows
        if not (row.marked_by_me and row.state == HandState.WAITING)
    ]


def marking_sheet(marking: HandMarking, me: Person) -> MarkingSheet:
    """One answer with its rubric. What others gave is in it once the two differ, and never before."""
    body, answer = marking.item.question.body, marking.item.answer
    rubric = rubric_of(body)
    given = list(marking.marks.select_related("by")) if marking.state != HandState.WAITING else []
    return MarkingSheet(
        stem=str(body["stem"]),
        explanation=str(body.get("explanation", "")),
        text=_text(body, answer),
        file=answer.get("name", "") if isinstance(answer, dict) else "",
        rubric=tuple(
            RubricRow(
                line.id, line.text, line.most, tuple(one.lines[line.id].replace(".", ",") for one in given)
            )
            for line in rubric
        ),
        given=tuple(GivenByMarker(one.remark, roster.same_human(me, one.by)) for one in given),
        differs=marking.state == HandState.DIFFERS,
        done=marking.state == HandState.DONE,
        mine=marking.marks.filter(by__in=roster.codes_of_human(me.pk)).exists(),
    )


def _text(body: Mapping[str, Any], answer: Any) -> str:
    """What was written; of a case each part that persons mark, below its question."""
    if isinstance(answer, list):
        parts = enumerate(zip(body["parts"], answer, strict=False), start=1)
        written = [(n, part["stem"], one) for n, (part, one) in parts if part["kind"] == "essay"]
        return "\n\n".join(f"({n}) {stem}\n{one or '–'}" for n, stem, one in written)
    return answer if isinstance(answer, str) else ""


def waits_for_a_person(attempt: Attempt) -> list[int]:
    """The positions of the answers that persons still mark."""
    rows = HandMarking.objects.filter(item__attempt=attempt).exclude(state=HandState.DONE)
    return list(rows.order_by("item__position").values_list("item__position", flat=True))


def remarks_on(items: list[AttemptItem]) -> dict[int, tuple[str, ...]]:
    """What the markers say to the learner, by item; only of what is done."""
    rows = HandMark.objects.filter(marking__item__in=items, marking__state=HandState.DONE).exclude(remark="")
    said: dict[int, tuple[str, ...]] = {}
    for item, remark in rows.values_list("marking__item_id", "remark"):
        said[item] = tuple(dict.fromkeys((*said.get(item, ()), remark)))
    return said
