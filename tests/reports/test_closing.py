"""Closing a period, going over it again, and restating it."""

import json
import zlib
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from content.models import Course
from lms.coverage import queries
from lms.coverage.models import Evidence, Target
from lms.kernel import verification
from lms.kernel.commitments import canonical
from lms.kernel.facts import FactIsWritten
from lms.kernel.queries import ledger_size
from lms.kernel.services import correct_fact, make_checkpoint, record_fact, withdraw_fact
from lms.reports import services
from lms.reports.errors import AlreadyClosed, AlreadyRestated, NothingChanged, RestatementWaits, UnknownReport
from lms.reports.models import ClosedReport, ReportDocument, Restatement
from lms.reports.queries import exported, report_by_id, reports_listed, verified
from lms.roster.errors import AlreadyDecided, NotPermitted, ReasonNeeded, SecondPersonNeeded
from lms.roster.models import Absence, Person, PersonRecord, Posting, Unit
from lms.roster.services import approve_erasure, end_posting, merge_people, propose_erasure
from tests.factories import roster as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 14)
TODAY = date(2026, 6, 20)


@pytest.fixture
def commune() -> Unit:
    """Four officers: one trained, one absent, one new, one not started; a child unit with one of them."""
    country = make.unit("VN", kind="country")
    commune = make.unit("X1", country)
    course = Course.objects.create(code="B5", title="B5")
    people = [make.person(f"CB{i}") for i in range(1, 5)]
    for person in people[:3]:
        make.posting(person, commune, "TTCN")
    make.posting(people[3], make.unit("F1", commune, kind="facility"), "TTCN", since=date(2026, 6, 1))
    evidence(people[0], course)
    make.absence(people[1], since=date(2026, 1, 1))
    record_fact(target(country), by="operator")
    return commune


def target(unit: Unit, **fields: Any) -> Target:
    return Target(
        **{
            "code": "T1",
            "name": "Trên 80 %",
            "audience_mask": make.mask("TTCN"),
            "unit": unit,
            "courses": ["B5"],
            "excluded_reasons": ["thai_san"],
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 12, 31),
            **fields,
        }
    )


def evidence(person: Person, course: Course, **fields: Any) -> Evidence:
    row = Evidence(
        **{
            "person": person,
            "course": course,
            "source": "class",
            "completed_on": date(2026, 5, 1),
            "outcome": "passed",
            "status": "approved",
            "reference": "QD-7",
            **fields,
        }
    )
    return record_fact(row, by="operator")


def train(code: str, **fields: Any) -> Evidence:
    return evidence(Person.objects.get(code=code), Course.objects.get(code="B5"), **fields)


def close(unit: Unit, *, by: Any = "operator", name: str = "6 tháng 2026") -> ClosedReport:
    return services.close_period(target="T1", unit=unit.code, on=DAY, name=name, by=by, today=TODAY)


def restate(report: ClosedReport, *, by: Any = "operator", approver: Any = "operator") -> ClosedReport:
    proposal = services.propose_restatement(report=report, reason="Nộp muộn", by=by, today=TODAY)
    return services.approve_restatement(restatement=proposal, by=approver, today=TODAY)


def reporting_officer(code: str, unit: Unit) -> Person:
    person = make.person(code)
    make.role(person, unit, "reporting_officer")
    return person


# Closing


def test_a_closed_report_freezes_figures_and_everybody_with_state_and_evidence(commune) -> None:
    report = close(commune)
    content = report.document.content
    assert (
        content["figures"] == queries.coverage_of("T1", "X1", DAY, report.known_at, children=True).as_json()
    )
    number = Evidence.objects.get().recorded
    absent = Absence.objects.get().recorded
    assert content["people"] == [
        {
            "person": "CB1",
            "state": "trained",
            "evidence": [
                {
                    "course": "B5",
                    "source": "class",
                    "outcome": "passed",
                    "completed_on": "2026-05-01",
                    "reference": "QD-7",
                    "number": number,
                }
            ],
        },
        {
            "person": "CB2",
            "state": "excluded",
            "absences": [{"reason": "thai_san", "since": "2026-01-01", "until": None, "number": absent}],
        },
        {"person": "CB3", "state": "not_started"},
        {"person": "CB4", "state": "in_grace", "since": "2026-06-01"},
    ]
    assert (content["name"], content["target"]["version"], content["known_at"]) == (
        "6 tháng 2026",
        1,
        report.known_at,
    )


def test_a_period_is_closed_once(commune) -> None:
    close(commune)
    with pytest.raises(AlreadyClosed):
        close(commune)
    assert close(commune, name="đột xuất").number == 1


def test_closing_needs_the_permit_for_the_unit(commune) -> None:
    with pytest.raises(NotPermitted):
        close(commune, by=Person.objects.get(code="CB1"))
    officer = reporting_officer("BC", commune)
    assert close(commune, by=officer).closed_by == officer


def test_a_target_that_was_used_never_changes_and_a_change_is_a_new_version(commune, tmp_path: Path) -> None:
    report = close(commune)
    stated = [{**report.document.content["target"], "value": 90}]
    del stated[0]["version"], stated[0]["document"], stated[0]["issuer"]
    file = tmp_path / "targets.json"
    file.write_text(json.dumps(stated))
    call_command("import_targets", str(file), stdout=StringIO(), stderr=StringIO())
    assert [(t.version, t.value, t.superseded) for t in Target.objects.order_by("version")] == [
        (1, 80, None),
        (2, 90, None),
    ]
    assert verified(exported(report_by_id(report.pk))).same


# Going over it again


def test_a_report_is_the_same_whatever_was_imported_corrected_merged_revoked_or_erased_since(commune) -> None:
    report = close(commune)
    before = exported(report_by_id(report.pk))
    train("CB3")
    row = Evidence.objects.current().get(person__code="CB1")
    correct_fact(row, {"revoked_on": date(2026, 5, 2)}, by="operator", reason="nhầm")
    withdraw_fact(Absence.objects.current().get(), by="operator")
    merge_people(
        person=Person.objects.get(code="CB3"),
        same_as=Person.objects.get(code="CB2"),
        reason="một người",
        by="operator",
        today=TODAY,
    )
    for posting in Posting.objects.current().filter(person__code="CB1"):
        correct_fact(posting, {"until": date(2026, 6, 1)}, by="operator")
    make.unit("X2", commune)
    now = queries.coverage_of("T1", "X1", DAY)
    assert (now.required, now.trained) != (2, 1)
    assert verified(before).same
    assert exported(report_by_id(report.pk))["data"] == before["data"]


@pytest.mark.parametrize(
    ("where", "value", "line"),
    [
        (("figures", "trained"), 2, "figures.trained: 2 → 1"),
        (("figures", "rate"), "90.0", 'figures.rate: "90.0" → "50.0"'),
        (("people", 2, "state"), "trained", "people.CB3"),
        (("target", "value"), "50", 'target.value: "50" → "80"'),
        (("on",), "2026-06-15", "figures.on"),
        (("name",), "Năm 2026", "report: no report with this SHA-256 was closed here"),
    ],
)
def test_an_altered_file_is_found_out_and_what_differs_is_named(commune, where, value, line) -> None:
    stated = json.loads(json.dumps(exported(report_by_id(close(commune).pk))))
    place = stated["data"]
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = value
    found = verified(stated)
    assert not found.same
    assert any(difference.startswith("sha256: ") for difference in found.differences)
    from lms.reports import closing

    stated["sha256"] = closing.digest(stated["data"])  # by somebody who knows how
    again = verified(stated)
    assert any(difference.startswith(line) for difference in again.differences), again.differences


def test_a_fact_altered_behind_the_ledgers_back_makes_the_report_differ(commune) -> None:
    report = close(commune)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE coverage_evidence SET completed_on = '2025-12-31'")
    found = verified(exported(report_by_id(report.pk)))
    assert "figures.trained: 1 → 0" in found.differences


# Restating


def test_a_restatement_is_a_numbered_successor_that_says_what_changed_and_why(commune) -> None:
    report = close(commune)
    late = train("CB3", reference="QD-8")
    second = restate(report)
    assert (second.number, second.replaces, second.on) == (2, report, report.on)
    restates = second.document.content["restates"]
    assert (restates["replaces"], restates["number"], restates["reason"]) == (report.sha256, 2, "Nộp muộn")
    changed = {f["field"]: (f["before"], f["after"]) for f in restates["figures"]}
    assert changed["trained"] == (1, 2)
    assert changed["rate"] == ("50.0", "100.0")
    (person,) = restates["people"]
    assert (person["person"], person["before"]["state"], person["after"]["state"]) == (
        "CB3",
        "not_started",
        "trained",
    )
    assert person["entries"] == [{"number": late.recorded, "type": "coverage.evidence"}]
    assert report_by_id(report.pk).document.content["figures"]["trained"] == 1
    assert verified(exported(report_by_id(second.pk))).same
    assert verified(exported(report_by_id(report.pk))).same


def test_a_report_is_restated_once_and_then_its_successor_is(commune) -> None:
    report = close(commune)
    train("CB3")
    second = restate(report)
    with pytest.raises(AlreadyRestated):
        restate(report)
    train("CB4", reference="QD-9")
    with pytest.raises(NothingChanged):  # CB4 is in grace: listed, not counted, with or without evidence
        restate(second)
    listed = {line.number: (line.replaces, line.replaced_by) for line in reports_listed([commune.pk])}
    assert listed == {1: (None, second.pk), 2: (report.pk, None)}


def test_what_changed_nothing_is_not_restated(commune) -> None:
    report = close(commune)
    with pytest.raises(NothingChanged):
        restate(report)


def test_a_restatement_needs_a_second_person_and_a_reason(commune) -> None:
    report = close(commune)
    train("CB3")
    first, other = (reporting_officer(code, commune) for code in ("BC1", "BC2"))
    with pytest.raises(ReasonNeeded):
        services.propose_restatement(report=report, reason=" ", by=first, today=TODAY)
    proposal = services.propose_restatement(report=report, reason="Nộp muộn", by=first, today=TODAY)
    with pytest.raises(RestatementWaits):
        services.propose_restatement(report=report, reason="Lần nữa", by=other, today=TODAY)
    with pytest.raises(SecondPersonNeeded):
        services.approve_restatement(restatement=proposal, by=first, today=TODAY)
    second = services.approve_restatement(restatement=proposal, by=other, today=TODAY)
    assert (second.closed_by, second.approved_by) == (first, other)


def test_a_restatement_that_is_rejected_leaves_the_report_alone(commune) -> None:
    report = close(commune)
    proposal = services.propose_restatement(report=report, reason="Nộp muộn", by="operator", today=TODAY)
    rejected = services.reject_restatement(restatement=proposal, by="operator", today=TODAY, reason="Sai")
    with pytest.raises(AlreadyDecided):
        services.approve_restatement(restatement=rejected, by="operator", today=TODAY)
    assert ClosedReport.objects.count() == 1


# What the database keeps


def test_a_closed_report_is_never_corrected_withdrawn_edited_or_deleted(commune) -> None:
    report = close(commune)
    for break_it in (
        lambda: correct_fact(report, {"name": "khác"}, by="operator"),
        lambda: withdraw_fact(report, by="operator"),
    ):
        with refused("closed_report_is_never_corrected"):
            break_it()
    with pytest.raises(FactIsWritten):
        report.save()
    with pytest.raises(FactIsWritten):
        ClosedReport.objects.all().delete()


OUT_OF_ORDER = {
    "restatement_says_what_it_replaces": {"number": 2, "replaces": None},
    "report_is_closed_after_what_it_knows": {"known_at": 10**9},
    "restatement_is_approved_by_a_second_person": {"closed_by": "CB1", "approved_by": "CB1"},
    "period_is_closed_once": {"name": "6 tháng 2026", "number": 1, "replaces": None},
}


@pytest.mark.parametrize("constraint", [*OUT_OF_ORDER])
def test_the_database_refuses_a_report_out_of_order(commune, constraint) -> None:
    report = close(commune)
    fields: dict[str, Any] = OUT_OF_ORDER[constraint]
    values = {
        "name": "x",
        "number": 2,
        "replaces": report,
        "target": report.target,
        "unit": report.unit,
        "on": report.on,
        "known_at": report.known_at,
        "sha256": "0" * 64,
        **{
            name: Person.objects.get(code=value) if name.endswith("_by") else value
            for name, value in fields.items()
        },
    }
    with refused(constraint):
        record_fact(ClosedReport(**values), by="operator")


def test_a_report_is_replaced_once(commune) -> None:
    report = close(commune)
    for number in (2, 3):
        row = ClosedReport(
            name="x",
            number=number,
            replaces=report,
            target=report.target,
            unit=report.unit,
            on=report.on,
            known_at=report.known_at,
            sha256="0" * 64,
        )
        if number == 2:
            record_fact(row, by="operator")
        else:
            with refused("reports_closedreport.replaces_id"):
                record_fact(row, by="operator")


def test_one_restatement_of_a_report_waits(commune) -> None:
    report = close(commune)
    record_fact(Restatement(report=report, reason="a"), by="operator")
    with refused("report_has_one_restatement_waiting"):
        record_fact(Restatement(report=report, reason="b"), by="operator")


def test_a_restatement_says_why_and_is_decided_by_a_second_person(commune) -> None:
    report, one = close(commune), Person.objects.get(code="CB1")
    with refused("restatement_says_why"):
        record_fact(Restatement(report=report, reason=""), by="operator")
    with refused("restatement_is_decided_by_a_second_person"):
        record_fact(Restatement(report=report, reason="a", proposed_by=one, decided_by=one), by="operator")


# The commands


def run(command: str, *args: str, **options: Any) -> tuple[int, Any]:
    out = StringIO()
    code = 0
    try:
        call_command(command, *args, json=True, stdout=out, stderr=StringIO(), **options)
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(out.getvalue())


def test_the_commands_close_export_and_verify(commune, tmp_path: Path) -> None:
    size = ledger_size()
    code, closed = run("close_period", target="T1", unit="X1", on=DAY, name="6 tháng")
    report = ClosedReport.objects.get()
    assert (code, closed) == (0, {"report": report.pk, "sha256": report.sha256, "ledger": size})
    file = tmp_path / "report.json"
    assert run("export_report", str(report.pk), out=file)[0] == 0
    assert run("verify_report", str(file)) == (0, {"result": "same", "differences": []})
    file.write_text(file.read_text().replace('"trained": 1', '"trained": 2', 1))
    code, verdict = run("verify_report", str(file))
    assert (code, verdict["result"]) == (1, "differs")
    assert "figures.trained: 2 → 1" in verdict["differences"]


def test_the_command_restates_by_two_persons(commune) -> None:
    report = close(commune)
    train("CB3")
    reporting_officer("BC1", commune)
    reporting_officer("BC2", commune)
    code, refused = run("restate_report", str(report.pk), reason="Nộp muộn", by="BC1", approved_by="BC1")
    assert (code, refused["refused"]) == (1, "second_person_needed")
    code, restated = run("restate_report", str(report.pk), reason="Nộp muộn", by="BC1", approved_by="BC2")
    assert code == 0
    assert restated["report"] == ClosedReport.objects.get(number=2).pk


def test_what_is_no_report_is_refused(commune, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    for text in ("[]", "{", '{"format": "other"}'):
        file.write_text(text)
        code, answer = run("verify_report", str(file))
        assert (code, answer["refused"]) == (1, "not_a_report")
    with pytest.raises(UnknownReport):
        report_by_id(99)


def test_a_report_replays_after_somebody_in_it_was_erased(commune: Unit) -> None:
    report = close(commune)
    gone, first, second = Person.objects.get(code="CB1"), make.person(), make.person()
    for one in (first, second):
        make.role(one, commune, "administrator")
    end_posting(posting=gone.postings.get(), on=date(2026, 6, 16), by="operator", today=TODAY)
    asked = propose_erasure(person=gone, reason="đơn", by=first, today=TODAY)
    approve_erasure(request=asked, by=second, today=TODAY)
    assert not PersonRecord.objects.filter(person=gone).exclude(full_name="").exists()
    assert verified(exported(report)).same


# What lies beside the row


@pytest.mark.parametrize("harm", ["altered", "not compressed any more", "gone"])
def test_a_frozen_document_that_was_tampered_with_is_found_and_named_by_ledger_verify(commune, harm) -> None:
    report = close(commune)
    document = ReportDocument.objects.filter(report=report)
    assert verification.examine([], None).findings == []
    if harm == "altered":
        content = report.document.content
        content["figures"]["trained"] = 4
        document.update(packed=zlib.compress(canonical(content)))
    elif harm == "gone":
        document._raw_delete(document.db)
    else:
        document.update(packed=b"no zlib")
    found = verification.examine([], None).findings
    assert [(finding.what, finding.number) for finding in found] == [("document", report.recorded)]
    assert str(report.recorded) in found[0].sentence


# Files that are no reports


def spoilt(report: ClosedReport, *path: str, value: Any) -> dict[str, Any]:
    """The exported report with something else at a place; `...` takes the place away."""
    whole = json.loads(json.dumps(exported(report)))
    place = whole
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole


PLACES = [
    ("data", "target"),
    ("data", "target", "code"),
    ("data", "target", "version"),
    ("data", "unit"),
    ("data", "on"),
    ("data", "known_at"),
    ("data", "name"),
    ("data", "figures"),
    ("data", "people"),
    ("data", "restates"),
    ("ledger",),
    ("ledger", "entry"),
    ("ledger", "entry", "commitment"),
    ("ledger", "path"),
    ("ledger", "entry", "number"),
    ("ledger", "checkpoint"),
    ("sha256",),
]
TRUE_OF_SOME = [
    (("data", "restates"), None),  # what was closed first restates nothing
    (("ledger",), None),  # an export from before the next checkpoint says no more
    (("ledger",), ...),
    (("ledger", "checkpoint"), ""),
]
NONSENSE = [..., None, 0, -1, 10**30, 1.5, True, "", "\u0000", "x" * 5000, [], [[]], {}, {"a": [None]}]


@pytest.mark.parametrize("path", PLACES, ids=".".join)
def test_nonsense_anywhere_in_a_report_is_answered_with_what_differs_and_never_with_an_error(
    commune, path
) -> None:
    report = close(commune)
    make_checkpoint()
    for value in NONSENSE:
        verdict = verified(spoilt(report, *path, value=value))
        if (path, value) in TRUE_OF_SOME:
            continue
        assert not verdict.same, (path, value)
        assert all(isinstance(line, str) and line for line in verdict.differences)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"PK\x03\x04 no zip", b"%PDF-1.7 no pdf"),
        *(b'{"format": 1}', b'{"format": "vung/report/1", "data": []}', b"[" * 100_000),
    ],
    ids=["empty", "half", "list", "null", "utf-16", "zip", "pdf", "other", "no data", "deep"],
)
def test_a_file_that_is_no_report_is_refused_with_words_that_say_what_to_do(tmp_path, content) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    err = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_report", str(path), stderr=err)
    assert stopped.value.code == 1
    assert "report.json" in err.getvalue()
    assert "export_report" in err.getvalue()
