"""Word files with a list of questions: paragraphs, their automatic numbers, what stands out; and back."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import IO, Any, cast

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from lms.kernel.archives import ArchiveRefused, Limits, entries_of

from .files import content_of, text_of
from .listing import lines_of
from .lists import Line, read_lines
from .records import Broken, Reading, Taken, Unreadable, Written
from .writing import each

_LIMITS = Limits(entries=5_000, total=300_000_000, nested=True)
_MOST_PARAGRAPHS = 200_000
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def read(file: IO[bytes]) -> Reading:
    """A .docx, or the same list as plain text."""
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(Broken.OLD_WORD_FILE)
    if not start.startswith(b"PK"):
        if start.startswith(b"%PDF"):
            raise Unreadable(Broken.NOT_A_WORD_FILE)
        lines = text_of(file).split("\n")
        return read_lines(Line(line.strip(" "), n) for n, line in enumerate(lines, start=1) if line.strip())
    document = _opened(content_of(file))
    return read_lines(_lines(document), _keys_in_tables(document))


def _opened(content: bytes) -> Document:
    """Judged as an archive before anything parses it; macros are never looked at."""
    try:
        names = {info.filename for info in entries_of(io.BytesIO(content), _LIMITS)}
    except ArchiveRefused as refusal:
        raise Unreadable(Broken.NOT_A_WORD_FILE, str(refusal)) from refusal
    if "word/document.xml" not in names:
        raise Unreadable(Broken.NOT_A_WORD_FILE)
    try:
        return docx.Document(io.BytesIO(content))
    except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as error:
        raise Unreadable(Broken.NOT_A_WORD_FILE) from error


def _lines(document: Document) -> Iterator[Line]:
    numbers = _Numbers(document)
    for place, block in enumerate(document.iter_inner_content(), start=1):
        if place > _MOST_PARAGRAPHS:
            raise Unreadable(Broken.TOO_MANY)
        if isinstance(block, Paragraph):
            yield from _of_paragraph(block, place, numbers)
        elif not _is_key_table(block):
            for cell in _cells(block):
                for paragraph in cell.paragraphs:
                    yield from _of_paragraph(paragraph, place, numbers)


def _cells(table: Table) -> Iterator[Any]:
    seen: set[int] = set()
    for row in table.rows:
        for cell in row.cells:
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                yield cell


def _of_paragraph(paragraph: Paragraph, place: int, numbers: "_Numbers") -> Iterator[Line]:
    element = paragraph._p
    picture = bool(element.xpath(".//w:drawing | .//w:pict | .//w:object"))
    formula = bool(element.xpath(".//*[local-name()='oMath']"))
    label = numbers.label(paragraph)
    text = paragraph.text
    if not text.strip() and not picture and not formula:
        return
    for n, line in enumerate(text.split("\n")):
        shown = f"{label} {line}" if label and n == 0 else line
        yield Line(shown.strip(" "), place, _stands_out(paragraph), picture, formula)


def _stands_out(paragraph: Paragraph) -> bool:
    """Whether every letter behind the option's own is bold, underlined, coloured or marked."""
    runs = [run for run in paragraph.runs if run.text.strip(" .:)\t")]
    text = [run for run in runs if not re.fullmatch(r"\s*\*?[A-Za-z]\s*[.):]?\s*", run.text)] or runs
    return bool(text) and all(_is_marked(run) for run in text)


def _is_marked(run: Any) -> bool:
    font = run.font
    colour = font.color.rgb if font.color is not None else None
    coloured = colour is not None and str(colour) not in ("000000", "auto")
    return bool(font.bold or font.underline or font.highlight_color or coloured)


class _Numbers:
    """What Word prints in front of a paragraph of a numbered list: no letter of it stands in the text."""

    def __init__(self, document: Document) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counts: dict[tuple[str, int], int] = {}
        self.of_styles: dict[str, Any] = {
            style.get(qn("w:styleId")): numbered
            for style in document.styles.element.findall(qn("w:style"))
            if (numbered := style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None
        }
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {one.get(qn("w:abstractNumId")): one for one in root.findall(qn("w:abstractNum"))}
        for number in root.findall(qn("w:num")):
            reference = number.find(qn("w:abstractNumId"))
            found = abstract.get(reference.get(qn("w:val"))) if reference is not None else None
            if found is not None:
                self.levels[number.get(qn("w:numId"))] = dict(map(_level, found.findall(qn("w:lvl"))))

    def label(self, paragraph: Paragraph) -> str:
        properties = paragraph._p.pPr
        numbered: Any = properties.numPr if properties is not None else None
        if numbered is None:
            numbered = self.of_styles.get(paragraph._p.style or "")
        if numbered is None or numbered.find(qn("w:numId")) is None:
            return ""
        identity = numbered.find(qn("w:numId")).get(qn("w:val"))
        depth = numbered.find(qn("w:ilvl"))
        level = int(depth.get(qn("w:val"))) if depth is not None else 0
        if level not in self.levels.get(identity, {}):
            return ""
        form, text, start = self.levels[identity][level]
        for deeper in [key for key in self.counts if key[0] == identity and key[1] > level]:
            del self.counts[deeper]
        count = self.counts.get((identity, level), start - 1) + 1
        self.counts[identity, level] = count
        return text.replace(f"%{level + 1}", _counted(form, count)) if form != "bullet" else ""


def _level(element: Any) -> tuple[int, tuple[str, str, int]]:
    def value(name: str, default: str) -> str:
        found = element.find(qn(name))
        return found.get(qn("w:val"), default) if found is not None else default

    start = value("w:start", "1")
    return int(element.get(qn("w:ilvl"), "0")), (
        value("w:numFmt", "decimal"),
        value("w:lvlText", ""),
        int(start) if start.isdecimal() else 1,
    )


def _counted(form: str, count: int) -> str:
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (count - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("upperRoman", "lowerRoman") and count < 40:
        roman, rest = "", count
        for worth, sign in _ROMAN:
            roman += sign * (rest // worth)
            rest %= worth
        return roman.upper() if form == "upperRoman" else roman
    return str(count)


def _keys_in_tables(document: Document) -> dict[str, str]:
    """Keys by question number from a table of two rows or two columns: numbers and letters."""
    keys: dict[str, str] = {}
    for table in document.tables:
        if _is_key_table(table):
            keys |= _key_pairs(table)
    return keys


def _is_key_table(table: Table) -> bool:
    pairs = _key_pairs(table)
    filled = sum(1 for cell in _cells(table) if cell.text.strip())
    return len(pairs) >= 2 and 2 * len(pairs) >= filled - 8


def _key_pairs(table: Table) -> dict[str, str]:
    rows = [[cell.text.strip() for cell in row.cells] for row in table.rows]
    pairs: dict[str, str] = {}
    for cell in (cell for row in rows for cell in row):
        if both := re.fullmatch(r"(?:câu\s*)?(\d{1,5})\s*[.:)\-–\s]\s*([A-H])", cell, re.IGNORECASE):
            pairs[both[1]] = both[2]
    for upper, lower in [*pairwise(rows), *_columns(rows)]:
        for number, letter in zip(upper, lower, strict=False):
            found = re.fullmatch(r"(?:câu\s*)?(\d{1,5})\.?", number, re.IGNORECASE)
            if found and re.fullmatch(r"[A-Ha-h](?:\s*[,;]\s*[A-Ha-h])*", letter):
                pairs[found[1]] = letter
    return pairs


def _columns(rows: list[list[str]]) -> Iterator[tuple[list[str], list[str]]]:
    columns = [list(column) for column in zip(*rows, strict=False)]
    yield from pairwise(columns)


def write(questions: list[Taken]) -> Written:
    """A .docx that `read` reads back the same; the key stands under each question."""
    written = Written()
    document = docx.Document()
    end = document.element.body[-1]
    for number, lines in enumerate(each(questions, lambda one: lines_of(one, written), written), start=1):
        for n, line in enumerate(lines):
            # `add_paragraph` looks for its place from the start: 5,000 questions would take minutes.
            paragraph = Paragraph(cast(Any, OxmlElement("w:p")), document._body)
            end.addprevious(paragraph._p)
            paragraph.paragraph_format.space_after = Pt(0 if n + 1 < len(lines) else 10)
            run = paragraph.add_run(f"Câu {number}: {line}" if n == 0 else line)
            run.bold = n == 0
    buffer = io.BytesIO()
    document.save(buffer)
    written.content = buffer.getvalue()
    return written
