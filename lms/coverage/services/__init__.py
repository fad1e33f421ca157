"""Verbs of coverage. Each says who does it (`by`), is all or nothing, and has its entry in the ledger.
`today` decides what the person's roles allow."""

from .claims import (
    approve_evidence,
    declare_evidence,
    reject_evidence,
    revoke_by_reference,
    revoke_evidence,
)
from .contests import answer_contest, contest_fact, take_contest_back
from .seen import begin_progress, end_progress, record_online_evidence

__all__ = [
    "answer_contest",
    "approve_evidence",
    "begin_progress",
    "contest_fact",
    "declare_evidence",
    "end_progress",
    "record_online_evidence",
    "reject_evidence",
    "revoke_by_reference",
    "revoke_evidence",
    "take_contest_back",
]
