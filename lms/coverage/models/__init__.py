"""Evidence that somebody was trained, and the targets that say who must be."""

from .activities import Activity
from .class_lists import ClassList, ClassListLine
from .contests import Contest
from .evidence import Evidence, Progress
from .kept import KeptFigures
from .proofs import ProofFile
from .targets import Target

__all__ = [
    "Activity",
    "ClassList",
    "ClassListLine",
    "Contest",
    "Evidence",
    "KeptFigures",
    "Progress",
    "ProofFile",
    "Target",
]
