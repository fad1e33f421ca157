"""Marking by persons: what each gives by the rubric, two who differ, the attempt's mark once all is done."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.db import IntegrityError, transaction

from lms.kernel.clock import database_now
from lms.roster import queries as roster
from lms.roster.queries import Person

from ..enums import HandState
from ..errors import MarkedAlready, NotYourself, PointsOutOfRange
from ..models import Attempt, HandMark, HandMarking
from ..rubrics import rubric_of, share_of
from .finishing import give_first_mark


@transaction.atomic
def mark_by_hand(
    *, marking: HandMarking, given: Mapping[str, Decimal], by: Person, remark: str = ""
) -> HandMarking:
    """What `by` gives the answer, by the id of each line of the rubric.

    The first and, where two are asked for, the second mark it without seeing each other's points. Where they
    differ, a third person's points settle it. Raises NotYourself for the learner, MarkedAlready,
    PointsOutOfRange.
    """
    row = _locked(marking)
    if roster.same_human(by, row.item.attempt.person):
        raise NotYourself
    before = list(row.marks.select_related("by"))
    if row.state == HandState.DONE or any(roster.same_human(by, one.by) for one in before):
        raise MarkedAlready
    rubric = rubric_of(row.item.question.body)
    if {line.id for line in rubric} != set(given) or any(
        not 0 <= given[line.id] <= line.most for line in rubric
    ):
        raise PointsOutOfRange
    lines = {line: str(points) for line, points in given.items()}
    _keep(HandMark(marking=row, lines=lines, remark=remark, by=by, settles=row.state == HandState.DIFFERS))
    shares = [share_of(rubric, one.lines) for one in before] + [share_of(rubric, lines)]
    if row.state == HandState.DIFFERS or (len(shares) == row.markers and len(set(shares)) == 1):
        _done(row, shares[-1])
    elif len(shares) == row.markers:
        row.state = HandState.DIFFERS
        row.save(update_fields=["state"])
    return row


@transaction.atomic
def agree_with_other_marker(*, marking: HandMarking, by: Person) -> HandMarking:
    """One of two markers who differ takes the other's points. Raises MarkedAlready, NotYourself."""
    row = _locked(marking)
    before = list(row.marks.select_related("by"))
    if row.state != HandState.DIFFERS:
        raise MarkedAlready
    mine = [one for one in before if roster.same_human(by, one.by)]
    if len(mine) != 1:
        raise NotYourself
    other = next(one for one in before if one != mine[0])
    _keep(HandMark(marking=row, lines=other.lines, remark=other.remark, by=by, settles=True))
    _done(row, share_of(rubric_of(row.item.question.body), other.lines))
    return row


def _locked(marking: HandMarking) -> HandMarking:
    rows = HandMarking.objects.select_for_update(of=("self",))
    return rows.select_related("item__question", "item__attempt__person").get(pk=marking.pk)


def _keep(mark: HandMark) -> None:
    mark.at = database_now()
    try:
        with transaction.atomic():
            mark.save()
    except IntegrityError as error:
        raise MarkedAlready from error


def _done(row: HandMarking, share: Fraction) -> None:
    row.numerator, row.denominator = share.numerator, share.denominator
    row.state = HandState.DONE
    row.save(update_fields=["numerator", "denominator", "state"])
    # The lock makes two who finish the last two answers at once wait for one another: one of them marks.
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("person", "quiz", "version")
        .get(pk=row.item.attempt_id)
    )
    if not HandMarking.objects.filter(item__attempt=attempt).exclude(state=HandState.DONE).exists():
        give_first_mark(attempt, list(attempt.items.select_related("question")))
