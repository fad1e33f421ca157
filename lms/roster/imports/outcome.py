"""What an import did, or would do."""

from dataclasses import dataclass, field
from enum import StrEnum

from lms.kernel.faults import Faults
from lms.kernel.tally import Tally

_ROWS_SHOWN = 200
_NOTES_SHOWN = 100


class Kind(StrEnum):
    """What happens to one line, as the sender of a roster reads it."""

    IN = "in"
    MOVED = "moved"
    OUT = "out"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import does: which line says so, whom it concerns, and what becomes of it."""

    kind: Kind
    line: int | None
    code: str
    name: str
    detail: str


@dataclass(slots=True)
class Outcome(Tally):
    """Counts of an import, the first changes in full, and remarks that refuse nothing."""

    kinds: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    note_count: int = 0
    faults: Faults | None = None
    """What is wrong with the file, where a preview was asked for; `changes` are of the sound lines."""

    def changed(self, change: Change) -> None:
        self.kinds[change.kind] += 1
        if len(self.changes) < _ROWS_SHOWN:
            self.changes.append(change)

    def note(self, sentence: str) -> None:
        """Something that a person should look at; the first hundred are kept in words."""
        self.note_count += 1
        if len(self.notes) < _NOTES_SHOWN:
            self.notes.append(sentence)

    def as_json(self) -> dict[str, object]:
        """CONTRACT.md's figures, and `notes` where there are any."""
        figures = Tally.as_json(self)
        return {**figures, "notes": self.notes} if self.notes else figures
