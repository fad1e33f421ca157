"""Whether two questions ask the same: of the same letters, or nearly. Pure: no Django."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lms.kernel.folding import fold

_ASKED = ("text", "left", "right", "value")
_WORD = re.compile(r"\w+")
NEAR = 0.8
"""Share of words in common from which two stems are worth a second look."""


def likeness(kind: str, body: Mapping[str, Any]) -> str:
    """The same for two questions that differ in case, tones, spacing or the order of their options only."""
    asked = sorted(_answers(body))
    text = "\x1f".join([kind, _bare(str(body.get("stem", ""))), *asked])
    return hashlib.sha256(text.encode()).hexdigest()


def near(stem: str, others: Iterable[tuple[str, str]], least: float = NEAR) -> Iterator[tuple[str, float]]:
    """(key, share of words in common) of those stems that share at least so many words, by key given."""
    mine = frozenset(_WORD.findall(fold(stem)))
    if len(mine) < 3:
        return
    for key, other in others:
        theirs = frozenset(_WORD.findall(fold(other)))
        share = len(mine & theirs) / len(mine | theirs) if theirs else 0.0
        if share >= least:
            yield key, share


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _answers(body: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if name in ("stem", "explanation") or not isinstance(value, list):
            continue
        for line in value:
            if isinstance(line, Mapping):
                yield "\x1e".join(_bare(str(line[field])) for field in _ASKED if field in line)
                yield from _answers(line)
                if "stem" in line:
                    yield _bare(str(line["stem"]))
