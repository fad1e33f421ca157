"""The grammar of GIFT: a text → what stands in it, meaning what its authors meant; nothing is judged yet.

Grammar: https://docs.moodle.org/en/GIFT_format, and the 51 files in tests/quizzes/formats/gift.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_ESCAPED = re.compile(r"\\([~=#{}:\\\[\]])|\\n")
_FORMAT = re.compile(r"\s*\[(html|markdown|moodle|plain)\]", re.IGNORECASE)
_TITLE = re.compile(r"\s*::((?:\\.|[^\\])*?)::", re.DOTALL)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,10})?)%")
_TRUE_FALSE = re.compile(r"\s*(true|false|t|f)\s*(?=#|$)", re.IGNORECASE)
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*")
_NEAR = re.compile(rf"\s*({_NUMBER})\s*(?::\s*({_NUMBER}))?\s*")
_ID = re.compile(r"\[id:((?:\\.|[^\[\]\\])+)\]")
_TAG = re.compile(r"\[tag:((?:\\.|[^\[\]\\])+)\]")


class SyntaxFault(Exception):
    """A question that cannot be read; the argument is one word: not_closed or broken."""


@dataclass(frozen=True, slots=True)
class Text:
    """`format`: moodle, html, markdown, plain."""

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """`type`: simple (one number), range (number ± second), high-low (from number to second)."""

    type: str
    number: Decimal
    second: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Choice:
    right: bool
    weight: Decimal | None
    value: Text | Number
    feedback: Text | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One block of the file. `type`: Category, Description, Essay, TF, Matching, Numerical, MC, Short."""

    type: str
    line: int
    source: str
    title: str | None = None
    stem: Text = Text("moodle", "")
    id: str | None = None
    tags: tuple[str, ...] = ()
    embedded: bool = False
    choices: tuple[Choice, ...] = ()
    pairs: tuple[tuple[Text, str], ...] = ()
    single_number: bool = False
    answer: bool = False
    feedbacks: tuple[Text | None, Text | None] = (None, None)
    general: Text | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    source: str
    word: str


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    source: str
    comments: str


def items(text: str) -> Iterator[Item | Fault]:
    """The blocks of a file in order. What cannot be read is a Fault, and the next block is read again."""
    for block in _blocks(text):
        if block.source.lstrip().upper().startswith("$CATEGORY:"):
            title = block.source.lstrip()[len("$CATEGORY:") :].strip()
            yield Item("Category", block.line, block.source, title=title)
            continue
        try:
            yield _item(block)
        except SyntaxFault as fault:
            yield Fault(block.line, block.source, str(fault))


def unescaped(text: str) -> str:
    r"""`\~ \= \# \{ \} \: \[ \] \\` stand for themselves, `\n` for a new line."""
    return _ESCAPED.sub(lambda m: m[1] or "\n", text)


def escaped(text: str) -> str:
    """What `unescaped` reads back the same."""
    return re.sub(r"([~=#{}:\\\[\]])", r"\\\1", text).replace("\n", "\\n")


def _blocks(text: str) -> Iterator[_Block]:
    """Blocks end at an empty line, unless a brace is open; one that never closes ends there all the same."""
    lines = text.split("\n")
    before, lowest = _depths(lines)
    start = 0
    while start < len(lines):
        end, depth = start, 0
        kept: list[str] = []
        comments: list[str] = []
        closed_at: int | None = None
        while end < len(lines):
            line = lines[end]
            if line.lstrip().startswith("//"):
                comments.append(line)
            elif line.lstrip().upper().startswith("$CATEGORY:"):
                if not any(map(str.strip, kept)):
                    kept, end = [line], end + 1
                break
            elif not line.strip():
                if depth <= 0:
                    break
                closed_at = end if closed_at is None else closed_at
                if lowest[start] > before[start]:
                    break  # it never closes: nobody need look on to the end of the file
                kept.append(line)
            else:
                kept.append(line)
                depth += _braces(line)
            end += 1
        if depth > 0 and closed_at is not None:
            end = closed_at
            kept = [line for line in lines[start:end] if not line.lstrip().startswith("//")]
        if any(map(str.strip, kept)):
            first = next(n for n in range(start, end + 1) if not lines[n].lstrip().startswith("//"))
            yield _Block(first + 1, "\n".join(kept), "\n".join(comments))
        start = end if end > start else end + 1
        while start < len(lines) and not lines[start].strip():
            start += 1


def _depths(lines: list[str]) -> tuple[list[int], list[int]]:
    """How many braces are open before each line, and the fewest at any place from there to the next category
    at which a block may end."""
    before = [0]
    for line in lines:
        counts = line.strip() and not line.lstrip().startswith("//")
        before.append(before[-1] + (_braces(line) if counts else 0))
    lowest = before[:]
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at].lstrip()
        if not line:
            lowest[at] = min(before[at], lowest[at + 1])
        elif not line.upper().startswith("$CATEGORY:"):
            lowest[at] = lowest[at + 1]
    return before, lowest


def _braces(line: str) -> int:
    bare = re.sub(r"\\.", "", line)
    return bare.count("{") - bare.count("}")


def _item(block: _Block) -> Item:
    rest = block.source
    title = None
    if found := _TITLE.match(rest):
        title = " ".join(unescaped(found[1]).split())
        rest = rest[found.end() :]
    style, rest = _format(rest, "moodle")
    opened = _find(rest, "{")
    identity = _ID.search(block.comments)
    common = {
        "line": block.line,
        "source": block.source,
        "title": title,
        "id": unescaped(identity[1]).strip() if identity else None,
        "tags": tuple(unescaped(tag).strip() for tag in _TAG.findall(block.comments)),
    }
    if opened < 0:
        if _find(rest, "}") >= 0:
            raise SyntaxFault("broken")
        return Item("Description", stem=Text(style, _read(rest, style)), **common)  # type: ignore[arg-type]
    closed = _find(rest, "}", opened)
    if closed < 0:
        raise SyntaxFault("not_closed")
    before, inside, after = rest[:opened], rest[opened + 1 : closed], rest[closed + 1 :]
    if _find(inside, "{") >= 0 or _find(after, "{") >= 0 or _find(after, "}") >= 0:
        raise SyntaxFault("broken")
    embedded = bool(after.strip())
    stem = _read(f"{before} _____ {after}" if embedded else before, style)
    inside, general = _general(inside, style)
    common |= {"stem": Text(style, stem), "embedded": embedded, "general": general}
    return _answered(inside, style, common)


def _answered(inside: str, style: str, common: dict[str, object]) -> Item:
    if not inside.strip():
        return Item("Essay", **common)  # type: ignore[arg-type]
    if inside.lstrip().startswith("#"):
        return _numerical(inside.lstrip()[1:], style, common)
    if found := _TRUE_FALSE.match(inside):
        feedbacks = [_text(one, style) for one in _split(inside[found.end() :], "#")[1:]]
        first, second, *_rest = [one if one and one.text else None for one in [*feedbacks, None, None]]
        return Item(
            "TF",
            answer=found[1][0] in "tT",
            feedbacks=(first, second),
            **common,  # type: ignore[arg-type]
        )
    marks = [piece[0] for piece in _pieces(inside)]
    if marks and "~" not in marks and all(_is_pair(piece) for _mark, piece in _pieces(inside)):
        return Item("Matching", pairs=tuple(_pair(piece[1], style) for piece in _pieces(inside)), **common)  # type: ignore[arg-type]
    if not marks:
        return Item("Short", choices=(_choice("=", inside, style),), **common)  # type: ignore[arg-type]
    choices = tuple(_choice(mark, piece, style) for mark, piece in _pieces(inside))
    return Item("MC" if "~" in marks else "Short", choices=choices, **common)  # type: ignore[arg-type]


def _numerical(inside: str, style: str, common: dict[str, object]) -> Item:
    pieces = _pieces(inside)
    lead = inside[: _first_mark(inside)].strip() if pieces else inside
    choices = []
    if lead:
        choices.append(_number_choice("=", lead, style))
    choices += [_number_choice(mark, piece, style) for mark, piece in pieces]
    return Item("Numerical", choices=tuple(choices), single_number=not pieces, **common)  # type: ignore[arg-type]


def _number_choice(mark: str, piece: str, style: str) -> Choice:
    weight, rest = _weight(piece)
    value, *feedback = _split(rest, "#")
    number = _number(value)
    if number is None and value.strip() not in ("", "*"):
        raise SyntaxFault("broken")
    return Choice(
        mark == "=",
        weight,
        number if number is not None else Text(style, "*"),
        _text("#".join(feedback), style) if feedback and "".join(feedback).strip() else None,
    )


def _number(text: str) -> Number | None:
    if found := _RANGE.fullmatch(text):
        return Number("high-low", _decimal(found[1]), _decimal(found[2]))
    if found := _NEAR.fullmatch(text):
        if found[2] is None:
            return Number("simple", _decimal(found[1]))
        return Number("range", _decimal(found[1]), _decimal(found[2]))
    return None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _choice(mark: str, piece: str, style: str) -> Choice:
    weight, rest = _weight(piece)
    value, *feedback = _split(rest, "#")
    said = "#".join(feedback)
    return Choice(mark == "=", weight, _text(value, style), _text(said, style) if said.strip() else None)


def _weight(piece: str) -> tuple[Decimal | None, str]:
    found = _WEIGHT.match(piece)
    return (Decimal(found[1]), piece[found.end() :]) if found else (None, piece)


def _is_pair(piece: str) -> bool:
    return _find(_split(piece, "#")[0], "->") >= 0


def _pair(piece: str, style: str) -> tuple[Text, str]:
    at = _find(piece, "->")
    right = _split(piece[at + 2 :], "#")[0]
    return _text(piece[:at], style), _read(right, "moodle")


def _general(inside: str, style: str) -> tuple[str, Text | None]:
    at = _find(inside, "####")
    return (inside, None) if at < 0 else (inside[:at], _text(inside[at + 4 :], style))


def _text(text: str, style: str) -> Text:
    style, rest = _format(text, style)
    return Text(style, _read(rest, style))


def _format(text: str, style: str) -> tuple[str, str]:
    found = _FORMAT.match(text)
    return (found[1].lower(), text[found.end() :]) if found else (style, text)


def _read(text: str, style: str) -> str:
    """Unescaped; in plain texts a broken line is a space, in HTML and Markdown it stays."""
    if style in ("html", "markdown"):
        return unescaped(text.strip()).strip()
    return unescaped(" ".join(text.split())).strip()


def _find(text: str, what: str, start: int = 0) -> int:
    """Where `what` first stands without a backslash before it; −1 if nowhere."""
    at = start
    while (at := text.find(what, at)) >= 0:
        before = at
        while before and text[before - 1] == "\\":
            before -= 1
        if (at - before) % 2 == 0:
            return at
        at += 1
    return -1


def _split(text: str, mark: str) -> list[str]:
    parts, at = [], 0
    while (found := _find(text, mark, at)) >= 0:
        parts.append(text[at:found])
        at = found + len(mark)
    return [*parts, text[at:]]


def _first_mark(text: str) -> int:
    return min(at for at in (_find(text, "="), _find(text, "~")) if at >= 0)


def _pieces(text: str) -> list[tuple[str, str]]:
    """(mark, text) of everything that begins with = or ~."""
    marks = [m for m in re.finditer(r"\\.|[=~]", text, re.DOTALL) if m[0] in "=~"]
    ends = [m.start() for m in marks[1:]] + [len(text)]
    return [(m[0], text[m.end() : end]) for m, end in zip(marks, ends, strict=False)]
