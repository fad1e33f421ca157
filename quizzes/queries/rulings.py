"""What waits for a second person, what a correction did, what learners ask."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.roster import queries as roster
from lms.roster.queries import Person
from lms.roster.records import PersonOnDay

from ..enums import AppealOutcome, RulingKind
from ..models import (
    Accommodation,
    Appeal,
    Attempt,
    AttemptItem,
    KeyCorrection,
    MarkChange,
    MarkRevision,
    QuestionVersion,
    Quiz,
)
from ..policies import papers_concerned
from ..records import AppealLine, ExceptionLine, PaperConcerned, Regraded, ReviewedItem, Wish
from ..reviewing import reviewed_item
from .attempts import reviewed_items


def corrections_of(quizzes: QuerySet[Quiz]) -> QuerySet[KeyCorrection]:
    """Corrections of questions that these quizzes may draw, the newest first."""
    rows = KeyCorrection.objects.filter(version__quiz_versions__quiz__in=quizzes)
    return rows.select_related("version__question", "asked_by", "decided_by").order_by("-asked_at").distinct()


def changes_of_attempts(attempts: QuerySet[Attempt]) -> QuerySet[MarkChange]:
    rows = MarkChange.objects.filter(item__attempt__in=attempts)
    return rows.select_related("item__attempt__quiz", "item__attempt__person", "asked_by").order_by(
        "-asked_at"
    )


def waiting(me: Person, quizzes: QuerySet[Quiz], attempts: QuerySet[Attempt]) -> list[Wish]:
    """The corrections and changes that nobody has decided about, the oldest first."""
    corrections = list(corrections_of(quizzes).filter(decision=""))
    changes = list(changes_of_attempts(attempts).filter(decision=""))
    alone = [row for row in changes if row.batch is None]
    names = roster.full_names(
        {row.asked_by_id for row in (*corrections, *changes)}
        | {row.item.attempt.person_id for row in changes}
    )
    found = [_correction(row, me, names) for row in corrections] + [_change(row, me, names) for row in alone]
    batches: dict[UUID, list[MarkChange]] = {}
    for row in changes:
        if row.batch is not None:
            batches.setdefault(row.batch, []).append(row)
    found += [_batch(batch, rows, me, names) for batch, rows in batches.items()]
    return sorted(found, key=lambda wish: wish.asked_at)


def change_lines(changes: Sequence[MarkChange], me: Person) -> list[Wish]:
    """These changes in words: two queries."""
    names = roster.full_names(
        {row.asked_by_id for row in changes} | {row.item.attempt.person_id for row in changes}
    )
    return [_change(row, me, names) for row in changes]


def _batch(batch: UUID, rows: Sequence[MarkChange], me: Person, names: Mapping[int, str]) -> Wish:
    page, first = reverse("quizzes:marks_batch", args=[batch]), rows[0]
    return Wish(
        batch,
        ngettext("Change {count} mark from a file", "Change {count} marks from a file", len(rows)).format(
            count=len(rows)
        ),
        first.item.attempt.quiz.code,
        first.reason,
        names.get(first.asked_by_id, first.asked_by.code),
        first.asked_at,
        page,
        page,
        any(roster.same_human(me, one) for row in rows for one in (row.asked_by, row.item.attempt.person)),
    )


def _correction(row: KeyCorrection, me: Person, names: dict[int, str]) -> Wish:
    page = reverse("quizzes:correction", args=[row.public_id])
    return Wish(
        row.public_id,
        _("Correct the key: {ruling}").format(ruling=RulingKind(row.ruling).label),
        f"{row.version.question.code}: {row.version.body['stem']}",
        row.reason,
        names.get(row.asked_by_id, row.asked_by.code),
        row.asked_at,
        page,
        page,
        roster.same_human(me, row.asked_by),
    )


def _change(row: MarkChange, me: Person, names: dict[int, str]) -> Wish:
    attempt = row.item.attempt
    points = str(row.numerator) if row.denominator == 1 else f"{row.numerator}/{row.denominator}"
    return Wish(
        row.public_id,
        _("Change a mark: question {position} is worth {points}").format(
            position=row.item.position, points=points
        ),
        f"{names.get(attempt.person_id, attempt.person.code)} · {attempt.quiz.code}",
        row.reason,
        names.get(row.asked_by_id, row.asked_by.code),
        row.asked_at,
        reverse("quizzes:attempt", args=[attempt.public_id]),
        reverse("quizzes:change", args=[row.public_id]),
        roster.same_human(me, row.asked_by) or roster.same_human(me, attempt.person),
    )


def exceptions_of(quiz: Quiz, people: QuerySet[Person], me: Person) -> list[ExceptionLine]:
    """Who of these people has, had or shall have more time for the quiz, and who answers for it."""
    rows = list(
        Accommodation.objects.filter(quiz=quiz, person__in=people)
        .select_related("person", "asked_by")
        .order_by("-asked_at")
    )
    ids = {one for row in rows for one in (row.person_id, row.asked_by_id, row.decided_by_id) if one}
    names = roster.full_names(ids)
    return [
        ExceptionLine(
            row.public_id,
            names.get(row.person_id, row.person.code),
            row.person.code,
            row.extra_percent,
            row.reason,
            names.get(row.asked_by_id, ""),
            row.asked_at,
            row.decision,
            names.get(row.decided_by_id or 0, ""),
            row.decided_at,
            roster.same_human(me, row.asked_by) or roster.same_human(me, row.person),
        )
        for row in rows
    ]


def keyed_item(version: QuestionVersion, body: Mapping[str, Any] | None) -> ReviewedItem:
    """The question with its key, or with another; nobody's answer in it."""
    return reviewed_item(0, version.kind, body or version.body, None, "", version.objective)


def revisions_of(attempt: Attempt) -> list[tuple[MarkRevision, str]]:
    """Every revision of the mark with the name of who made it; the first is the machine's."""
    rows = list(attempt.marks.order_by("number"))
    names = roster.full_names({row.by_id for row in rows if row.by_id})
    return [(row, names.get(row.by_id or 0, "")) for row in rows]


def learner_of(attempt: Attempt, on: date) -> PersonOnDay:
    return roster.person_on(attempt.person_id, on)


def regraded(correction: KeyCorrection) -> tuple[int, int]:
    """How many attempts the correction has marked again, and how many of those it gave another mark."""
    marks = _pairs(correction)
    return len(marks), sum(before != after for before, after, *_rest in marks)


def turned(correction: KeyCorrection, attempts: QuerySet[Attempt], on: date) -> list[Regraded]:
    """Who passed or failed by it, of these attempts, and the papers that those who failed hold."""
    changed = {
        attempt: (before[0], after[0], after[1])
        for before, after, attempt in _pairs(correction)
        if before[1] != after[1]
    }
    rows = list(attempts.filter(pk__in=changed).select_related("quiz"))
    people = {
        who.id: who for who in roster.people_on(Person.objects.filter(pk__in={r.person_id for r in rows}), on)
    }
    papers = _papers(rows)
    lines = []
    for row in rows:
        before, after, passed = changed[row.pk]
        who = people.get(row.person_id)
        lines.append(
            Regraded(
                row.public_id,
                row.person_id,
                who.full_name if who else "",
                who.postings[0].unit_name if who and who.postings else "",
                before,
                after,
                passed,
                () if passed else papers.get(row.person_id, ()),
            )
        )
    return sorted(lines, key=lambda line: (line.passed, roster.name_order(line.name)))


def _pairs(
    correction: KeyCorrection,
) -> list[tuple[tuple[Decimal, bool], tuple[Decimal, bool], int]]:
    """(percent, passed) before and after, and the attempt."""
    after = {
        row.attempt_id: row for row in MarkRevision.objects.filter(correction=correction).order_by("number")
    }
    before = {
        (row.attempt_id, row.number): row
        for row in MarkRevision.objects.filter(attempt__marks__correction=correction)
    }
    pairs = []
    for attempt, new in after.items():
        old = before[attempt, new.number - 1]
        pairs.append(((old.percent, old.passed), (new.percent, new.passed), attempt))
    return pairs


def _papers(rows: Sequence[Attempt]) -> dict[int, tuple[PaperConcerned, ...]]:
    found: dict[int, tuple[PaperConcerned, ...]] = {}
    by_quiz: dict[str, set[int]] = {}
    for row in rows:
        by_quiz.setdefault(row.quiz.code, set()).add(row.person_id)
    for code, people in by_quiz.items():
        for paper in papers_concerned(people, code):
            found[paper.person_id] = (*found.get(paper.person_id, ()), paper)
    return found


# Appeals ----------------------------------------------------------------------------------------


def appeals_of(attempt: Attempt) -> list[Appeal]:
    return list(
        Appeal.objects.filter(item__attempt=attempt).select_related("item").order_by("item__position")
    )


def appeals_about(attempts: QuerySet[Attempt]) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(item__attempt__in=attempts)
    return rows.select_related("item__question", "item__attempt__quiz", "item__attempt__person")


def appeal_lines(appeals: Iterable[Appeal], me: Person, on: date) -> list[AppealLine]:
    """Appeals in words, each with the question as it was asked, answered and keyed."""
    rows = list(appeals)
    attempts = {row.item.attempt_id for row in rows}
    people = {
        who.id: who
        for who in roster.people_on(
            Person.objects.filter(pk__in={row.item.attempt.person_id for row in rows}), on
        )
    }
    names = roster.full_names({row.answered_by_id for row in rows if row.answered_by_id})
    points = {
        mark.attempt_id: mark.points for mark in MarkRevision.objects.current().filter(attempt__in=attempts)
    }
    shown = _items([row.item for row in rows], points)
    lines = []
    for row in rows:
        attempt = row.item.attempt
        who = people.get(attempt.person_id)
        lines.append(
            AppealLine(
                row.public_id,
                attempt.public_id,
                row.item.position,
                attempt.quiz.code,
                who.full_name if who else attempt.person.code,
                who.postings[0].unit_name if who and who.postings else "",
                row.text,
                row.raised_at,
                points[attempt.pk][row.item.position - 1],
                str(AppealOutcome(row.outcome).label) if row.outcome else "",
                row.answer,
                names.get(row.answered_by_id or 0, ""),
                row.answered_at,
                shown[row.item_id],
                roster.same_human(me, attempt.person),
            )
        )
    return lines


def _items(items: Sequence[AttemptItem], points: dict[int, list[str]]) -> dict[int, ReviewedItem]:
    earned = [points[item.attempt_id][item.position - 1] for item in items]
    return dict(zip((item.pk for item in items), reviewed_items(items, earned), strict=True))
