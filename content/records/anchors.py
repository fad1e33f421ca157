"""A course as other rooms know it: by its code."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CourseAnchor:
    """A course's code, with the level and hours that it has at present."""

    id: int
    code: str
    title: str
    level: str
    hours: Decimal | None
