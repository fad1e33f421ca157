"""What searching finds, as a page shows it."""

from dataclasses import dataclass

from content.finding import Part


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the results; `position` is the lesson's in its course, 0 for everything else."""

    kind: str
    kind_label: str
    title: str
    course_code: str
    course_title: str
    position: int
    slug: str
    excerpt: tuple[Part, ...]
