"""Receipts: what was handed in and when, as a note that the platform signed (C2SP signed-note, Ed25519).

The learner may print it, mail it or keep it anywhere; whoever has the public key can check it without us.
Pure: no Django, no database.

    vung.example/receipts
    attempt 0b3c…
    answers 9f86…            SHA-256 of the stored answers, with the questions that they answer
    questions 20
    answered 19
    handed in 2026-11-22T08:15:30.123456Z
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lms.kernel.commitments import canonical
from lms.kernel.signednotes import BadNote, Signer, Verifier, sign, verified

_FORM = re.compile(
    r"(?P<origin>\S+)\nattempt (?P<attempt>[0-9a-f-]{36})\nanswers (?P<answers>[0-9a-f]{64})\n"
    r"questions (?P<questions>\d+)\nanswered (?P<answered>\d+)\nhanded in (?P<at>\S+)\n"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says."""

    origin: str
    attempt: UUID
    answers: str
    questions: int
    answered: int
    at: datetime

    def text(self) -> str:
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        return (
            f"{self.origin}\nattempt {self.attempt}\nanswers {self.answers}\n"
            f"questions {self.questions}\nanswered {self.answered}\nhanded in {at}\n"
        )

    def signed(self, signer: Signer) -> str:
        return sign(self.text(), signer)


def opened(note: str, verifiers: Iterable[Verifier]) -> Receipt:
    """What a genuine receipt says; BadNote where nobody whom we know signed it."""
    text, _signers = verified(note.replace("\r\n", "\n").rstrip() + "\n", verifiers)
    match = _FORM.fullmatch(text)
    if match is None:
        raise BadNote("not a receipt")
    return Receipt(
        match["origin"],
        UUID(match["attempt"]),
        match["answers"],
        int(match["questions"]),
        int(match["answered"]),
        datetime.fromisoformat(match["at"]),
    )


def digest(answers: Sequence[tuple[int, str, Any]]) -> str:
    """SHA-256 over (position, SHA-256 of the question's version, answer), in canonical JSON."""
    return hashlib.sha256(canonical([list(answer) for answer in answers])).hexdigest()
