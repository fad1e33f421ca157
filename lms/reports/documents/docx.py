"""The letter as a Word document in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I.

A4; margins 20 mm above and below, 30 mm at the left, 15 mm at the right; Times New Roman, body 14, page
number at the top in the middle and not on the first page; the annex on pages of its own, across. Real styles:
whoever edits the document finds «Nội dung», «Mục I», «Mục 1» in Word's list.
"""

import io
from typing import Any

import segno
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from lms.reports.letters import (
    DOUBLE,
    NUMBERS,
    WIDTHS_MM,
    Annex,
    Heading,
    Letter,
    Line,
    Seal,
    annex_line,
    copies,
    day_line,
    number_line,
    rate_words,
    recipients,
)

FONT = "Times New Roman"
LEFT, CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


def write_docx(letter: Letter) -> bytes:
    """The document, to be edited and signed; the number is left for the văn thư."""
    book = Document()
    _styles(book)
    _page(book.sections[0])
    _page_number(book.sections[0])
    book.core_properties.title = letter.subject
    book.core_properties.author = letter.head.issuer
    book.core_properties.language = "vi-VN"
    book.core_properties.comments = "; ".join(f"{seal.target} {seal.sha256}" for seal in letter.seals)
    if letter.draft:
        _paragraph(book, "BẢN DỰ THẢO", "Giữa", bold=True)
    _head(book, letter)
    _body(book, letter)
    _signature(book, letter)
    for number, annex in enumerate(letter.annexes, start=1):
        _annex(book, annex, number, letter)
    _seals(book, letter)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# Styles and pages --------------------------------------------------------------------------------


def _styles(book: Any) -> None:
    normal = book.styles["Normal"]
    _font(normal, 14)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    _style(book, "Nội dung", 14, align=JUSTIFIED, indent=Cm(1.27), after=6)
    _style(book, "Mục I", 14, bold=True, align=JUSTIFIED, indent=Cm(1.27), before=6, after=6, level=1)
    _style(book, "Mục 1", 14, bold=True, align=JUSTIFIED, indent=Cm(1.27), after=6, level=2)
    _style(book, "Giữa", 14, align=CENTRE)
    _style(book, "Phụ lục", 14, bold=True, align=CENTRE, level=1)
    _style(book, "Ô bảng", 11, align=CENTRE)
    _style(book, "Nơi nhận", 11, align=LEFT)


def _style(
    book: Any,
    name: str,
    size: int,
    *,
    bold: bool = False,
    align: Any = LEFT,
    indent: Any = None,
    before: int = 0,
    after: int = 0,
    level: int = 0,
) -> None:
    style = book.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = book.styles["Normal"]
    style.quick_style = True
    _font(style, size)
    style.font.bold = bold
    form = style.paragraph_format
    form.alignment, form.first_line_indent = align, indent
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if level:  # a place in the document's outline, as a heading has
        form.keep_with_next = True
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        style.element.get_or_add_pPr().append(outline)


def _font(style: Any, size: int) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)


def _page(section: Any, *, across: bool = False) -> None:
    section.page_width, section.page_height = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = (Mm(20), Mm(20)) if across else (Mm(30), Mm(15))
    section.header_distance = Mm(10)


def _page_number(section: Any) -> None:
    """Arabic, 13, upright, in the middle of the top margin; not on the first page."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    line = section.header.paragraphs[0]
    line.alignment = CENTRE
    run = line.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


# Blocks ------------------------------------------------------------------------------------------


def _head(book: Any, letter: Letter) -> None:
    """Bodies at the left, state and motto at the right; number, and place with the day, on one line."""
    head = letter.head
    left, right = _two_cells(book, Mm(70), Mm(95))
    if head.superior:
        _into(left, head.superior, size=12)
    _into(left, head.issuer, size=12, bold=True)
    _rule(left, Mm(24))
    _into(right, STATE, size=12, bold=True)
    _into(right, MOTTO, size=13, bold=True)
    _rule(right, Mm(56))
    left, right = _two_cells(book, Mm(70), Mm(95))
    _into(left, number_line(head.symbol), size=13)
    _into(right, day_line(head.place, head.day), size=13, italic=True)
    _paragraph(book, "", "Giữa")
    _paragraph(book, "BÁO CÁO", "Giữa", bold=True)
    _paragraph(book, letter.subject, "Giữa", bold=True)
    _rule(book, Mm(50), margins=Mm(165))
    first, *others = recipients(head)
    _paragraph(book, first, "Giữa")
    for line in others:
        _paragraph(book, line, "Giữa")
    _paragraph(book, "", "Giữa")


def _body(book: Any, letter: Letter) -> None:
    for block in letter.body:
        if isinstance(block, Heading):
            _paragraph(book, block.text, "Mục I" if block.level == 1 else "Mục 1")
        else:
            _paragraph(book, block.text, "Nội dung")


def _signature(book: Any, letter: Letter) -> None:
    """«Nơi nhận» at the left margin, level with who signs."""
    head = letter.head
    _paragraph(book, "", "Giữa")
    left, right = _two_cells(book, Mm(80), Mm(85))
    _into(left, "Nơi nhận:", size=12, bold=True, italic=True, align=LEFT)
    for line in copies(head):
        _into(left, line, size=11, align=LEFT)
    for line in filter(None, (head.authority, head.signatory_title)):
        _into(right, line, size=14, bold=True)
    for _blank in range(4):
        _into(right, "", size=14)
    if head.signatory:
        _into(right, head.signatory, size=14, bold=True)


def _annex(book: Any, annex: Annex, number: int, letter: Letter) -> None:
    """A page across for each target's table, numbered on its own."""
    section = book.add_section(WD_SECTION.NEW_PAGE)
    _page(section, across=True)
    _page_number(section)
    pages = OxmlElement("w:pgNumType")
    pages.set(qn("w:start"), "1")
    section._sectPr.append(pages)
    _paragraph(book, f"Phụ lục {roman(number)}", "Phụ lục")
    _paragraph(book, annex.heading, "Giữa", bold=True)
    _paragraph(book, annex_line(letter.head.symbol), "Giữa", italic=True)
    _paragraph(book, "", "Giữa")
    _table(book, annex)
    for note in annex.notes:
        _paragraph(book, note, "Nơi nhận")


def _table(book: Any, annex: Annex) -> None:
    table = book.add_table(rows=2, cols=len(WIDTHS_MM))
    style = book.styles["Ô bảng"].style_id
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _inset(table, 8)
    for column, width in zip(table.columns, WIDTHS_MM, strict=True):  # what is added takes it over
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    for row, texts in zip(table.rows, (annex.headers, NUMBERS), strict=True):
        cells = list(row.cells)
        cells[DOUBLE : DOUBLE + 2] = [cells[DOUBLE].merge(cells[DOUBLE + 1])]
        for cell, text in zip(cells, texts, strict=True):
            _cell(cell, text, style, bold=texts is not NUMBERS)
    for row in table.rows:  # repeated on every page
        repeat = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(repeat)
    for place, line in enumerate(annex.lines, start=1):
        _row(table, style, str(place), line, annex, bold=False)
    _row(table, style, "", annex.total, annex, bold=True)


def _row(table: Any, style: str, place: str, line: Line, annex: Annex, *, bold: bool) -> None:
    name = "Tổng cộng" if bold else line.name
    verdict = annex.verdict if bold else line.note
    texts = [place, name, *annex.numbers(line)]
    texts += [rate_words(line) if line.required >= 0 else "", annex.demand if bold else "", verdict]
    row = table.add_row()
    without = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(without)
    for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        _cell(cell, text, style, bold=bold, align=LEFT if column == 1 else CENTRE)


def _seals(book: Any, letter: Letter) -> None:
    """By what anyone can tell that the figures are those that were closed."""
    if not letter.seals:
        return
    _paragraph(book, "", "Giữa")
    left, right = _two_cells(book, Mm(215), Mm(38))
    _into(left, "Đối chiếu số liệu", size=11, bold=True, align=LEFT)
    for seal in letter.seals:
        for line in seal_lines(seal):
            _into(left, line, size=9, align=LEFT)
    _into(left, f"Kiểm tra tệp tại {letter.verify_url}", size=9, align=LEFT)
    picture = io.BytesIO()
    segno.make(letter.verify_url, error="m", micro=False).save(picture, kind="png", scale=6, border=1)
    picture.seek(0)
    right.paragraphs[-1].add_run().add_picture(picture, width=Mm(26))


def seal_lines(seal: Seal) -> list[str]:
    """«Chỉ tiêu T1: mã băm … · sổ cái … mục · gốc …»."""
    return [
        f"Chỉ tiêu {seal.target}: SHA-256 {seal.sha256}",
        f"Sổ cái: {seal.ledger} mục, gốc {seal.root}" if seal.root else f"Sổ cái: {seal.ledger} mục",
    ]


# Small pieces ------------------------------------------------------------------------------------


def _paragraph(book: Any, text: str, style: str, *, bold: bool = False, italic: bool = False) -> Any:
    line = book.add_paragraph(style=style)
    run = line.add_run(text)
    if bold:
        run.bold = True
    if italic:
        run.italic = True
    return line


def _two_cells(book: Any, left: Any, right: Any) -> tuple[Any, Any]:
    """Two columns without lines; a table is how Word keeps things level."""
    table = book.add_table(rows=1, cols=2)
    table.autofit = False
    _inset(table, 0)
    cells = table.rows[0].cells
    for column, cell, width in zip(table.columns, cells, (left, right), strict=True):
        column.width = cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
    return cells[0], cells[1]


def _inset(table: Any, tenths_of_mm: int) -> None:
    """How far its texts stay from the lines at their left and right."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(tenths_of_mm * 1440 / 254)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tblPr.find(qn("w:tblLook"))
    look.addprevious(margins) if look is not None else table._tblPr.append(margins)


def _into(
    cell: Any, text: str, *, size: int, bold: bool = False, italic: bool = False, align: Any = CENTRE
) -> None:
    """A line in a cell; the first takes the paragraph that every cell has."""
    only = cell.paragraphs[0]
    line = only if len(cell.paragraphs) == 1 and not only.runs else cell.add_paragraph()
    line.alignment = align
    run = line.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _cell(cell: Any, text: str, style: str, *, bold: bool = False, align: Any = CENTRE) -> None:
    """`style` by its id: to look its name up costs three times as much as all the rest of a cell."""
    line = cell.paragraphs[0]
    line._p.style = style
    line.alignment = align
    line.add_run(text).bold = bold
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _rule(where: Any, width: Any, *, margins: Any = None) -> None:
    """A line of this width under what was written last."""
    within = margins if margins is not None else where.width
    line = where.add_paragraph()
    line.alignment = CENTRE
    aside = int((within - width) / 2)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = max(aside, 0)
    line.paragraph_format.space_after = Pt(6)
    line.paragraph_format.space_before = Pt(3)
    line.paragraph_format.line_spacing = Pt(4)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    line._p.get_or_add_pPr().append(borders)


def roman(number: int) -> str:
    """Annexes are numbered I, II, III."""
    signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, sign in signs:
        text += sign * (number // value)
        number %= value
    return text
