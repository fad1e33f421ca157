"""The verbs of this room."""

from .amending import decide_amendment, propose_correction, propose_revocation
from .copies import copy_from_register
from .designing import save_design, save_issuer, set_rule
from .erasing import erase_holder
from .expiring import remind_holders
from .issuing import ensure_issuer, issue_certificate, issue_for_evidence, issue_missing
from .keys import rotate_signing_key
from .others import plug_checker
from .signing_outside import take_signed_papers

__all__ = [
    "copy_from_register",
    "decide_amendment",
    "ensure_issuer",
    "erase_holder",
    "issue_certificate",
    "issue_for_evidence",
    "issue_missing",
    "plug_checker",
    "propose_correction",
    "propose_revocation",
    "remind_holders",
    "rotate_signing_key",
    "save_design",
    "save_issuer",
    "set_rule",
    "take_signed_papers",
]
