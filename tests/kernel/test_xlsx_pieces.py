"""A workbook that is written while it is sent, read back by others than who wrote it."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from lms.kernel import xlsx_pieces as writer
from lms.kernel.writers import Cell, xlsx_pieces

HEADER = ["Mã", "Họ và tên"]


def written(*rows: list[Cell], sheet: str = "Sheet1") -> bytes:
    return b"".join(xlsx_pieces(HEADER, rows, sheet=sheet))


def back(*row: Cell) -> list[object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(list(row))))
    return book.get_sheet_by_index(0).to_python()[1][: len(row)]


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Hồng Nhung",
        "Luật & <Nghị định> \"30\" 'x'",
        "=1+1",
        "@SUM(A1)",
        "0123",
        " đầu và cuối ",
        "hai\ndòng\tvà cách",
        "_x0041_ không phải A",
        "https://example.org",
        "𝟙 🇻🇳",
    ],
)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert back(text) == [text]


def test_what_xml_cannot_hold_is_left_out_and_a_text_is_no_longer_than_a_cell() -> None:
    assert back("a\x00b\x0bc\x1fd\ud800e\uffff") == ["abcde"]
    assert len(back("ă" * 40_000)[0]) == 32_767  # type: ignore[arg-type]


def test_numbers_days_and_truths_keep_their_kind() -> None:
    row: list[Cell] = [7, 2.5, Decimal("80.1"), date(2026, 6, 14), True, None, "", "x"]
    assert back(*row) == [7.0, 2.5, 80.1, date(2026, 6, 14), True, "", "", "x"]
    assert back(datetime(2026, 6, 14, 12, tzinfo=UTC)) == [datetime(2026, 6, 14, 12)]


def test_columns_beyond_z_have_two_letters() -> None:
    row: list[Cell] = list(range(60))
    assert [int(cell) for cell in back(*row)] == row  # type: ignore[call-overload]
    assert b'r="AZ2"' in zipfile.ZipFile(io.BytesIO(written(row))).read("xl/worksheets/sheet1.xml")


def test_every_part_is_well_formed_and_the_same_rows_give_the_same_bytes() -> None:
    content = written(["a&b", "<c>"], sheet='Câu hỏi & "đáp án"')
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    for name in archive.namelist():
        ElementTree.fromstring(archive.read(name))
    assert content == written(["a&b", "<c>"], sheet='Câu hỏi & "đáp án"')


def test_rows_are_asked_for_as_they_are_sent_and_memory_stays_flat() -> None:
    asked = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal asked
        for number in range(60_000):
            asked = number
            yield [f"CB{number}", "Nguyễn Văn An"]

    pieces = xlsx_pieces(HEADER, rows())
    assert next(pieces).startswith(b"PK")
    assert asked < 2_000
    tracemalloc.start()
    assert sum(len(piece) for piece in pieces) > 100_000
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (asked, most < 4_000_000) == (59_999, True)


def test_a_row_more_than_a_sheet_holds_is_not_lost_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MOST_ROWS", 3)
    assert len(written(["1"], ["2"])) > 0
    with pytest.raises(ValueError, match="3 rows"):
        written(["1"], ["2"], ["3"])


def test_another_library_sees_bold_titles_that_stay_and_days_in_our_order() -> None:
    page = load_workbook(io.BytesIO(written(["=1+1", date(2026, 6, 14)], sheet="Cán bộ")))["Cán bộ"]
    assert (page["A1"].font.b, page["A2"].font.b, page.freeze_panes) == (True, False, "A2")
    assert (page["A2"].data_type, page["B2"].number_format) == ("s", "dd/mm/yyyy")
