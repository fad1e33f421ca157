"""What crosses the door of reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReportListed:
    """A closed report as a page lists it."""

    id: int
    public_id: UUID
    name: str
    number: int
    target_code: str
    target_version: int
    unit_code: str
    on: date
    known_at: int
    sha256: str
    replaces: int | None
    replaced_by: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What going over an exported report found."""

    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.differences

    def as_json(self) -> Mapping[str, Any]:
        return {"result": "same" if self.same else "differs", "differences": list(self.differences)}
