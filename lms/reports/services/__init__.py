"""Verbs of reports: asking for them, preparing, signing and returning them, closing and restating figures."""

from .closings import close_period
from .files import write_figure, write_files
from .periods import PeriodAsked, open_period, remind_unit, remind_units
from .restatements import approve_restatement, propose_restatement, reject_restatement
from .sending import (
    forward_report,
    prepare_report,
    return_report,
    set_letterhead,
    sign_report,
    take_back,
    write_section,
)

__all__ = [
    "PeriodAsked",
    "approve_restatement",
    "close_period",
    "forward_report",
    "open_period",
    "prepare_report",
    "propose_restatement",
    "reject_restatement",
    "remind_unit",
    "remind_units",
    "return_report",
    "set_letterhead",
    "sign_report",
    "take_back",
    "write_figure",
    "write_files",
    "write_section",
]
