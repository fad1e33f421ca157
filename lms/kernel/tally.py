"""What an import did, or would do."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Counts by what became of each line."""

    created: int = 0
    corrected: int = 0
    ended: int = 0
    unchanged: int = 0
    ledger: int = 0
    """The ledger's size afterwards."""

    def as_json(self) -> dict[str, object]:
        """As every import prints it (docs/contract.md)."""
        return {
            "ledger": self.ledger,
            "created": self.created,
            "corrected": self.corrected,
            "ended": self.ended,
            "unchanged": self.unchanged,
        }
