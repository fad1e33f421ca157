"""Lists of who was in a class: the file is bound, a sample drawn, and a second person answers for it."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lms.coverage.drawing import to_call
from lms.coverage.errors import NobodyCalled
from lms.coverage.models import ClassList, ClassListLine, Evidence
from lms.kernel.models import LedgerEntry
from lms.kernel.services import Actor, record_facts
from lms.roster.services.rights import acting

from .claims import approve_evidence, reject_evidence


@transaction.atomic
def keep_class_list(*, name: str, sha256: str, trainings: Sequence[Evidence], by: Actor) -> ClassList:
    """Remember which file said so, and draw who is to be called.

    By the random id that the ledger gives the list: it is not known before the list has come in, and another
    try is another entry.
    """
    fact = ClassList(name=name[:200], sha256=sha256, rows=len(trainings), declared_by=acting(by))
    (row,) = record_facts([fact], by=by)
    seed = LedgerEntry.objects.values_list("uid", flat=True).get(pk=row.recorded_entry)
    chosen = to_call(seed, [training.chain for training in trainings])
    ClassListLine.objects.bulk_create(
        [
            ClassListLine(list=row.chain, evidence=training.chain, to_call=training.chain in chosen)
            for training in trainings
        ],
        batch_size=5_000,
    )
    return row


@transaction.atomic
def decide_class_list(
    *, trainings: Sequence[Evidence], approve: bool, words: str, by: Actor, today: date
) -> list[Evidence]:
    """Approve or reject all of these; `words`, who was called and what they said, stand in the ledger.

    Raises NobodyCalled, NotPermitted, SecondPersonNeeded, AlreadyDecided.
    """
    said = words.strip()
    if not said:
        raise NobodyCalled
    if approve:
        return [approve_evidence(evidence=row, by=by, today=today, words=said) for row in trainings]
    return [reject_evidence(evidence=row, by=by, today=today, reason=said) for row in trainings]
