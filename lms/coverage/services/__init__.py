"""Verbs of coverage. Each says who does it (`by`), is all or nothing, and has its entry in the ledger.
`today` decides what the person's roles allow."""

from .activities import (
    approve_activity,
    correct_activity,
    record_activity,
    reject_activity,
    revoke_activity,
)
from .claims import (
    approve_evidence,
    declare_evidence,
    reject_evidence,
    revoke_by_reference,
    revoke_evidence,
)
from .class_lists import decide_class_list, keep_class_list
from .contests import answer_contest, contest_fact, take_contest_back
from .figures import have_figures_kept, keep_figures_of_the_day
from .proofs import add_proofs
from .seen import begin_progress, end_progress, record_online_evidence

__all__ = [
    "add_proofs",
    "answer_contest",
    "approve_activity",
    "approve_evidence",
    "begin_progress",
    "contest_fact",
    "correct_activity",
    "decide_class_list",
    "declare_evidence",
    "end_progress",
    "have_figures_kept",
    "keep_class_list",
    "keep_figures_of_the_day",
    "record_activity",
    "record_online_evidence",
    "reject_activity",
    "reject_evidence",
    "revoke_activity",
    "revoke_by_reference",
    "revoke_evidence",
    "take_contest_back",
]
