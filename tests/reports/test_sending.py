"""The way of a report: asked for, prepared, signed, returned, restated, consolidated."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from lms.kernel.models import Job, LedgerEntry
from lms.reports import services
from lms.reports.enums import ReportStatus, SectionKey
from lms.reports.errors import (
    CommentNeeded,
    DatesOutOfOrder,
    DayToCome,
    LetterheadNeeded,
    NoTargetsToReport,
    NotNow,
    NoUnitsToAsk,
    PeriodExists,
)
from lms.reports.models import ClosedReport, Period, UnitReport
from lms.reports.writing import awaited_by, letter_of
from lms.roster.errors import NotPermitted, SecondPersonNeeded

from .conftest import DAY, TODAY, asked, prepare, report_of, send, trained

pytestmark = pytest.mark.django_db


def figures(report: UnitReport) -> list[tuple[int, int, int]]:
    """(number, trained, required) of what a report carries."""
    return [
        (one.closed.number, f["trained"], f["required"])
        for one in report.figures.select_related("closed__document")
        for f in [one.closed.document.content["figures"]]
    ]


# Asking


def test_a_period_asks_each_unit_and_who_asks_for_one_report(period: Period) -> None:
    found = period.reports.order_by("unit__code").values_list("unit__code", "status", "steps__kind")
    assert list(found) == [(code, "open", "opened") for code in ("P", "X1", "X2")]
    assert LedgerEntry.objects.latest("number").type == "reports.period_opened"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"units": []}, NoUnitsToAsk),
        ({"units": ["P"]}, NoUnitsToAsk),
        ({"units": ["X1", "VN"]}, NoUnitsToAsk),
        ({"targets": []}, NoTargetsToReport),
        ({"due": date(2026, 6, 13)}, DatesOutOfOrder),
        ({"since": date(2026, 6, 15)}, DatesOutOfOrder),
    ],
)
def test_a_period_that_asks_nothing_sensible_is_not_opened(province, changes, refusal) -> None:
    with pytest.raises(refusal):
        services.open_period(unit="P", asked=asked(**changes), by=province.officer, today=TODAY)
    assert Period.objects.count() == 0


def test_a_period_is_opened_once_under_its_name(province: SimpleNamespace, period: Period) -> None:
    with pytest.raises(PeriodExists):
        services.open_period(unit="P", asked=asked(), by=province.officer, today=TODAY)


def test_who_manages_a_commune_opens_no_period_for_the_province(province: SimpleNamespace) -> None:
    with pytest.raises(NotPermitted):
        services.open_period(unit="P", asked=asked(), by=province.managers[0], today=TODAY)


# Preparing and signing


def test_a_report_is_prepared_by_one_and_signed_by_another_which_closes_its_figures(province, period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    assert (sent.status, sent.signed_on, figures(sent)) == ("signed", TODAY, [(1, 4, 5)])
    assert LedgerEntry.objects.latest("number").type == "reports.report_signed"
    assert Job.objects.filter(kind="reports.write").count() == 1


def test_nobody_signs_what_they_prepared(province: SimpleNamespace, period: Period) -> None:
    ready = prepare(report_of(period, "X1"), province.signers[0])
    with pytest.raises(SecondPersonNeeded):
        services.sign_report(report=ready, version=ready.version, by=province.signers[0], today=TODAY)
    assert ClosedReport.objects.count() == 0


def test_a_manager_without_the_right_to_sign_prepares_and_does_not_sign(province, period) -> None:
    ready = prepare(report_of(period, "X1"), province.signers[0])
    with pytest.raises(NotPermitted):
        services.sign_report(report=ready, version=ready.version, by=province.managers[0], today=TODAY)


def test_a_report_needs_a_letterhead(province: SimpleNamespace, period: Period) -> None:
    report = report_of(period, "X1")
    with pytest.raises(LetterheadNeeded):
        services.prepare_report(report=report, version=0, by=province.managers[0], today=TODAY)


def test_a_report_is_not_signed_before_its_day(province: SimpleNamespace, period: Period) -> None:
    with pytest.raises(DayToCome):
        send(period, "X1", province.managers[0], province.signers[0], today=date(2026, 6, 13))
    assert (ClosedReport.objects.count(), report_of(period, "X1").status) == (0, "prepared")


def test_of_two_who_sign_at_once_one_does(province: SimpleNamespace, period: Period) -> None:
    ready = prepare(report_of(period, "X1"), province.managers[0])
    services.sign_report(report=ready, version=ready.version, by=province.signers[0], today=TODAY)
    with pytest.raises(NotNow):
        services.sign_report(report=ready, version=ready.version, by=province.officer, today=TODAY)
    assert ClosedReport.objects.count() == 1


def test_the_day_on_which_is_counted_closes_with_lists_that_nobody_confirmed_and_says_so(province, period):
    sent = send(period, "X1", province.managers[0], province.signers[0])
    (annex,) = letter_of(sent).annexes
    assert any("0/1 đơn vị đã xác nhận" in note for note in annex.notes)


def test_words_are_written_while_a_report_is_open_and_not_after(province, period) -> None:
    report = report_of(period, "X1")
    words = {"report": report, "key": SectionKey.PLANS, "by": province.managers[0], "today": TODAY}
    services.write_section(**words, text="Mở thêm hai lớp.")
    assert "Mở thêm hai lớp." in [block.text for block in letter_of(report).body]
    services.write_section(**words, text=" ")
    assert "Mở thêm hai lớp." not in [block.text for block in letter_of(report).body]
    prepare(report, province.managers[0])
    with pytest.raises(NotNow):
        services.write_section(**words, text="Muộn")


def test_a_prepared_report_can_be_taken_back(province: SimpleNamespace, period: Period) -> None:
    ready = prepare(report_of(period, "X1"), province.managers[0])
    back = services.take_back(report=ready, version=ready.version, by=province.managers[0], today=TODAY)
    assert back.status == ReportStatus.OPEN


# Returning


def test_a_returned_report_whose_figures_changed_is_sent_again_as_a_restatement(province, period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    back = services.return_report(
        report=sent,
        version=sent.version,
        comments={"unit:X1": "Thiếu lớp tháng 5", "section:plans": " "},
        by=province.officer,
        today=TODAY,
    )
    said = [(c.line, c.text) for c in back.steps.last().comments.all()]
    assert (back.status, back.signed_on, said) == ("returned", None, [("unit:X1", "Thiếu lớp tháng 5")])
    trained(province.people[4])
    again = send(period, "X1", province.managers[0], province.signers[0])
    assert figures(again) == [(2, 5, 5)]
    restated = ClosedReport.objects.get(number=2)
    assert restated.document.content["restates"]["reason"] == "Thiếu lớp tháng 5"
    assert (restated.closed_by, restated.approved_by) == (province.managers[0], province.signers[0])


def test_a_returned_report_whose_words_alone_changed_keeps_its_figures(province, period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    services.return_report(
        report=sent,
        version=sent.version,
        comments={"section:plans": "Nêu rõ hơn"},
        by=province.officer,
        today=TODAY,
    )
    assert figures(send(period, "X1", province.managers[0], province.signers[0])) == [(1, 4, 5)]


def test_a_return_says_what_to_correct(province: SimpleNamespace, period: Period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    with pytest.raises(CommentNeeded):
        services.return_report(
            report=sent, version=sent.version, comments={}, by=province.officer, today=TODAY
        )


def test_a_unit_does_not_return_its_own_report(province: SimpleNamespace, period: Period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    with pytest.raises(NotPermitted):
        services.return_report(
            report=sent, version=sent.version, comments={"unit:X1": "?"}, by=province.signers[0], today=TODAY
        )


# Stations and consolidation


def test_a_report_goes_through_its_station(province: SimpleNamespace) -> None:
    period = services.open_period(
        unit="P", asked=asked(units=["X1"], station="X2"), by=province.officer, today=TODAY
    )
    sent = send(period, "X1", province.managers[0], province.signers[0])
    on = services.forward_report(report=sent, version=sent.version, by=province.signers[1], today=TODAY)
    assert on.status == ReportStatus.FORWARDED


def test_without_a_station_nothing_is_forwarded(province: SimpleNamespace, period: Period) -> None:
    sent = send(period, "X1", province.managers[0], province.signers[0])
    with pytest.raises(NotNow):
        services.forward_report(report=sent, version=sent.version, by=province.officer, today=TODAY)


def test_the_body_that_asked_consolidates_what_was_sent_and_names_who_did_not(province, period) -> None:
    send(period, "X1", province.managers[0], province.signers[0])
    whole = send(period, "P", province.officer, province.second)
    assert figures(whole) == [(1, 4, 6)]
    assert [report_of(period, code).status for code in ("X1", "X2")] == ["accepted", "open"]
    assert awaited_by(whole) == ["Phường X2"]
    assert any("1 đơn vị chưa gửi báo cáo: Phường X2." in block.text for block in letter_of(whole).body)


def test_a_consolidated_report_is_not_returned(province: SimpleNamespace, period: Period) -> None:
    send(period, "X1", province.managers[0], province.signers[0])
    send(period, "P", province.officer, province.second)
    child = report_of(period, "X1")
    with pytest.raises(NotNow):
        services.return_report(
            report=child,
            version=child.version,
            comments={"unit:X1": "Muộn"},
            by=province.officer,
            today=TODAY,
        )


def test_who_was_reminded_is_seen(province: SimpleNamespace, period: Period) -> None:
    services.remind_unit(report=report_of(period, "X2"), by=province.officer, today=TODAY)
    assert report_of(period, "X2").steps.last().kind == "reminded"
    send(period, "X1", province.managers[0], province.signers[0])
    with pytest.raises(NotNow):
        services.remind_unit(report=report_of(period, "X1"), by=province.officer, today=TODAY)


# Promises of the database


def test_a_report_is_signed_by_a_second_person(province: SimpleNamespace, period: Period) -> None:
    row = UnitReport.objects.filter(period=period, unit__code="X1")
    with pytest.raises(IntegrityError, match="report_is_signed_by_a_second_person"), transaction.atomic():
        row.update(prepared_by=province.officer, signed_by=province.officer)


def test_report_that_was_sent_has_its_day(period: Period) -> None:
    with pytest.raises(IntegrityError, match="report_that_was_sent_has_its_day"), transaction.atomic():
        period.reports.update(status="signed")


def test_unit_reports_once_for_a_period(province: SimpleNamespace, period: Period) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitReport.objects.create(period=period, unit=province.top)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"since": date(2026, 7, 1)}, "period_begins_before_it_is_counted"),
        ({"due": date(2026, 6, 1)}, "period_is_due_after_the_day_that_is_counted"),
        ({"name": ""}, "period_has_a_name"),
    ],
)
def test_a_period_keeps_its_promises(period: Period, fields: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Period.objects.filter(pk=period.pk).update(**fields)


def test_station_is_not_the_body_that_asks(province: SimpleNamespace, period: Period) -> None:
    with pytest.raises(IntegrityError, match="station_is_not_the_body_that_asks"), transaction.atomic():
        Period.objects.filter(pk=period.pk).update(station=province.top)


def test_day_is_the_one_that_was_asked_for(period: Period) -> None:
    assert (period.on, period.opened_on) == (DAY, TODAY)
