"""Verbs of accounts."""

from lms.accounts.register import plug_in as answer_for_people

from .accounts import close_account, forget_account, open_account, open_accounts, reopen_account, write_to
from .codes import issue_codes, redeem_code, withdraw_codes
from .factors import ask_for_reset, decide_reset, require_removable
from .invitations import invite

__all__ = [
    "answer_for_people",
    "ask_for_reset",
    "close_account",
    "decide_reset",
    "forget_account",
    "invite",
    "issue_codes",
    "open_account",
    "open_accounts",
    "redeem_code",
    "reopen_account",
    "require_removable",
    "withdraw_codes",
    "write_to",
]
