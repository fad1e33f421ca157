"""Faulty lines go out with what is wrong and come back mended, each into its place."""

import io

import pytest
from python_calamine import CalamineWorkbook

from lms.kernel.cells import day, text
from lms.kernel.faults import Faults, FileRefused
from lms.kernel.mending import FaultyLines, faulty_lines, put_back
from lms.kernel.tables import Column, Table
from lms.kernel.writers import csv_lines, write_xlsx

TABLE = Table(
    Column("person", "mã cán bộ", text(longest=6), required=True),
    Column("name", "họ và tên"),
    Column("since", "từ ngày", day, required=True),
)
FILE = (
    "mã cán bộ,họ và tên,từ ngày\n"
    "CB1,Nguyễn Văn An,2026-01-01\n"
    "\n"
    "CB2,=Lê,31/02/2026\n"
    '"CB3","Trần\nThị",2026-01-01\n'
    ",Phạm,never\n"
)


def told(text: str) -> Faults:
    faults = Faults("f.csv")
    try:
        list(TABLE.read(io.BytesIO(text.encode()), faults))
    except FileRefused as refusal:
        return refusal.faults
    return faults


def given(text: str = FILE) -> FaultyLines | None:
    return faulty_lines(TABLE, io.BytesIO(text.encode()), told(text), {"since": "from"})


def back(rows: str, lines: tuple[int, ...] = (4, 7)) -> str:
    faults = Faults("mended.csv")
    content = put_back(TABLE, io.BytesIO(FILE.encode()), io.BytesIO(rows.encode()), lines, faults)
    return content.decode()


def refused(rows: str) -> list[tuple[int | None, str | None]]:
    with pytest.raises(FileRefused) as refusal:
        back(rows)
    return [(fault.line, fault.column) for fault in refusal.value.faults.listed]


def test_faulty_lines_alone_are_given_with_their_number_and_all_that_is_wrong() -> None:
    lines = given()
    assert lines is not None
    assert lines.header == ["dòng", "sai ở đâu", "mã cán bộ", "họ và tên", "từ ngày"]
    assert [(row[0], *row[2:]) for row in lines.rows] == [
        (4, "CB2", "=Lê", "31/02/2026"),
        (7, "", "Phạm", "never"),
    ]
    assert [str(row[1]).count(": ") for row in lines.rows] == [1, 2]


def test_a_file_with_an_english_header_is_answered_in_english() -> None:
    lines = given("person,since\nCB1,never\n")
    assert lines is not None
    assert lines.header == ["line", "what is wrong", "person", "since"]


@pytest.mark.parametrize(
    "text",
    [
        "person,unknown\nCB1,x\n",
        "",
        "person,since\nCB1,never\n".encode("utf-16").decode("latin-1"),
        'person,since\nCB1,never\n"CB2,2026-01-01\nCB3,2026-01-01\n',
        "person,since\nCB1,2026-01-01\n",
    ],
    ids=["header", "empty", "encoding", "quotation mark", "no fault"],
)
def test_where_mending_lines_would_not_mend_the_file_none_are_given(text: str) -> None:
    assert given(text) is None


def test_more_faults_than_are_kept_in_words_are_mended_in_the_file_itself() -> None:
    assert given("person,since\n" + "CB1,never\n" * 1_001) is None


HEAD = "dòng,sai ở đâu,mã cán bộ,họ và tên,từ ngày\n"


def test_mended_lines_stand_in_their_places_and_every_other_line_keeps_its_number() -> None:
    content = back(HEAD + "7,,CB4,Phạm,2026-01-01\n4,31/02 …,CB2,=Lê,2026-02-28\n")
    assert content == (
        "mã cán bộ,họ và tên,từ ngày\n"
        "CB1,Nguyễn Văn An,2026-01-01\n"
        "\n"
        "CB2,'=Lê,2026-02-28\n"
        "CB3,Trần Thị,2026-01-01\n"
        "\n"
        "CB4,Phạm,2026-01-01\n"
    )
    rows = list(TABLE.read(io.BytesIO(content.encode()), faults := Faults()))
    assert ([(row.line, row["name"]) for row in rows], bool(faults)) == (
        [(2, "Nguyễn Văn An"), (4, "=Lê"), (5, "Trần Thị"), (7, "Phạm")],
        False,
    )


def test_a_line_that_is_emptied_is_left_out() -> None:
    rows = TABLE.read(io.BytesIO(back(HEAD + "4,,,,\n7,,CB4,,2026-01-01\n").encode()), Faults())
    assert [row.line for row in rows] == [2, 5, 7]


def test_columns_may_change_their_order_and_what_was_wrong_may_go() -> None:
    content = back("từ ngày,Dòng,họ và tên,mã cán bộ\n2026-02-28,4,Lê,CB2\n2026-01-01,7,Phạm,CB4\n")
    assert "CB2,Lê,2026-02-28\n" in content


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (HEAD + "4,,CB2,Lê,2026-02-28\n", [(None, None)]),
        (HEAD + "4,,CB2,,2026-02-28\n7,,,,\n4,,CB2,,2026-02-28\n", [(4, "dòng")]),
        (HEAD + "4,,CB2,,2026-02-28\n7,,,,\n2,,CB1,,2026-02-28\n", [(4, "dòng")]),
        (HEAD + "4,,CB2,,2026-02-28\n7,,,,\n,,CB1,,2026-02-28\n", [(4, "dòng")]),
        ("mã cán bộ,họ và tên,từ ngày\nCB2,Lê,2026-02-28\n", [(1, "dòng")]),
        (HEAD.replace("họ và tên", "tên"), [(1, "họ và tên"), (1, "tên")]),
    ],
    ids=["missing", "twice", "sound line", "no number", "another file", "another column"],
)
def test_what_does_not_fit_is_told_and_nothing_is_put_back(rows: str, faults: list) -> None:
    assert refused(rows) == faults


def test_it_goes_out_and_comes_back_as_a_workbook_and_as_csv() -> None:
    lines = given()
    assert lines is not None
    book = io.BytesIO()
    write_xlsx(book, lines.header, lines.rows)
    book.seek(0)
    assert CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()[1][:1] == [4]
    for file in (book, io.BytesIO("".join(csv_lines(lines.header, lines.rows)).encode())):
        content = put_back(TABLE, io.BytesIO(FILE.encode()), file, lines.lines, Faults())
        assert told(content.decode()).count == told(FILE).count
