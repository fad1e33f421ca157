"""Cases D of docs/abuse: what somebody might do to a report so that it tells more than is true."""

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from lms.coverage.models import Contest, Evidence, Target
from lms.coverage.queries import annex_of, evidence_lines
from lms.kernel.models import LedgerEntry
from lms.kernel.services import correct_fact, record_fact
from lms.reports import services
from lms.reports.checking import checked
from lms.reports.errors import AlreadyClosed, DayToCome, NotNow
from lms.reports.models import ClosedReport, Period
from lms.reports.queries import exported, report_by_id
from lms.reports.writing import figures_of, letter_of
from lms.roster.models import Person, PersonMerge
from tests.factories import roster as make

from .conftest import DAY, TODAY, prepare, report_of, send, trained

pytestmark = pytest.mark.django_db


def browse(client: Client, who: Person) -> None:
    who.user = get_user_model().objects.create_user(who.code)
    who.save()
    client.force_login(who.user)


def notes(report: object) -> list[str]:
    (annex,) = letter_of(report).annexes  # type: ignore[arg-type]
    return list(annex.notes)


def test_d01_a_report_that_was_sent_stays_and_its_correction_names_the_old_hash(province, period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    closed = sent.figures.get().closed
    before = exported(report_by_id(closed.pk))["data"]
    trained(province.people[4])
    assert exported(report_by_id(closed.pk))["data"] == before
    asked = services.propose_restatement(
        report=closed, reason="Nộp muộn", by=province.signers[0], today=TODAY
    )
    restated = services.approve_restatement(restatement=asked, by=province.officer, today=TODAY)
    assert restated.document.content["restates"]["replaces"] == closed.sha256
    assert (restated.number, exported(report_by_id(closed.pk))["data"]) == (2, before)


def test_d02_who_left_the_population_before_the_cut_is_told_with_how_many_there_were(
    province, period
) -> None:
    make.posting(make.person("MOI"), province.communes[0], "TTCN", since=date(2026, 3, 1))
    leaver = province.people[3].postings.get()
    correct_fact(leaver, {"until": date(2026, 6, 1)}, by="operator")
    sent = send(period, "X1", province.managers[0], province.signers[0])
    told = "Cán bộ thuộc diện: ngày 01/01/2026 có 5 người; trong kỳ thêm 1, giảm 1; khi chốt có 5 người."
    assert notes(sent)[0] == told


@pytest.fixture
def excused(province: SimpleNamespace) -> SimpleNamespace:
    """One of five is away for a reason that takes a person out."""
    changed = {"excluded_reasons": ["thai_san"], "public_id": uuid4()}
    correct_fact(Target.objects.get(), changed, by="operator")
    make.absence(province.people[3], since=date(2026, 5, 1))
    return province


def test_d02_more_than_two_per_cent_left_out_is_said_by_the_report_itself(excused, period) -> None:
    sent = send(period, "X1", excused.managers[0], excused.signers[0])
    assert any(note.startswith("Lưu ý: số người tạm vắng không tính chiếm hơn 2 %") for note in notes(sent))


def test_d03_one_human_being_under_two_codes_is_counted_once(province, period) -> None:
    name = unicodedata.normalize("NFD", "Nguyễn Văn 1")
    double = make.person("CB1B", name)
    make.posting(double, province.communes[0], "TTCN")
    record_fact(PersonMerge(person=double, same_as=province.people[0]), by="operator")
    (figure,) = figures_of(report_of(period, "P"))
    assert figure.content["figures"]["required"] == 6


def told_at(moment: str, *rows: Evidence) -> None:
    """As if these had been told to the ledger then."""
    told = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    LedgerEntry.objects.filter(number__in=[row.recorded for row in rows]).update(time=told)


def test_d04_a_completion_dated_back_is_marked_and_counted_apart(province, period) -> None:
    first, second, *others = Evidence.objects.order_by("recorded")
    told_at("2026-05-02T16:59:00", first)  # 23:59 of the day after, in Việt Nam
    told_at("2026-05-02T17:00:00", second)
    told_at("2026-05-01T08:00:00", *others)
    sent = send(period, "X1", province.managers[0], province.signers[0])
    (annex,) = letter_of(sent).annexes
    assert (annex.total.trained, annex.total.late, annex.lines[0].note) == (4, 1, "Chưa đạt; 1 ghi muộn")
    assert annex.notes[2] == (
        "Ghi muộn: trong 4 người đã được tập huấn có 1 người được tính chỉ nhờ kết quả ghi vào hệ thống "
        "khi đã qua ngày hoàn thành hơn một ngày."
    )
    lines = evidence_lines([one.person_id for one in (first, second)], ["B5"], DAY)
    assert [lines[one.person_id][0].told_late_on for one in (first, second)] == [None, date(2026, 5, 3)]


def test_d04_an_approval_does_not_make_it_late_and_a_day_moved_back_does(province, period) -> None:
    row = trained(province.people[4], date(2026, 6, 1), status="declared")
    told_at("2026-06-01T08:00:00", row, *Evidence.objects.exclude(pk=row.pk))
    approved = correct_fact(row, {"status": "approved"}, by="operator")
    told_at("2026-06-10T08:00:00", approved)
    whole = annex_of("T1", "X1", DAY).whole
    assert (whole.trained, whole.late) == (5, 4)  # the four of May were told a month after
    moved = correct_fact(approved, {"completed_on": date(2026, 5, 20)}, by="operator")
    told_at("2026-06-11T08:00:00", moved)
    assert annex_of("T1", "X1", DAY).whole.late == 5


def test_d04_who_is_trained_without_what_was_told_late_is_not_counted_apart(province, period) -> None:
    told_at("2026-05-01T08:00:00", *Evidence.objects.all())
    late = trained(province.people[0], date(2026, 2, 1), reference="QĐ-1")
    told_at("2026-06-01T08:00:00", late)
    assert annex_of("T1", "X1", DAY).whole.late == 0


def test_d06_a_row_changed_in_sql_is_named_by_whoever_checks_the_file(province, period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    services.write_files(report=sent)
    book = bytes(sent.files.get(format="xlsx").content)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE coverage_evidence SET completed_on = '2025-12-31'")
    verdict = checked(book)
    assert verdict is not None
    assert "T1: figures.trained: 4 → 0" in verdict.differences


@pytest.mark.parametrize(("zone", "locale"), [("Asia/Ho_Chi_Minh", "vi_VN.UTF-8"), ("America/Caracas", "C")])
def test_d07_the_sum_of_a_report_is_the_same_in_every_zone_and_locale(province, period, zone, locale) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    closed = sent.figures.get().closed
    program = "import json, sys; from lms.reports.closing import digest; print(digest(json.load(sys.stdin)))"
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(closed.document.content),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"},
    )
    assert elsewhere.stdout.strip() == closed.sha256


def test_d09_the_version_for_the_public_leaves_out_small_numbers_and_what_would_give_them_away(
    client, province, period
) -> None:
    browse(client, province.officer)
    whole = send(period, "P", province.officer, province.second)
    page = client.get(f"/desk/reports/{whole.public_id}/public/").content.decode()
    cells = re.findall(r'<td class="number">([^<]*)</td>', page)
    assert cells == ["···"] * 8 + ["6", "···", "···", "···"]  # 5 and 2 officers, one of them in both
    book = client.get(f"/desk/reports/{whole.public_id}/public/file.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[2:] for row in rows[1:]] == [["", "", "", ""], ["", "", "", ""], [6, "", "", ""]]


def test_d09_a_single_unit_has_no_version_for_the_public_beside_that_of_the_whole(
    client, province, period
) -> None:
    browse(client, province.officer)
    one = send(period, "X1", province.managers[0], province.signers[0])
    assert client.get(f"/desk/reports/{one.public_id}/").status_code == 200
    assert client.get(f"/desk/reports/{one.public_id}/public/").status_code == 404
    assert client.get(f"/desk/reports/{report_of(period, 'P').public_id}/public/").status_code == 404


def test_d10_every_report_carries_the_root_and_the_size_of_the_ledger(province, period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    (seal,) = letter_of(sent).seals
    closed = sent.figures.get().closed
    assert (seal.ledger, seal.sha256, len(seal.root)) == (closed.known_at, closed.sha256, 64)


# Bad input


def test_an_open_contest_is_printed_in_the_report_and_stays_there(province, period) -> None:
    row = Contest(
        person=province.people[0],
        unit=province.communes[0],
        about="missing",
        words="Thiếu lớp tháng 5",
        opened_on=DAY,
        due=date(2026, 6, 16),
    )
    record_fact(row, by=province.people[0])
    sent = send(period, "X1", province.managers[0], province.signers[0])
    told = "Khi chốt số liệu, còn 1 đề nghị xem xét lại hồ sơ chưa được trả lời."
    assert told in notes(sent)
    answered = {"status": "confirmed", "answered_on": TODAY, "answered_by": province.managers[0]}
    correct_fact(row, answered, by=province.managers[0])
    assert told in notes(sent)
    assert any("1 đề nghị xem xét lại hồ sơ" in block.text for block in letter_of(sent).body)


def test_a_unit_that_never_reports_is_named_and_its_people_are_counted(province, period) -> None:
    whole = send(period, "P", province.officer, province.second)
    assert whole.figures.get().closed.document.content["figures"]["required"] == 6
    words = [block.text for block in letter_of(whole).body]
    assert any("2 đơn vị chưa gửi báo cáo: Phường X1 và Phường X2." in text for text in words)


def test_a_figure_is_closed_once_however_often_it_is_asked(province: SimpleNamespace, period: Period) -> None:
    ready = prepare(report_of(period, "X1"), province.managers[0])
    services.sign_report(report=ready, version=ready.version, by=province.signers[0], today=TODAY)
    with pytest.raises(NotNow):
        services.sign_report(report=ready, version=ready.version, by=province.signers[0], today=TODAY)
    with pytest.raises(AlreadyClosed):
        services.close_period(
            target="T1", unit="X1", on=DAY, name=period.name, by=province.signers[0], today=TODAY
        )
    assert ClosedReport.objects.count() == 1


def test_a_day_to_come_is_not_closed(province: SimpleNamespace) -> None:
    asked = {"target": "T1", "unit": "X1", "name": "06 tháng", "by": province.signers[0], "today": TODAY}
    with pytest.raises(DayToCome):
        services.close_period(on=TODAY + timedelta(days=1), **asked)
    assert services.close_period(on=TODAY, **asked).number == ClosedReport.objects.count() == 1


# Cost


def test_a_sent_report_is_read_again_without_computing_its_table(
    province, period, django_assert_max_num_queries
) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    first = figures_of(sent)
    with django_assert_max_num_queries(9):
        assert figures_of(sent) == first
