"""Many marks asked to be changed in one file: all of it is sound, or nothing is asked for."""

from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.forms import ValidationError
from django.utils.translation import gettext_lazy as _

from lms.kernel.cells import text
from lms.kernel.faults import Faults, ValueFault
from lms.kernel.tables import Column, Row, Table
from lms.roster.queries import Person

from ..enums import AttemptState, Decision
from ..errors import QuizRefusal
from ..forms import read_points
from ..models import Attempt, AttemptItem, MarkChange
from .rulings import ask_for_mark_change, decide_mark_change

MOST_CHANGES = 2_000


def _points(value: str) -> Any:
    try:
        return read_points(value)
    except ValidationError as error:
        raise ValueFault(error.messages[0]) from error


MARKS = Table(
    Column("person", "mã cán bộ", text(longest=32), required=True),
    Column("question", "mã câu hỏi", text(longest=64), required=True),
    Column("points", "điểm", _points, required=True),
    Column("reason", "lý do", text(longest=300), required=True),
)


@transaction.atomic
def ask_for_mark_changes(
    *, attempts: QuerySet[Attempt], source: Path | IO[bytes], name: str, by: Person
) -> UUID:
    """Ask for every line: points from 0 to 1 for one answer of the person's last attempt of `attempts`.

    They are decided together, by a second person. Raises FileRefused with all that is wrong; then nothing is
    asked for.
    """
    faults, batch, met = Faults(name), uuid4(), set()
    for row in MARKS.read(source, faults, most_rows=MOST_CHANGES):
        item = _item(attempts, row)
        if item is None:
            faults.add(row.line, "question", _("nobody of yours has answered this question in this quiz"))
        elif item.pk in met:
            faults.add(row.line, "question", _("this answer stands in the file twice"))
        else:
            met.add(item.pk)
            try:
                change = ask_for_mark_change(item=item, points=row["points"], reason=row["reason"], by=by)
            except QuizRefusal as refusal:
                faults.add(row.line, None, str(refusal))
            else:
                MarkChange.objects.filter(pk=change.pk).update(batch=batch)
    faults.check()
    return batch


def _item(attempts: QuerySet[Attempt], row: Row) -> AttemptItem | None:
    last = (
        attempts.filter(person__code=row["person"])
        .exclude(state=AttemptState.OPEN)
        .order_by("-number")
        .first()
    )
    if last is None:
        return None
    items = AttemptItem.objects.filter(attempt=last, question__question__code=row["question"])
    return items.select_related("attempt__person").first()


@transaction.atomic
def decide_mark_changes(*, changes: QuerySet[MarkChange], decision: Decision, by: Person) -> int:
    """Decide about all of these that wait, or none. Raises NotYourself, AlreadyDecided."""
    rows = list(changes.filter(decision="").order_by("pk"))
    for row in rows:
        decide_mark_change(change=row, decision=decision, by=by)
    return len(rows)
