"""Files laid beside what they prove; the fact states their hashes in the same transaction."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from lms.coverage.enums import EvidenceStatus
from lms.coverage.errors import TooManyProofs
from lms.coverage.models import Evidence, ProofFile
from lms.coverage.models.proofs import MOST_PROOFS, ProvenFact
from lms.kernel.scans import Scan
from lms.kernel.services import Actor, correct_fact
from lms.roster.enums import Permit
from lms.roster.errors import AlreadyDecided
from lms.roster.queries import same_human
from lms.roster.services.rights import acting, require_over


def hashes_of(scans: Iterable[Scan], before: Iterable[str] = ()) -> str:
    """What the fact states, each file once. Raises TooManyProofs."""
    found = list(dict.fromkeys([*before, *(scan.sha256 for scan in scans)]))
    if len(found) > MOST_PROOFS:
        raise TooManyProofs(MOST_PROOFS)
    return " ".join(found)


def lay_beside(fact: ProvenFact, scans: Sequence[Scan], **whose: int) -> None:
    """Keep the files of a fact; `whose` is a `person_id` or a `unit_id`. One that is there already stays."""
    ProofFile.objects.bulk_create(
        [
            ProofFile(
                chain=fact.chain,
                name=scan.name,
                media_type=scan.media_type,
                content=scan.content,
                sha256=scan.sha256,
                **whose,
            )
            for scan in scans
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def add_proofs(*, evidence: Evidence, scans: Sequence[Scan], by: Actor, today: date) -> Evidence:
    """Add files to a training that waits for its decision; to a rejected one, which then waits again.

    By the person, by who declared it, or by whoever may decide about the person's evidence.
    Raises NotPermitted, AlreadyDecided, TooManyProofs.
    """
    actor = acting(by)
    mine = actor is not None and any(
        other is not None and same_human(actor, other) for other in (evidence.person, evidence.declared_by)
    )
    if not mine:
        require_over(by, Permit.APPROVE_EVIDENCE, evidence.person, today)
    if evidence.status == EvidenceStatus.APPROVED:
        raise AlreadyDecided
    lay_beside(evidence, scans, person_id=evidence.person_id)
    values: dict[str, object] = {"proofs": hashes_of(scans, evidence.proof_hashes)}
    if evidence.status == EvidenceStatus.REJECTED:
        values |= {"status": EvidenceStatus.DECLARED, "declared_by": actor, "approved_by": None}
    return correct_fact(evidence, values, by=by)
