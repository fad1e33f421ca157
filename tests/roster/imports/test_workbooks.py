"""Every kind of file may be a workbook: the same lines give the same register as their CSV."""

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import call_command

from content.models import Course
from lms.coverage.models import Evidence
from lms.roster.models import Absence, Posting, UnitSpan
from tests.factories import roster as make

pytestmark = pytest.mark.django_db

FILES = {
    "import_units": (
        "mã đơn vị,tên đơn vị,loại,đơn vị cấp trên,từ ngày,đến ngày,quyết định\n"
        "31,Thành phố Hải Phòng,cấp tỉnh,,01/01/2020,,\n"
        "11,Phường Kiến An,cấp xã,31,01/07/2025,01/07/2026,1685/NQ-UBTVQH15\n"
    ),
    "import_roster": (
        "mã cán bộ,họ và tên,ngày sinh,số CCCD,điện thoại,mã đơn vị,chức vụ,nhóm đối tượng,từ ngày\n"
        "CB1,Nguyễn Văn An,14/06/1980,031080000001,0912345678,P,Công chức,TTCN;YT,01/01/2020\n"
        "CB2,Trần Thị Bình,,,,P,,TTCN,01/02/2020\n"
    ),
    "import_absences": (
        "mã cán bộ,lý do,từ ngày,đến ngày,quyết định\nCB0,thai_san,01/03/2026,01/09/2026,12/QĐ\n"
    ),
    "import_courses": "mã khóa học,tên khóa học,trình độ,số giờ\nX1,Lớp ở tỉnh,cơ bản,1.5\n",
    "import_evidence": (
        "mã cán bộ,mã khóa học,nguồn,ngày hoàn thành,số giờ,điểm,kết quả,số tham chiếu,trạng thái\n"
        "CB0,B5,tại lớp,14/03/2026,8,8.5,đạt,QĐ-7,đã duyệt\n"
    ),
}


def recorded() -> dict[str, list[tuple]]:
    """Everything that these files state, without keys and numbers."""
    return {
        "units": list(
            UnitSpan.objects.current()
            .order_by("unit__code", "since")
            .values_list("unit__code", "name", "kind", "parent__code", "since", "until", "decision")
        ),
        "postings": list(
            Posting.objects.current()
            .order_by("person__code")
            .values_list(
                "person__code", "unit__code", "title", "audience_mask", "since", "until",
                "person__records__full_name", "person__records__birth_date", "person__records__phone",
            )
        ),
        "absences": list(Absence.objects.current().values_list("person__code", "reason", "since", "until")),
        "courses": list(Course.objects.order_by("code").values_list("code", "title", "level", "hours")),
        "evidence": list(
            Evidence.objects.current().values_list(
                "person__code", "course__code", "source", "completed_on", "hours", "score", "outcome",
                "reference", "status",
            )
        ),
    }  # fmt: skip


def as_workbook(text: str, path: Path) -> None:
    """As Excel keeps it: days are days, and a number that no zero leads is a number."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        dated = book.add_format({"num_format": "dd/mm/yyyy"})
        for y, row in enumerate(csv.reader(StringIO(text))):
            for x, cell in enumerate(row):
                if cell.count("/") == 2 and y:
                    sheet.write_datetime(y, x, datetime.strptime(cell, "%d/%m/%Y"), dated)
                elif cell.replace(".", "").isdigit() and not cell.startswith("0"):
                    sheet.write_number(y, x, float(cell))
                elif cell:
                    sheet.write_string(y, x, cell)


def say(command: str, path: Path) -> dict[str, int]:
    out = StringIO()
    call_command(command, str(path), "--json", stdout=out, stderr=StringIO())
    figures: dict[str, int] = json.loads(out.getvalue())
    return figures


@pytest.fixture
def register() -> None:
    make.posting(make.person("CB0"), make.unit("P", kind="province"), "TTCN")
    Course.objects.create(code="B5", title="B5", level="nang_cao", hours=Decimal(8))


@pytest.mark.parametrize("command", FILES)
@pytest.mark.usefixtures("register")
def test_a_workbook_says_what_its_csv_says(command: str, tmp_path: Path) -> None:
    table, workbook = tmp_path / "file.csv", tmp_path / "file.xlsx"
    table.write_text(FILES[command])
    as_workbook(FILES[command], workbook)
    before = recorded()
    figures = say(command, workbook)
    lines = FILES[command].count("\n") - 1
    assert (figures["unchanged"], figures["created"] >= lines, recorded() != before) == (0, True, True)
    after = recorded()
    again = say(command, table)
    assert (again["created"], again["corrected"], again["ledger"]) == (0, 0, figures["ledger"])
    assert recorded() == after


def test_days_and_zeros_of_a_workbook_arrive_as_they_look(register: None, tmp_path: Path) -> None:
    workbook = tmp_path / "file.xlsx"
    as_workbook(FILES["import_roster"], workbook)
    say("import_roster", workbook)
    post = Posting.objects.current().get(person__code="CB1")
    about = post.person.records.current().get()
    assert (post.since, about.birth_date, about.phone) == (date(2020, 1, 1), date(1980, 6, 14), "0912345678")
