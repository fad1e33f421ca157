import datetime as dt
import io
import unicodedata
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from lms.kernel.cells import codes, day, decimal, one_of, text, whole
from lms.kernel.faults import Faults, FileRefused
from lms.kernel.tables import Column, Table
from lms.kernel.writers import csv_lines, write_xlsx

POSTINGS = Table(
    Column("person", "mã cán bộ", text(longest=10), required=True),
    Column("full_name", "họ và tên"),
    Column("audiences", "nhóm đối tượng", codes(), default=()),
    Column("since", "từ ngày", day, required=True),
    Column("until", "đến ngày", day),
)


def read(content, table=POSTINGS, **options):
    """The rows of a CSV (text or bytes), and the faults as they are told."""
    faults = Faults()
    raw = content if isinstance(content, bytes) else content.encode()
    try:
        rows = [dict(row) for row in table.read(io.BytesIO(raw), faults, **options)]
        faults.check()
    except FileRefused as refusal:
        return str(refusal).split("\n")
    return rows


def workbook(rows, **options):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        dated = book.add_format({"num_format": "dd/mm/yyyy"})
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(y, x, cell, dated)
                elif cell is not None:
                    sheet.write(y, x, cell)
    return file.getvalue()


AN = {
    "person": "CB1",
    "full_name": "Nguyễn Văn An",
    "audiences": ("QLNN", "LD"),
    "since": dt.date(2026, 6, 14),
    "until": None,
}


@pytest.mark.parametrize(
    "file",
    [
        "person,full_name,audiences,since,until\nCB1,Nguyễn Văn An,QLNN;LD,2026-06-14,\n",
        "\ufeffperson,full_name,audiences,since,until\r\nCB1,Nguyễn Văn An,QLNN;LD,14/06/2026,\r\n",
        "mã cán bộ,Họ và tên,NHÓM ĐỐI TƯỢNG,tu ngay,đến ngày\nCB1,Nguyễn Văn An,QLNN;LD,2026-06-14,\n",
        "until,since,audiences,full_name,person\n,2026-06-14,QLNN ; LD;,Nguyễn Văn An,CB1",
        'person;full_name;audiences;since;until\nCB1;Nguyễn Văn An;"QLNN;LD";2026-06-14;\n',
        unicodedata.normalize(
            "NFD", "person,full_name,audiences,since\n CB1\u200b,Nguyễn\u00a0Văn  An,QLNN;LD;LD,2026-06-14"
        ),
        "\n\nperson,full_name,audiences,since,until,,\n,,,,\nCB1,Nguyễn Văn An,QLNN;LD,2026-06-14,,,\n\n",
    ],
    ids=[
        "plain",
        "BOM and local dates",
        "Vietnamese header",
        "other order",
        "semicolons",
        "NFD",
        "blank lines",
    ],
)
def test_a_csv_file_is_read_however_it_is_written(file):
    assert read(file) == [AN]


def test_a_row_knows_the_line_where_it_begins():
    file = b'person,full_name,since\nCB1,"two\nlines",2026-01-01\n\nCB2,x,2026-01-01\n'
    assert [(row.line, row["full_name"]) for row in POSTINGS.read(io.BytesIO(file), Faults())] == [
        (2, "two lines"),
        (5, "x"),
    ]


def test_every_fault_is_told_with_line_column_and_reason_at_once():
    assert read(
        "person,full_name,since,đến ngày\n"
        ",An,2026-06-14,\n"
        "CB2,Bình,2026-02-30,14-06-2026\n"
        "CB3,Chi,2026-06-14\n"
        "CB4,Dung,2026-06-14,,x\n"
        "CB5,Em,1026-06-14,\n"
        "CB678901234,Giang,2026-06-14,\n"
    ) == [
        "line 2, column person: is empty",
        "line 3, column since: “2026-02-30” is not a day of the calendar",
        "line 3, column đến ngày: “14-06-2026” is not a date; write 2026-06-14 or 14/06/2026",
        "line 4: 3 cells where the header has 4",
        "line 5: 5 cells where the header has 4",
        "line 6, column since: “1026-06-14” is not between the years 1900 and 2199",
        "line 7, column person: longer than 10 characters (11)",
    ]


def test_a_wrong_header_names_every_unknown_missing_and_doubled_column():
    assert read("person,tuổi,person,mã cán bộ,,x\n") == [
        "line 1, column tuổi: unknown column",
        "line 1, column person: the column is there twice",
        "line 1, column mã cán bộ: the column is there twice",
        "line 1: cell 5 of the header is empty",
        "line 1, column x: unknown column",
        "line 1, column since: the column is missing",
    ]


def test_the_first_thousand_faults_are_told_and_the_rest_counted():
    lines = read("person,since\n" + "CB,never\n" * 1003)
    assert (len(lines), lines[-1]) == (1001, "… and 3 more faults")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n", "The file is empty."),
        (b"person,since\n", "The file has a header and no rows."),
        (
            "person,since\n".encode("utf-16"),
            "The file is written in UTF-16. Save it as CSV UTF-8 or as .xlsx.",
        ),
        (
            "person,since\n".encode("utf-16-le"),
            "The file is written in UTF-16. Save it as CSV UTF-8 or as .xlsx.",
        ),
        (
            "person,full_name\nCB1,Nguyê\u0303n Va\u0306n A\u0301nh\n".replace("a\u0306", "ă").encode(
                "cp1258"
            ),
            "The file is written in Windows-1258. Save it as CSV UTF-8 or as .xlsx.",
        ),
        (
            "person,full_name\nCB1,NguyÔn V¨n ¸nh\n".encode("latin-1"),
            "The text is written in TCVN3 (fonts .VnTime). Convert it to Unicode first, and save it again.",
        ),
        (
            "person,full_name\nCB1,NguyÔn V¨n ¸nh\n".encode(),
            "The text is written in TCVN3 (fonts .VnTime). Convert it to Unicode first, and save it again.",
        ),
        (
            "person,full_name\nCB1,Nguyeãn Vaên AÙnh\n".encode("latin-1"),
            "The text is written in VNI (fonts VNI-Times). Convert it to Unicode first, and save it again.",
        ),
        (
            "person,full_name\nCB1,Nguyeãn Vaên AÙnh\n".encode(),
            "The text is written in VNI (fonts VNI-Times). Convert it to Unicode first, and save it again.",
        ),
        (
            "person,full_name\nCB1,Nguyễn Văn Ánh\n".encode().decode("cp1252", "replace").encode(),
            "The Vietnamese letters were broken when the file was saved. Save it again from the original.",
        ),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "The file is not text in UTF-8. Save it as CSV UTF-8 or as .xlsx."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "The file is protected by a password. Save it without one.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "This is an old Excel file (.xls). Save it as .xlsx or as CSV UTF-8.",
        ),
        (b"PK\x03\x04 and nothing more", "The archive is broken."),
    ],
)
def test_a_file_that_cannot_be_believed_is_refused_with_a_sentence(file, sentence):  # E7
    table = Table(Column("person"), Column("full_name"), Column("since"))
    assert read(file, table) == [sentence]


def test_names_of_minorities_and_foreigners_are_not_taken_for_a_wrong_encoding():
    names = ["Y Blô Êban", "H'Mông Krông Pắk", "Jürgen Müller", "Señor Núñez", "Ångström", "Đặng Thị Hoà"]
    table = Table(Column("full_name"))
    assert [row["full_name"] for row in read("full_name\n" + "\n".join(names), table)] == names


def test_quotation_marks_that_are_not_right_are_told_with_their_line():
    assert read('person,full_name,since\nCB1,"An" x,2026-01-01\nCB2,"An,2026-01-01\n') == [
        "line 2: the quotation marks are not right",
        "line 3: the quotation marks are not right",
    ]


def test_a_file_with_too_many_rows_is_refused_without_reading_the_rest():  # E3
    file = io.BytesIO(b"person,since\n" + b"CB1,2026-01-01\n" * 1_000_000)
    faults = Faults()
    with pytest.raises(FileRefused, match=r"The file has more than 2000 rows\."):
        list(POSTINGS.read(file, faults, most_rows=2000))
    assert file.tell() < 1_000_000


def test_a_file_without_rows_is_read_where_that_is_allowed():
    assert read("person,since\n", may_be_empty=True) == []


# Cells


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (whole(), "12", 12),
        (decimal(), "7,5", Decimal("7.5")),
        (decimal(), "8.50", Decimal("8.5")),
        (one_of({"province": "tỉnh", "commune": "xã"}), "TỈNH", "province"),
        (one_of(["class", "external"]), "class", "class"),
    ],
)
def test_a_cell_is_read_as_its_value(parse, cell, value):
    assert read(f'x\n"{cell}"\n', Table(Column("x", parse=parse))) == [{"x": value}]


@pytest.mark.parametrize(
    ("parse", "cell", "sentence"),
    [
        (whole(most=9), "10", "10 is not between 0 and 9"),
        (whole(), "1_0", "“1_0” is not a whole number"),
        (whole(), "²", "“²” is not a whole number"),
        (decimal(), "7.55", "“7.55” has more than 1 decimals"),
        (decimal(), "NaN", "“NaN” is not a number"),
        (decimal(), "-1", "-1 is not between 0 and 1000000"),
        (one_of(["class", "external"]), "online", "“online” is not one of: class, external"),
        (codes(longest=3), "A;BCDE", "“BCDE” is too long for a code"),
        (day, "1/7/2025", "“1/7/2025” is not a date; write 2026-06-14 or 14/06/2026"),
        (day, "٢٠٢٥-٠١-٠١", "“٢٠٢٥-٠١-٠١” is not a date; write 2026-06-14 or 14/06/2026"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(parse, cell, sentence):
    assert read(f'x\n"{cell}"\n', Table(Column("x", parse=parse))) == [f"line 2, column x: {sentence}"]


# XLSX


def test_a_workbook_is_read_with_its_dates_and_numbers_as_they_look():
    file = workbook(
        [
            ["person", "full_name", "audiences", "since", "until"],
            [12, "Nguyễn Văn An", "QLNN;LD", dt.date(2026, 6, 14), None],
            [None] * 5,
            ["CB2", 1.5, None, "14/06/2026", "2026-07-01"],
        ]
    )
    assert read(file) == [
        AN | {"person": "12"},
        {
            "person": "CB2",
            "full_name": "1.5",
            "audiences": (),
            "since": dt.date(2026, 6, 14),
            "until": dt.date(2026, 7, 1),
        },
    ]


def test_a_fault_in_a_workbook_is_told_with_the_row_of_the_sheet():
    file = workbook([[None], ["person", "since"], ["CB1", "2026-01-01"], ["CB2", "never"]])
    assert read(file) == [
        "line 4, column since: “never” is not a date; write 2026-06-14 or 14/06/2026",
    ]


def test_an_error_of_a_formula_is_a_fault_and_not_an_empty_cell():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["person", "since"])
        sheet.write_row(1, 0, ["CB1", "2026-01-01"])
        sheet.write_formula(2, 0, "=VLOOKUP(1,A:A,1)", None, "#N/A")
        sheet.write(2, 1, "2026-01-01")
    assert read(file.getvalue()) == [
        "line 3, column A: the cell holds an error of a formula instead of a value",
    ]


def with_entry(file, name, content=b"x"):
    """The workbook with one more entry in its archive."""
    out = io.BytesIO(file)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("xl/vbaProject.bin", "The file holds macros. Save it as an ordinary workbook (.xlsx)."),
        ("xl/macrosheets/sheet1.xml", "The file holds macros. Save it as an ordinary workbook (.xlsx)."),
        (
            "xl/externalLinks/externalLink1.xml",
            "The file is linked to other files. Break the links, and save it again.",
        ),
        (
            "xl/connections.xml",
            "The file holds connections to outside data. Remove them, and save it again.",
        ),
        (
            "xl/embeddings/oleObject1.bin",
            "The file holds embedded objects. Remove them, and save it again.",
        ),
        ("../evil", "The entry “../evil” has an unsafe path."),
    ],
)
def test_a_workbook_with_more_than_data_is_refused(entry, sentence):  # E10
    file = workbook([["person", "since"], ["CB1", "2026-01-01"]])
    assert read(with_entry(file, entry)) == [sentence]


def test_a_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    assert read(file.getvalue()) == ["This is neither a CSV file nor an Excel workbook (.xlsx)."]


def test_a_bomb_is_refused_by_its_declared_size_before_it_is_opened():  # E2
    """ABUSE E2"""
    bomb = io.BytesIO(workbook([["person", "since"]]))
    with (
        zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/huge.xml", "w") as entry,
    ):
        for _ in range(21):
            entry.write(bytes(10_000_000))
    assert len(bomb.getvalue()) < 1_000_000
    assert read(bomb.getvalue(), most_rows=1000) == [
        "Unpacked, the archive would take 210 MB; at most 200 MB are taken."
    ]


def test_a_sheet_that_would_fill_the_memory_ends_only_the_process_that_reads_it():  # E2
    """ABUSE E2: one cell at the far corner makes a parser allocate 17 thousand million cells."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "person")
        sheet.write(1_048_575, 16_383, "x")
    assert read(file.getvalue(), most_rows=1000) == ["The file is too large or too unusual to be read."]


def test_an_entry_longer_than_it_declares_is_refused():  # E4
    """ABUSE E4"""
    file = with_entry(workbook([["person", "since"]]), "xl/extra.xml", b"0" * 1000)
    size = (1000).to_bytes(4, "little")
    at = file.rindex(b"PK\x01\x02")
    while file[at + 46 : at + 46 + 12] != b"xl/extra.xml":
        at = file.rindex(b"PK\x01\x02", 0, at)
    assert file[at + 24 : at + 28] == size
    forged = file[: at + 24] + (10).to_bytes(4, "little") + file[at + 28 :]
    assert read(forged) == ["The entry “xl/extra.xml” is broken or not what it declares."]


# Out


FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "''-2", "plain", "it's", "'quoted'"]


def test_formulas_are_text_on_the_way_in_and_inert_on_the_way_out():  # E1
    """ABUSE E1"""
    table = Table(Column("x"))
    assert read("x\n" + "\n".join(FORMULAS[:5]), table) == [{"x": cell} for cell in FORMULAS[:5]]
    out = list(csv_lines(["x"], [[cell] for cell in FORMULAS]))
    assert out == [
        "\ufeffx\r\n",
        "'=cmd|' /C calc'!A0\r\n",
        "'+1\r\n",
        "'-1\r\n",
        "'@SUM(A1)\r\n",
        "'＝1\r\n",
        "''=1\r\n",
        "'''-2\r\n",
        "plain\r\n",
        "it's\r\n",
        "'quoted'\r\n",
    ]


def test_a_csv_file_that_was_written_reads_back_the_same():
    out = "".join(csv_lines(["x"], [[cell] for cell in FORMULAS]))
    assert [row["x"] for row in read(out, Table(Column("x")))] == FORMULAS


def test_a_workbook_that_was_written_reads_back_the_same_and_holds_no_formula():
    file = io.BytesIO()
    rows = [[cell, 7, Decimal("1.5"), dt.date(2026, 6, 14), None] for cell in FORMULAS]
    write_xlsx(file, ["x", "n", "d", "day", "none"], rows)
    table = Table(
        Column("x"), Column("n", parse=whole()), Column("d", parse=decimal()), Column("day", parse=day),
        Column("none"),
    )  # fmt: skip
    assert [list(row.values()) for row in read(file.getvalue(), table)] == rows
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert (b"<f>" in sheet, b"hyperlink" in sheet) == (False, False)
