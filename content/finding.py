"""Words → what is compared when something is looked for, and the lines that are shown. Pure.

Tones, case and punctuation are nothing: "phong chong ma tuy" finds «phòng, chống ma túy». Each word of
the question must begin a word of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.kernel.folding import fold

WORD = re.compile(r"\w+")
MOST_WORDS = 8
AROUND = 14
"""Words shown before and after the first one that was found."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an excerpt; `found` where it is what was looked for."""

    text: str
    found: bool


def searchable(text: str) -> str:
    """Folded words, each after a space: what is stored beside the text."""
    return "".join(f" {word}" for word in WORD.findall(fold(text)))


def words_of(query: str) -> list[str]:
    return WORD.findall(fold(query))[:MOST_WORDS]


def excerpt(text: str, words: Sequence[str], *, whole: bool = False) -> list[Part]:
    """The text around the first found word, with what was found told apart; its beginning if nothing was."""
    tokens = list(WORD.finditer(text))
    hits = [n for n, token in enumerate(tokens) if fold(token[0]).startswith(tuple(words))] if words else []
    best = max(hits, key=lambda hit: sum(hit <= other < hit + AROUND for other in hits), default=0)
    first, last = max(0, best - AROUND // 2), min(len(tokens), best + AROUND)
    if whole:
        first, last = 0, len(tokens)
    if not tokens:
        return []
    parts = [Part("… ", False)] if first else []
    place = tokens[first].start() if first else 0
    for hit in hits:
        if first <= hit < last:
            parts.append(Part(text[place : tokens[hit].start()], False))
            parts.append(Part(tokens[hit][0], True))
            place = tokens[hit].end()
    end = tokens[last - 1].end()
    parts.append(Part(text[place:end] + (" …" if last < len(tokens) else text[end:]), False))
    return [part for part in parts if part.text]
