"""The letter of Nghị định 30/2020/NĐ-CP, written as DOCX, PDF and XLSX, and gone over when it comes back."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from python_calamine import CalamineWorkbook

from lms.kernel.queries import ledger_size
from lms.reports import services
from lms.reports.checking import checked
from lms.reports.documents import write_docx, write_pdf
from lms.reports.documents.docx import roman
from lms.reports.enums import FileFormat
from lms.reports.letters import HEADERS, Letter, Line, day_line, rate_words, verdict_of
from lms.reports.models import Period, WrittenFile
from lms.reports.writing import letter_of

from .conftest import report_of, send, trained

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(province: SimpleNamespace, period: Period) -> Letter:
    send(period, "X1", province.managers[0], province.signers[0])
    return letter_of(send(period, "P", province.officer, province.second))


@pytest.fixture
def files(letter: Letter, period: Period) -> Mapping[str, bytes]:
    written = services.write_files(report=report_of(period, "P"))
    return {file.format: bytes(file.content) for file in written}


# The letter


def test_the_lines_of_the_annex_sum_to_the_closed_figure(letter: Letter) -> None:
    (annex,) = letter.annexes
    assert [(line.name, line.required, line.trained) for line in annex.lines] == [
        ("Phường X1", 5, 4),
        ("Phường X2", 2, 0),
        ("Trừ phần được tính ở nhiều đơn vị", -1, 0),
    ]
    assert (annex.total.required, annex.total.trained, annex.verdict) == (6, 4, "Chưa đạt")
    assert (annex.total.classes, annex.total.basic, annex.total.passed) == (1, 4, 4)


def test_the_sentences_follow_from_the_figures(letter: Letter) -> None:
    text = "\n".join(block.text for block in letter.body)
    assert "4/6 cán bộ thuộc diện đã được tập huấn, đạt tỷ lệ 66,6 %" in text
    assert "chỉ tiêu là trên 80 %: chưa đạt chỉ tiêu. Còn thiếu 1 người" in text
    assert "Còn 2 cán bộ chưa được tính là đã tập huấn: 2 người chưa học." in text


@pytest.mark.parametrize(
    ("trained_", "required", "words"), [(32, 40, "80,0"), (0, 0, "–"), (7999, 10000, "79,9"), (7, 7, "100,0")]
)
def test_a_rate_is_rounded_down(trained_: int, required: int, words: str) -> None:
    line = Line("", required, 0, 0, 0, trained_, 0, 0, 0, 0)
    assert rate_words(line) == words


def test_days_below_ten_and_the_first_two_months_take_a_nought() -> None:
    from datetime import date

    assert day_line("Hải Phòng", date(2026, 2, 3)) == "Hải Phòng, ngày 03 tháng 02 năm 2026"
    assert day_line("Hải Phòng", date(2026, 12, 14)) == "Hải Phòng, ngày 14 tháng 12 năm 2026"


def test_annexes_are_numbered_as_romans_did() -> None:
    assert [roman(number) for number in (1, 4, 9, 14)] == ["I", "IV", "IX", "XIV"]


# DOCX: Nghị định 30/2020/NĐ-CP, Phụ lục I


@pytest.fixture
def document(letter: Letter) -> Any:
    return Document(io.BytesIO(write_docx(letter)))


def test_the_paper_is_a4_with_the_decree_s_margins(document: Any) -> None:
    first = document.sections[0]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert 20 <= round(first.top_margin.mm) <= 25
    assert 20 <= round(first.bottom_margin.mm) <= 25
    assert 30 <= round(first.left_margin.mm) <= 35
    assert 15 <= round(first.right_margin.mm) <= 20
    across = document.sections[1]
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)


def test_everything_is_set_in_times_new_roman_and_the_body_in_14(document: Any) -> None:
    assert {
        style.font.name for style in document.styles if style.name in ("Normal", "Nội dung", "Mục I")
    } == {"Times New Roman"}
    assert document.styles["Nội dung"].font.size == Pt(14)
    assert document.styles["Nội dung"].paragraph_format.space_after >= Pt(6)


def runs(document: Any) -> dict[str, tuple[float, bool, bool]]:
    """By its text, how each run is set: size, bold, italic."""
    found = {}
    for line in document.element.body.iter(qn("w:p")):
        paragraph = Paragraph(line, document)
        style = paragraph.style.font
        for run in paragraph.runs:
            assert run.font.name in (None, "Times New Roman")
            size = run.font.size or style.size or document.styles["Normal"].font.size
            bold = style.bold if run.bold is None else run.bold
            found[run.text] = (size.pt, bool(bold), bool(run.italic))
    return found


def test_each_block_has_the_size_and_the_style_of_the_decree(document: Any) -> None:
    upright, bold, italic, both = (False, False), (True, False), (False, True), (True, True)
    wanted = {
        "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG": (12, 13, upright),
        "ỦY BAN NHÂN DÂN PHƯỜNG": (12, 13, bold),
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (12, 13, bold),
        "Độc lập - Tự do - Hạnh phúc": (13, 14, bold),
        "Số:         /BC-UBND": (13, 13, upright),
        "Hải Phòng, ngày 20 tháng 6 năm 2026": (13, 14, italic),
        "BÁO CÁO": (13, 14, bold),
        "Kính gửi: Ủy ban nhân dân thành phố Hải Phòng": (13, 14, upright),
        "I. CÔNG TÁC CHỈ ĐẠO": (13, 14, bold),
        "1. Đánh giá nhu cầu": (13, 14, bold),
        "Không có.": (13, 14, upright),
        "TM. ỦY BAN NHÂN DÂN": (13, 14, bold),
        "CHỦ TỊCH": (13, 14, bold),
        "Trần Thị Bình": (13, 14, bold),
        "Nơi nhận:": (12, 12, both),
        "- Như trên;": (11, 11, upright),
        "Phụ lục I": (14, 14, bold),
        "(Kèm theo Báo cáo số         /BC-UBND)": (13, 14, italic),
    }
    found = runs(document)
    wrong = {
        text: found.get(text)
        for text, (least, most, style) in wanted.items()
        if text not in found or not least <= found[text][0] <= most or found[text][1:] != style
    }
    assert wrong == {}


def test_the_body_is_justified_with_its_first_line_moved_in(document: Any) -> None:
    form = document.styles["Nội dung"].paragraph_format
    assert (form.alignment, round(form.first_line_indent.cm, 2)) == (3, 1.27)


def test_the_page_number_stands_at_the_top_in_the_middle_and_not_on_the_first_page(document: Any) -> None:
    section = document.sections[0]
    assert section.different_first_page_header_footer is True
    assert section.first_page_header.paragraphs[0].text == ""
    line = section.header.paragraphs[0]
    assert "PAGE" in line._p.xml
    assert line.alignment == 1
    assert line.runs[0].font.size == Pt(13)


def test_the_blocks_stand_in_the_order_of_the_decree(document: Any) -> None:
    texts = [text for block in document.element.body for text in ["".join(block.itertext())] if text.strip()]
    whole = "\n".join(texts)
    wanted = [
        "ỦY BAN NHÂN DÂN PHƯỜNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số:         /BC-UBND",
        "Hải Phòng, ngày 20 tháng 6 năm 2026",
        "BÁO CÁO",
        "Kết quả đào tạo, tập huấn",
        "Kính gửi: Ủy ban nhân dân thành phố Hải Phòng",
        "I. CÔNG TÁC CHỈ ĐẠO",
        "II. KẾT QUẢ THỰC HIỆN",
        "III. TỒN TẠI",
        "IV. PHƯƠNG HƯỚNG",
        "V. KIẾN NGHỊ",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Trần Thị Bình",
        "Phụ lục I",
        "(Kèm theo Báo cáo số",
    ]
    places = [whole.find(text) for text in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_the_annex_has_the_thirteen_columns_of_the_form(document: Any) -> None:
    table = document.tables[-2]
    cells = [cell.text for cell in table.rows[0].cells]
    assert [text for n, text in enumerate(cells) if n == 0 or text != cells[n - 1]] == list(HEADERS)
    assert len(HEADERS) == 13


def test_each_unit_of_the_annex_is_judged_by_its_own_figure(letter: Letter) -> None:
    (annex,) = letter.annexes
    assert [line.note for line in annex.lines] == [
        "Chưa đạt; 4 ghi muộn",  # 4/5 is not more than 80 %
        "Chưa đạt",
        "",
    ]
    assert verdict_of(replace(annex.total, trained=5), ">", "80") == "Đạt"
    assert verdict_of(replace(annex.total, required=0), ">", "80") == ""


def test_libreoffice_opens_the_document(letter: Letter, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "a.docx").write_bytes(write_docx(letter))
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "a.docx",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=180,
    )
    told = subprocess.run(["pdftotext", "a.pdf", "-"], cwd=tmp_path, check=True, capture_output=True).stdout
    pages = [page.split("\n") for page in told.decode().split("\f")]
    assert {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"} <= set(pages[0])
    assert "1" not in pages[0]
    pages_ = subprocess.run(["pdfinfo", "a.pdf"], cwd=tmp_path, check=True, capture_output=True).stdout
    assert re.search(r"Page size:\s+595\.\d+ x 84[12]", pages_.decode())


def test_a_draft_says_so_and_names_no_day(province: SimpleNamespace, period: Period) -> None:
    draft = letter_of(report_of(period, "X1"))
    text = "\n".join(
        "".join(block.itertext()) for block in Document(io.BytesIO(write_docx(draft))).element.body
    )
    assert "BẢN DỰ THẢO" in text
    assert "ngày      tháng      năm" in text


# XLSX and PDF


def test_the_workbook_calculates_with_live_formulas(files: Mapping[str, bytes]) -> None:
    sheet = zipfile.ZipFile(io.BytesIO(files["xlsx"])).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>SUM(C6:C8)</f><v>6</v>" in sheet
    assert "INT(G9*1000/C9)/10" in sheet
    assert "G9*1000&gt;C9*800" in sheet
    rows = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"])).get_sheet_by_index(0).to_python()
    assert rows[8][1:7] == ["Tổng cộng", 6.0, 6.0, 1.0, 4.0, 4.0] or rows[8][2] == 6.0


def test_files_are_written_when_a_report_was_sent_and_again_gives_the_same_bytes(files, period) -> None:
    assert sorted(files) == ["docx", "pdf", "xlsx"]
    services.write_files(report=report_of(period, "P"), formats=[FileFormat.PDF])
    assert report_of(period, "P").files.filter(format="pdf").count() == 1
    again = report_of(period, "P").files.get(format="pdf")
    assert bytes(again.content) == files["pdf"]


def test_an_open_report_leaves_no_file(period: Period) -> None:
    assert services.write_files(report=report_of(period, "X1")) == []
    assert WrittenFile.objects.count() == 0


@pytest.mark.parametrize("format_", ["xlsx", "pdf"])
def test_a_file_that_was_written_here_is_the_same_whatever_came_in_since(province, files, format_) -> None:
    before = ledger_size()
    trained(province.people[5])
    assert ledger_size() > before
    verdict = checked(files[format_])
    assert verdict is not None
    assert verdict.differences == ()


def altered_workbook(content: bytes, old: str, new: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                data, times = re.subn(old.encode(), new.encode(), data, count=1)
                assert times == 1
            target.writestr(info, data)
    return out.getvalue()


def test_a_figure_that_was_changed_in_the_workbook_is_named(files: Mapping[str, bytes]) -> None:
    forged = altered_workbook(files["xlsx"], r'(<c r="G6" s="\d+">)<v>4</v>', r"\1<v>5</v>")
    verdict = checked(forged)
    assert verdict is not None
    assert verdict.differences == ("T1: (Phường X1, 7): 5 → 4",)


def test_a_pdf_that_was_altered_is_named(letter: Letter, files: Mapping[str, bytes]) -> None:
    verdict = checked(files["pdf"] + b"\n")
    assert verdict is not None
    assert [line[:5] for line in verdict.differences] == ["file:"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7 nothing", b"{}", b"[1]", "tệp".encode()])
def test_what_is_no_report_is_said_to_be_none(content: bytes) -> None:
    assert checked(content) is None


def test_the_pdf_is_tagged_and_says_who_is_asked(letter: Letter) -> None:
    content = write_pdf(letter)
    assert b"/MarkInfo" in content or b"/StructTreeRoot" in content
    assert 20_000 < len(content) < 400_000


@pytest.mark.parametrize("name", ["bao-cao.xlsx", "bao-cao.pdf"])
def test_a_report_that_is_dropped_on_the_page_for_checking_is_judged(client, files, name: str) -> None:
    content = files[name.rsplit(".", 1)[1]]
    page = client.post("/verify/", {"paper": SimpleUploadedFile(name, content)}).content.decode()
    assert "Số liệu khớp" in page
    forged = (
        altered_workbook(content, r'(<c r="G6" s="\d+">)<v>4</v>', r"\1<v>5</v>") if "xlsx" in name else b""
    )
    if forged:
        page = client.post("/verify/", {"paper": SimpleUploadedFile(name, forged)}).content.decode()
        assert "Số liệu không khớp" in page
        assert "T1: (Phường X1, 7): 5 → 4" in page
