"""The register: units and their history, people, postings, absences, roles.

Anchors (`Unit`, `Person`, `Audience`) are names that never change; what is *believed* about them are facts.
"""

from .people import ErasureRequest, Look, NationalId, Person, PersonMerge, PersonRecord
from .postings import Absence, Audience, Posting, RosterConfirmation
from .roles import RoleGrant
from .units import Unit, UnitSpan
from .uploads import Upload

__all__ = [
    "Absence",
    "Audience",
    "ErasureRequest",
    "Look",
    "NationalId",
    "Person",
    "PersonMerge",
    "PersonRecord",
    "Posting",
    "RoleGrant",
    "RosterConfirmation",
    "Unit",
    "UnitSpan",
    "Upload",
]
