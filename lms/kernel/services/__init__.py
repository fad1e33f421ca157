"""The kernel's verbs."""

from lms.kernel.services.checkpoints import CheckpointRefused, make_checkpoint, rotate_ledger_key
from lms.kernel.services.entries import Actor, append, sequence
from lms.kernel.services.erasure import erase_facts
from lms.kernel.services.facts import (
    AlreadySuperseded,
    changed,
    correct_fact,
    correct_facts,
    record_fact,
    record_facts,
    withdraw_fact,
    withdraw_facts,
)

__all__ = [
    "Actor",
    "AlreadySuperseded",
    "CheckpointRefused",
    "append",
    "changed",
    "correct_fact",
    "correct_facts",
    "erase_facts",
    "make_checkpoint",
    "record_fact",
    "record_facts",
    "rotate_ledger_key",
    "sequence",
    "withdraw_fact",
    "withdraw_facts",
]
