"""What has gone upward: closed figures, the periods they belong to, and the letters that carried them."""

from .closed import ClosedReport, ReportDocument, Restatement
from .letters import Letterhead, WrittenFile
from .periods import LineComment, Period, PeriodTarget, ReportStep, Section, SignedFigure, UnitReport

__all__ = [
    "ClosedReport",
    "Letterhead",
    "LineComment",
    "Period",
    "PeriodTarget",
    "ReportDocument",
    "ReportStep",
    "Restatement",
    "Section",
    "SignedFigure",
    "UnitReport",
    "WrittenFile",
]
