"""How hard a text is to read: a proxy that editors look at, never a verdict.

No formula of reading level is settled for Vietnamese. What can be counted without one is the length of
sentences in syllables, which are what is written between spaces: an officer reads a lesson on a telephone,
between two visitors.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .boxes import CITATION

LONG = 30
"""Syllables from which on a sentence is told as long."""
SENTENCE_END = re.compile(r"[.!?…:;]+[”»\"’)*]*(?:\s+|$)|\s+–\s+|\s*\|\s*|\n")
MARKS = re.compile(r"^\s*(?:#+|[-*]|\d+\.|\[[x ]\])\s+")
WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Readability:
    """Sentences of a text, their syllables, and how many of them are long."""

    sentences: int
    syllables: int
    long: int

    @property
    def per_sentence(self) -> float:
        """Syllables a sentence, on average."""
        return self.syllables / self.sentences if self.sentences else 0.0

    @property
    def long_share(self) -> float:
        """Long sentences, as a share from 0 to 1."""
        return self.long / self.sentences if self.sentences else 0.0


def readability(texts: Iterable[str]) -> Readability:
    """Measure Markdown bodies together; tables and lists count cell by cell and item by item."""
    lengths = [length for text in texts for length in sentence_lengths(text)]
    return Readability(len(lengths), sum(lengths), sum(length > LONG for length in lengths))


def sentence_lengths(text: str) -> list[int]:
    kept = (MARKS.sub("", line) for line in text.splitlines() if not line.startswith(":::"))
    bare = CITATION.sub("", "\n".join(kept))
    counts = (
        sum(1 for token in part.split() if WORD.search(token)) for part in SENTENCE_END.split(bare) if part
    )
    return [count for count in counts if count]
