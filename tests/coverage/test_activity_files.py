"""Activity logs as files: what they do, what is refused, and what their sender sees first."""

import io
import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from lms.coverage import services
from lms.coverage.models import Activity
from lms.roster.enums import Role
from lms.roster.models import Person, Unit, Upload
from tests.factories import roster as make

from .test_activities import browser, held, officer, units  # noqa: F401

pytestmark = pytest.mark.django_db
HEADER = "unit,kind,day,title,place,participants,reference,status\n"
LOG = (
    "mã đơn vị,loại hoạt động,ngày tổ chức,tên hoạt động,địa điểm,số người tham gia\n"
    "X1,phòng ngừa tại trường học,02/03/2026,Nói chuyện với học sinh lớp 9,Trường THCS,120\n"
    "X2,phong_ngua_truong_hoc,2026-03-03,Hội thi,,80\n"
)


@pytest.fixture
def say(tmp_path: Path):
    """Run the command over this text; give its JSON back, or the faults."""

    def run(text: str, **options: Any) -> Any:
        file = tmp_path / "log.csv"
        file.write_text(text)
        out = StringIO()
        try:
            call_command("import_activities", str(file), json=True, stdout=out, stderr=StringIO(), **options)
        except SystemExit as end:
            assert end.code == 1
        return json.loads(out.getvalue())

    return run


def faults(answer: dict) -> list[tuple]:
    return [(f["line"], f["column"]) for f in answer["faults"]]


def rows() -> list[tuple]:
    found = Activity.objects.current().order_by("unit__code")
    return [(row.unit.code, row.kind, row.day, row.participants, row.status) for row in found]


# The command -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("units")
def test_a_log_is_added_once_and_waits_for_a_second_person(say) -> None:
    assert say(LOG, dry_run=True)["created"] == 2
    assert rows() == []
    assert say(LOG)["created"] == 2
    again = say(LOG)
    assert (again["created"], again["corrected"], again["unchanged"]) == (0, 0, 2)
    assert rows() == [
        ("X1", "phong_ngua_truong_hoc", date(2026, 3, 2), 120, "declared"),
        ("X2", "phong_ngua_truong_hoc", date(2026, 3, 3), 80, "declared"),
    ]


def test_what_is_restated_otherwise_waits_again_and_the_old_belief_stays(say, units) -> None:  # noqa: F811
    held(units["X1"], place="Nhà văn hóa", reference="KH 7")
    answer = say(LOG.replace("Trường THCS,120", ",95"))
    assert (answer["created"], answer["corrected"]) == (1, 1)
    row = Activity.objects.current().get(unit=units["X1"])
    assert (row.participants, row.status, row.decided_by) == (95, "declared", None)
    assert (row.place, row.reference, len(row.proof_hashes)) == ("Nhà văn hóa", "KH 7", 1)
    beliefs = Activity.objects.filter(chain=row.chain).order_by("pk")
    assert list(beliefs.values_list("participants", flat=True)) == [120, 120, 95]


def test_what_was_decided_stays_decided_where_the_file_says_nothing_new(say, units) -> None:  # noqa: F811
    row = held(units["X1"])
    services.revoke_activity(
        activity=row, on=date(2026, 3, 9), by="operator", today=date(2026, 3, 9), reason="Trùng"
    )
    assert say(LOG.splitlines()[0] + "\n" + LOG.splitlines()[1] + "\n")["unchanged"] == 1
    assert Activity.objects.current().get().revoked_on == date(2026, 3, 9)


def test_a_log_with_faults_is_refused_whole_and_every_fault_is_told(say, units) -> None:  # noqa: F811
    tomorrow = (timezone.localdate() + timedelta(1)).isoformat()
    make.unit("X9", units["P"], since=date(2026, 6, 1))
    lines = [
        "Z9,phong_ngua_truong_hoc,2026-03-02,A,,5,,",
        "X1,hoi_hop,2026-03-02,A,,5,,",
        "X1,phong_ngua_truong_hoc,31/02/2026,A,,5,,",
        f"X1,phong_ngua_truong_hoc,{tomorrow},A,,5,,",
        "X1,phong_ngua_truong_hoc,2026-03-02,A,,năm mươi,,",
        "X1,phong_ngua_truong_hoc,2026-03-02,A,,-1,,",
        "X1,phong_ngua_truong_hoc,2026-03-02,,,5,,",
        "X1,phong_ngua_truong_hoc,2026-03-02,A,,5,,rejected",
        "X9,phong_ngua_truong_hoc,2026-03-02,A,,5,,",
        "X2,phong_ngua_truong_hoc,2026-03-02,A,,5,,",
        "X2,phong_ngua_truong_hoc,2026-03-02,A,,6,,",
    ]
    answer = say(HEADER + "\n".join(lines))
    assert sorted(faults(answer)) == [
        (2, "unit"), (3, "kind"), (4, "day"), (5, "day"), (6, "participants"), (7, "participants"),
        (8, "title"), (9, "status"), (10, "day"), (12, "title"),
    ]  # fmt: skip
    assert rows() == []


def test_a_person_names_only_units_of_theirs_and_approves_only_with_the_right(say, units) -> None:  # noqa: F811
    officer("C", units["X1"])
    make.role(make.person("QT"), units["P"], Role.AUDITOR)
    assert faults(say(LOG, by="C")) == [(3, "unit")]
    one = HEADER + "X1,phong_ngua_truong_hoc,2026-03-02,A,,5,,{}\n"
    assert faults(say(one.format("declared"), by="QT")) == [(2, "unit")]
    assert say(one.format("declared"), by="C")["created"] == 1
    assert faults(say(one.format("approved"), by="C")) == [(2, "status")]  # recorded by the same person
    officer("D", units["P"])
    assert say(one.format("approved"), by="D")["corrected"] == 1
    row = Activity.objects.current().get()
    assert (row.status, row.declared_by.code, row.decided_by.code) == ("approved", "C", "D")


# The pages ---------------------------------------------------------------------------------------


def sent(client, content: bytes, name: str = "nhat-ky.csv") -> str:
    answer = client.post("/desk/activities/upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_sender_sees_what_changes_and_then_writes_it(units) -> None:  # noqa: F811
    held(units["X1"])
    client = browser(officer("P1", units["P"]))
    address = sent(client, LOG.replace("120", "125").encode())
    page = client.get(address)
    assert [(row.unit, row.change.before, row.change.participants) for row in page.context["rows"]] == [
        ("Xã X1", 120, 125),
        ("Xã X2", None, 80),
    ]
    assert Activity.objects.current().filter(participants=125).count() == 0
    assert client.post(address, {"act": "apply"})["Location"] == "/desk/activities/"
    assert [row[-2:] for row in rows()] == [(125, "declared"), (80, "declared")]
    assert client.get(address).status_code == 404
    assert Upload.objects.count() == 0


def test_a_workbook_is_read_too_and_a_file_thrown_away_changes_nothing(units) -> None:  # noqa: F811
    book = Workbook()
    for line in ["unit,kind,day,title,participants", "X1,phong_ngua_truong_hoc,2026-03-02,Hội thi,44"]:
        book.active.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    client = browser(officer("P1", units["P"]))
    address = sent(client, content.getvalue(), "nhat-ky.xlsx")
    assert client.get(address).context["outcome"].created == 1
    client.post(address, {"act": "discard"})
    assert (rows(), Upload.objects.count()) == ([], 0)


def test_a_foreign_unit_is_a_fault_like_an_unknown_one_and_nothing_is_written(units) -> None:  # noqa: F811
    client = browser(officer("C", units["X1"]))
    address = sent(client, (LOG + "Z9,phong_ngua_truong_hoc,2026-03-03,Hội thi,,80\n").encode())
    told = client.get(address).context["fault_rows"]
    assert [(line, column, words.replace("Z9", "X2")) for line, column, words in told] == [
        (3, "mã đơn vị", told[0][2]),
        (4, "mã đơn vị", told[0][2]),
    ]
    assert client.post(address, {"act": "apply"}).status_code == 302
    assert rows() == []


def test_an_unknown_kind_is_answered_with_the_names_of_those_there_are(units) -> None:  # noqa: F811
    client = browser(officer("P1", units["P"]))
    address = sent(client, (HEADER + "X1,họp,2026-03-02,A,,5,,\n").encode())
    ((_line, _column, words),) = client.get(address).context["fault_rows"]
    assert "“họp”" in words
    assert "phòng ngừa tại trường học; phòng ngừa tại nơi làm việc" in words


def test_nobody_approves_by_the_file_they_send(units) -> None:  # noqa: F811
    client = browser(officer("P1", units["P"]))
    address = sent(client, (HEADER + "X1,phong_ngua_truong_hoc,2026-03-02,A,,5,,approved\n").encode())
    assert [row[:2] for row in client.get(address).context["fault_rows"]] == [(2, "trạng thái")]


def test_a_file_is_its_sender_s_alone(units) -> None:  # noqa: F811
    address = sent(browser(officer("P1", units["P"])), LOG.encode())
    other = browser(officer("P2", units["P"]))
    assert other.get(address).status_code == 404
    assert other.post(address, {"act": "apply"}).status_code == 404
    kept = Upload.objects.get()
    manager = browser(officer("P3", units["P"], Role.UNIT_MANAGER))
    Upload.objects.update(uploaded_by=Person.objects.get(code="P3"))
    assert manager.get(f"/desk/roster/upload/{kept.public_id}/").status_code == 404


def test_the_empty_file_is_one_that_can_be_sent(units) -> None:  # noqa: F811
    client = browser(officer("P1", units["P"]))
    form = client.get("/desk/activities/upload/form.csv").content
    line = "X1,phong_ngua_truong_hoc,02/03/2026,Hội thi,,44,\n"
    assert client.get(sent(client, form + line.encode())).context["outcome"].created == 1


def test_the_preview_costs_the_same_for_one_line_and_for_three(units) -> None:  # noqa: F811
    client = browser(officer("P1", units["P"]))

    def asked(count: int) -> int:
        lines = [f"X{n},phong_ngua_truong_hoc,2026-03-0{n},Hội thi,,5,,\n" for n in range(1, count + 1)]
        address = sent(client, (HEADER + "".join(lines)).encode())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    asked(1)
    assert asked(1) == asked(3)
    assert Unit.objects.count() == 6
