"""Short answers in words, against the accepted forms. No Django.

Always the same: spacing, the encoding of letters, a stop at the end, and where the tone stands: `Hòa` and
`Hoà` are one word. Case counts unless `fold_case`; tones and marks count unless `fold_marks`.
"""

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lms.kernel.folding import clean_text, fold

from .marking_numbers import share

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_LONGEST = 2_000


def text_points(body: Mapping[str, Any], answer: Any) -> Fraction:
    """The best weight among the forms that the typed text meets."""
    if not isinstance(answer, str) or not answer.strip():
        return Fraction(0)
    best = Fraction(0)
    typed = answer[:_LONGEST]
    for form in body["answers"]:
        if _meets(body, form["text"], typed):
            best = max(best, share(form.get("weight")))
    return best


def compared(text: str, *, fold_case: bool = True, fold_marks: bool = False) -> str:
    """What is left of a text to compare."""
    clean = clean_text(text).rstrip(" .")
    if fold_marks:
        bare = fold(clean)
        return bare if fold_case else _without_marks(clean)
    tones_last = _WORD.sub(_tone_to_the_end, unicodedata.normalize("NFD", clean))
    settled = unicodedata.normalize("NFC", tones_last)
    return settled.casefold() if fold_case else settled


def _meets(body: Mapping[str, Any], form: str, typed: str) -> bool:
    folds = {
        "fold_case": bool(body.get("fold_case", True)),
        "fold_marks": bool(body.get("fold_marks", False)),
    }
    given = compared(typed, **folds)
    if body.get("wildcards") and "*" in form:
        return _fits([compared(piece, **folds) for piece in form.split("*")], given)
    return compared(form, **folds) == given


def _fits(pieces: list[str], text: str) -> bool:
    """Whether the text is the pieces in this order with anything between them; linear, so no trap."""
    first, *middle, last = pieces
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _tone_to_the_end(word: re.Match[str]) -> str:
    tones = "".join(_TONES.findall(word[0]))
    return _TONES.sub("", word[0]) + tones


def _without_marks(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.translate(str.maketrans("đĐ", "dD"))
