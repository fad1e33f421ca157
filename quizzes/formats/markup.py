"""HTML of other programs → the plain text of our questions, saying what could not be carried over."""

import html
import re
import unicodedata
from html.parser import HTMLParser

from .records import NotTaken, Why

_BLOCKS = frozenset(
    [
        *("p", "div", "br", "li", "tr", "ul", "ol", "table", "blockquote", "pre", "dt", "dd"),
        *("section", "article", "h1", "h2", "h3", "h4", "h5", "h6"),
    ]
)
_SHAPED = frozenset(["b", "strong", "i", "em", "u", "s", "strike", "mark", "font"])
_UNHEARD = frozenset(["script", "style", "head", "title"])
_PICTURES = frozenset(["img", "svg", "picture", "canvas"])
_SOUNDS = frozenset(["audio", "video", "iframe", "object", "embed"])
_MISSED = (
    dict.fromkeys(_PICTURES, Why.HAS_PICTURE)
    | dict.fromkeys(_SOUNDS, Why.HAS_SOUND)
    | {"math": Why.HAS_FORMULA}
)
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SPACES = re.compile(r"[\s\u200b]+")


class _Text(HTMLParser):
    def __init__(self, essential: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.essential = essential
        self.pieces: list[str] = []
        self.lost: set[Why] = set()
        self.unheard = 0
        self.shift: list[dict[int, int]] = []
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _MISSED:
            if self.essential:
                raise NotTaken(_MISSED[tag])
            self.lost.add(Why.PICTURE_LEFT_OUT)
        if tag in _UNHEARD:
            self.unheard += 1
        if tag in _SHAPED:
            self.lost.add(Why.FORMATTING_LEFT_OUT)
        if tag == "a":
            self.lost.add(Why.LINK_LEFT_OUT)
        if tag == "table":
            self.lost.add(Why.TABLE_FLATTENED)
        if tag == "sup":
            self.shift.append(_SUPERSCRIPT)
        if tag == "sub":
            self.shift.append(_SUBSCRIPT)
        if tag == "pre":
            self.preformatted += 1
        if tag in _BLOCKS:
            self.pieces.append("\n- " if tag == "li" else "\n")
        if tag in ("td", "th"):
            self.pieces.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNHEARD:
            self.unheard = max(0, self.unheard - 1)
        if tag in ("sup", "sub") and self.shift:
            self.shift.pop()
        if tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        if tag in _BLOCKS and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if self.unheard:
            return
        if self.shift:
            moved = data.translate(self.shift[-1])
            if all(ord(old) in self.shift[-1] for old in data):
                data = moved
            else:
                self.lost.add(Why.FORMATTING_LEFT_OUT)
        self.pieces.append(data if self.preformatted else data.replace("\n", " "))


def plain(source: str, *, essential: bool = True) -> tuple[str, set[Why]]:
    """The text, one line a paragraph, and what was left out.

    Where a picture, a sound or a formula would be missing raises NotTaken; an explanation, which is not
    `essential`, is taken without it.
    """
    if "<" not in source and "&" not in source:
        return tidy(source), set()
    parser = _Text(essential)
    parser.feed(source)
    parser.close()
    return tidy("".join(parser.pieces)), parser.lost


def tidy(text: str) -> str:
    """NFC, single spaces, no empty lines at the ends and never two together; twice is the same as once."""
    kept: list[str] = []
    for raw in text.splitlines():
        line = _SPACES.sub(" ", unicodedata.normalize("NFC", _without_controls(raw))).strip()
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def as_html(text: str) -> str:
    """Our plain text as HTML that `plain` reads back the same."""
    return "<p>" + "<br>".join(html.escape(line, quote=False) for line in text.split("\n")) + "</p>"


def _without_controls(line: str) -> str:
    return "".join(
        c
        for c in line
        if (c >= " " or c == "\t") and c not in "\x7f\ufffe\uffff\ufeff" and not "\ud800" <= c <= "\udfff"
    )
