"""Files of courses, evidence and targets: what they do, and what is refused with line, column and reason."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from content.models import Course
from lms.coverage import services
from lms.coverage.models import Evidence, Target
from lms.kernel.models import LedgerEntry
from lms.kernel.queries import ledger_size
from lms.roster.models import Unit
from lms.roster.services import merge_people
from tests.factories import roster as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def say(tmp_path: Path):
    """Run an import over this text; give its JSON back, or the faults."""

    def run(command: str, text: str | bytes, **options: Any) -> Any:
        file = tmp_path / ("in.json" if command == "import_targets" else "in.csv")
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = StringIO()
        try:
            call_command(command, str(file), json=True, stdout=out, stderr=StringIO(), **options)
        except SystemExit as end:
            assert end.code == 1
        return json.loads(out.getvalue())

    return run


def faults(answer: dict) -> list[tuple]:
    return [(f["line"], f["column"]) for f in answer["faults"]]


@pytest.fixture
def register() -> None:
    unit = make.unit("31", kind="province")
    for code in ("CB1", "CB2"):
        make.posting(make.person(code), unit, "TTCN")
    Course.objects.create(code="B5", title="B5", level="nang_cao", hours=Decimal("1.5"))


HEADER = "person,course,level,source,completed_on,hours,score,outcome,valid_until,reference,status\n"


def test_courses_are_stated_once_and_corrected_when_restated(say) -> None:
    first = say("import_courses", "code,title,level,hours\nX1,Lớp ở tỉnh,co_ban,16\n")
    assert (first["created"], first["corrected"], first["unchanged"]) == (1, 0, 0)
    again = say("import_courses", "mã khóa học,tên khóa học,trình độ,số giờ\nX1,Lớp ở tỉnh,co_ban,16\n")
    assert (again["created"], again["corrected"], again["unchanged"]) == (0, 0, 1)
    other = say("import_courses", "code,title,level,hours\nX1,Lớp ở tỉnh,nang_cao,16\n")
    assert (other["created"], other["corrected"], other["unchanged"]) == (0, 1, 0)
    assert Course.objects.get(code="X1").level == "nang_cao"


@pytest.mark.usefixtures("register")
def test_evidence_is_added_once_and_takes_level_and_hours_from_its_course(say) -> None:
    text = (
        HEADER
        + "CB1,B5,,class,14/03/2026,,,passed,,QD-7,approved\nCB2,B5,,external,2026-03-14,2,,attended,,,\n"
    )
    assert say("import_evidence", text)["created"] == 2
    assert say("import_evidence", text)["unchanged"] == 2
    rows = Evidence.objects.current().order_by("person__code")
    assert [(r.level, r.hours, r.status, r.completed_on) for r in rows] == [
        ("nang_cao", Decimal("1.5"), "approved", date(2026, 3, 14)),
        ("nang_cao", Decimal("2"), "declared", date(2026, 3, 14)),
    ]


@pytest.mark.usefixtures("register")
def test_evidence_that_is_restated_with_another_outcome_is_corrected_and_the_old_belief_stays(say) -> None:
    say("import_evidence", HEADER + "CB1,B5,,class,2026-03-14,,,attended,,QD-7,approved\n")
    answer = say("import_evidence", HEADER + "CB1,B5,,class,2026-03-14,,,passed,,QD-7,approved\n")
    assert (answer["created"], answer["corrected"]) == (0, 1)
    assert list(Evidence.objects.order_by("pk").values_list("outcome", flat=True)) == ["attended", "passed"]


@pytest.mark.usefixtures("register")
def test_a_file_of_evidence_with_faults_is_refused_whole_and_every_fault_is_told(say) -> None:
    text = HEADER + "\n".join(
        [
            "CB9,B5,,class,2026-03-14,,,passed,,A,approved",
            "CB1,Z9,,class,2026-03-14,,,passed,,B,approved",
            "CB1,B5,,online,2026-03-14,,,passed,,C,approved",
            "CB1,B5,,class,31/02/2026,,,passed,,D,approved",
            "CB1,B5,,class,2026-03-14,,,good,,E,approved",
            "CB1,B5,,class,2026-03-14,,,passed,2026-03-01,F,approved",
            "CB1,B5,,class,2026-03-14,,,passed,,G,approved",
            "CB1,B5,,class,2026-03-15,,,passed,,G,approved",
        ]
    )
    answer = say("import_evidence", text)
    assert sorted(faults(answer)) == [
        (2, "person"), (3, "course"), (4, "source"), (5, "completed_on"), (6, "outcome"), (7, "valid_until"),
        (9, "reference"),
    ]  # fmt: skip
    assert Evidence.objects.count() == 0


@pytest.mark.usefixtures("register")
def test_evidence_in_windows_1258_is_refused(say) -> None:
    answer = say(
        "import_evidence",
        (HEADER + "CB1,B5,,class,2026-03-14,,,đạt,,Số 7,approved\n").encode("cp1258", "replace"),
    )
    assert answer["refused"] == "file_refused"
    assert Evidence.objects.count() == 0


@pytest.mark.usefixtures("register")
def test_approved_evidence_needs_the_right_to_approve_that_of_the_person(say) -> None:
    approved = HEADER + "CB1,B5,,class,2026-03-14,,,passed,,A,approved\n"
    assert faults(say("import_evidence", approved, by="CB2")) == [(2, "status")]
    declared = HEADER + "CB1,B5,,class,2026-03-14,,,passed,,B,\n"
    assert say("import_evidence", declared, by="CB2")["created"] == 1
    make.role(make.person("QL"), Unit.objects.get(code="31"))
    assert say("import_evidence", approved, by="QL")["created"] == 1
    elsewhere = make.unit("32")
    make.posting(make.person("CB3"), elsewhere, "TTCN")
    assert faults(say("import_evidence", approved.replace("CB1", "CB3"), by="QL")) == [(2, "status")]


@pytest.mark.usefixtures("register")
def test_nobody_approves_their_own_evidence_nor_what_they_declared(say) -> None:
    manager = make.person("QL")
    make.role(manager, Unit.objects.get(code="31"))
    make.posting(manager, Unit.objects.get(code="31"), "TTCN")
    own = HEADER + "QL,B5,,class,2026-03-14,,,passed,,A,approved\n"
    assert faults(say("import_evidence", own, by="QL")) == [(2, "status")]
    declared = HEADER + "CB1,B5,,class,2026-03-14,,,passed,,B,{}\n"
    assert say("import_evidence", declared.format("declared"), by="QL")["created"] == 1
    assert faults(say("import_evidence", declared.format("approved"), by="QL")) == [(2, "status")]
    assert say("import_evidence", declared.format("approved"))["corrected"] == 1


@pytest.mark.usefixtures("register")
def test_two_codes_of_one_human_are_not_two_persons(say) -> None:
    first, second = make.person("QL1"), make.person("QL2")
    for one in (first, second):
        make.role(one, Unit.objects.get(code="31"))
    line = HEADER + "CB1,B5,,class,2026-03-14,,,passed,,B,{}\n"
    assert say("import_evidence", line.format("declared"), by="QL1")["created"] == 1
    merge_people(person=second, same_as=first, reason="Một người", by="operator", today=date(2026, 6, 1))
    assert faults(say("import_evidence", line.format("approved"), by="QL2")) == [(2, "status")]
    make.role(make.person("QL3"), Unit.objects.get(code="31"))
    assert say("import_evidence", line.format("approved"), by="QL3")["corrected"] == 1


@pytest.mark.usefixtures("register")
def test_what_a_command_approves_names_its_approver_and_no_declarer_of_the_platform(say) -> None:
    make.role(make.person("QL"), Unit.objects.get(code="31"))
    say("import_evidence", HEADER + "CB1,B5,,class,2026-03-14,,,passed,,A,approved\n", by="QL")
    row = Evidence.objects.current().get()
    assert (row.approved_by and row.approved_by.code, row.declared_by) == ("QL", None)
    assert LedgerEntry.objects.get(pk=row.recorded_entry).actor == "QL"


@pytest.mark.usefixtures("register")
def test_a_file_does_not_undo_what_was_decided_but_a_change_must_be_decided_anew(say) -> None:
    line = "CB1,B5,,class,2026-03-14,{},,passed,,A,declared\n"
    say("import_evidence", HEADER + line.format(8))
    row = Evidence.objects.current().get()
    services.approve_evidence(evidence=row, by="operator", today=date(2026, 6, 1))
    assert say("import_evidence", HEADER + line.format(8))["unchanged"] == 1
    assert Evidence.objects.current().get().status == "approved"
    assert say("import_evidence", HEADER + line.format(16))["corrected"] == 1
    assert Evidence.objects.current().get().status == "declared"


@pytest.mark.usefixtures("register")
def test_a_class_decision_is_the_reference_of_many(say) -> None:
    line = "{},B5,,class,2026-03-14,,,passed,,QD-7,approved\n"
    assert say("import_evidence", HEADER + line.format("CB1") + line.format("CB2"))["created"] == 2


@pytest.mark.usefixtures("register")
def test_the_reference_of_online_evidence_is_the_platforms_own(say) -> None:
    text = HEADER + "CB1,B5,,class,2026-03-14,,,passed,,online:B5:1:1:CB1,approved\n"
    assert faults(say("import_evidence", text)) == [(2, "reference")]


@pytest.mark.usefixtures("register")
def test_evidence_costs_the_same_number_of_queries_whatever_its_length(
    say,
) -> None:
    counts = []
    for people in (1, 2, 4):  # the first writes what the ledger needs once
        lines = "".join(
            f"{make.person(f'NV{people}{i}').code},B5,,class,2026-03-14,,,passed,,L{people},approved\n"
            for i in range(people)
        )
        with CaptureQueriesContext(connection) as queries:
            say("import_evidence", HEADER + lines)
        counts.append(len(queries))
    assert counts[1] == counts[2]


@pytest.mark.usefixtures("register")
def test_a_trial_run_says_what_would_be_and_writes_nothing(say) -> None:
    text = HEADER + "CB1,B5,,class,2026-03-14,,,passed,,A,approved\n"
    assert say("import_evidence", text, dry_run=True)["created"] == 1
    assert Evidence.objects.count() == 0


TARGET: dict[str, Any] = {
    "code": "T1", "name": "Trên 80 %", "audiences": ["TTCN"], "unit": "31", "courses": ["B5"],
    "period_start": "2025-12-15", "period_end": "2026-12-14",
}  # fmt: skip


@pytest.mark.usefixtures("register")
def test_a_target_takes_the_defaults_and_a_change_makes_a_version(say) -> None:
    assert say("import_targets", json.dumps([TARGET]))["created"] == 1
    assert say("import_targets", json.dumps([TARGET]))["unchanged"] == 1
    assert say("import_targets", json.dumps([{**TARGET, "value": 90}]))["corrected"] == 1
    rows = Target.objects.order_by("version").values_list(
        "version", "operator", "value", "grace_days", "window"
    )
    assert list(rows) == [
        (1, ">", Decimal("80.0"), 30, "period"),
        (2, ">", Decimal("90.0"), 30, "period"),
    ]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("grace", [{}, {"grace_days": 30}])
def test_a_target_for_new_officers_gives_no_grace(say, grace) -> None:
    say("import_targets", json.dumps([{**TARGET, "new_within_months": 12, "window": "months:24", **grace}]))
    target = Target.objects.get()
    assert (target.grace_days, target.window, target.window_months) == (0, "months", 24)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": "99"}, "unit"),
        ({"audiences": ["XX"]}, "audiences"),
        ({"courses": ["Z9"]}, "courses"),
        ({"operator": "<"}, "operator"),
        ({"value": 80.55}, "value"),
        ({"window": "weeks:3"}, "window"),
        ({"period_end": "2025-01-01"}, "period_end"),
        ({"period_start": "15/12/2025"}, "period_start"),
        ({"course_rule": "levels"}, "levels"),
        ({"course_rule": "hours"}, "hours"),
        ({"course_rule": "hours", "hours": 7.25}, "hours"),
        ({"colour": "red"}, "colour"),
        ({"courses": []}, "courses"),
        ({"audiences": []}, "audiences"),
        ({"excluded_reasons": ["thai-san"]}, "excluded_reasons"),
        ({"value": float("nan")}, "value"),
        ({"value": True}, "value"),
        ({"external": "sometimes"}, "external"),
        ({"code": "T" * 33}, "code"),
        ({"name": None}, "name"),
    ],
)
def test_a_target_with_a_fault_is_refused_at_its_field(say, change: dict[str, Any], field: str) -> None:
    stated = {**TARGET, **change}
    if stated["name"] is None:
        del stated["name"]
    assert faults(say("import_targets", json.dumps([stated]))) == [(1, field)]
    assert Target.objects.count() == 0


@pytest.mark.usefixtures("register")
def test_each_fault_names_the_line_on_which_its_target_begins(say) -> None:
    stated = [{**TARGET, "unit": "99"}, TARGET, {**TARGET, "code": "T2", "courses": ["Z9"]}, TARGET]
    answer = say("import_targets", json.dumps(stated, indent=1))
    lines = json.dumps(stated, indent=1).splitlines()
    begins = [number for number, line in enumerate(lines, start=1) if line == " {"]
    assert faults(answer) == [(begins[0], "unit"), (begins[2], "courses"), (begins[3], "code")]


@pytest.mark.usefixtures("register")
def test_every_field_of_a_target_is_kept(say) -> None:
    everything = {
        **TARGET, "document": "KH 01", "issuer": "UBND", "operator": ">=", "value": 92.5,
        "unit_kinds": ["commune"], "grace_days": 10, "excluded_reasons": ["thai_san"], "course_rule": "hours",
        "hours": 7.5, "levels": ["cơ bản"], "outcome": "attended", "must_be_valid": True, "window": "ever",
        "external": "not accepted",
    }  # fmt: skip
    assert say("import_targets", json.dumps([everything]))["created"] == 1
    assert say("import_targets", json.dumps([everything]))["unchanged"] == 1
    row = Target.objects.get()
    assert (row.document, row.issuer, row.operator, row.value) == ("KH 01", "UBND", ">=", Decimal("92.5"))
    assert (row.unit_kinds, row.grace_days, row.excluded_reasons) == (["commune"], 10, ["thai_san"])
    assert (row.course_rule, row.hours, row.levels, row.outcome) == (
        "hours",
        Decimal("7.5"),
        ["co_ban"],
        "attended",
    )
    assert (row.must_be_valid, row.window, row.external_accepted) == (True, "ever", False)


def test_targets_that_are_not_json_are_refused(say) -> None:
    assert faults(say("import_targets", "[{")) == [(1, "")]


@pytest.mark.usefixtures("register")
def test_the_coverage_command_prints_the_contracts_object(say) -> None:
    say("import_targets", json.dumps([TARGET]))
    say("import_evidence", HEADER + "CB1,B5,,class,2026-03-14,,,passed,,A,approved\n")
    out = StringIO()
    call_command("coverage", target="T1", unit="31", on=date(2026, 6, 14), json=True, people=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert {k: answer[k] for k in ("required", "trained", "rate", "met", "short_by", "by_source")} == {
        "required": 2, "trained": 1, "rate": "50.0", "met": False, "short_by": 1,
        "by_source": {"online": 0, "class": 1, "external": 0},
    }  # fmt: skip
    assert answer["people"]["trained"] == ["CB1"]


@pytest.mark.usefixtures("register")
def test_the_coverage_command_answers_as_known_at_a_size_and_at_a_time(say) -> None:
    say("import_targets", json.dumps([TARGET]))
    before, moment = ledger_size(), datetime.now(UTC)
    say("import_evidence", HEADER + "CB1,B5,,class,2026-03-14,,,passed,,A,approved\n")

    def trained(*known: str) -> tuple[int, int]:
        out = StringIO()
        asked = ["--target", "T1", "--unit", "31", "--on", "2026-06-14", "--json", *known]
        call_command("coverage", *asked, stdout=out)
        answer = json.loads(out.getvalue())
        return answer["trained"], answer["ledger"]

    assert trained() == (1, ledger_size())
    assert trained("--known-at", str(before)) == (0, before)
    assert trained("--known-at", moment.isoformat()) == (0, before)


@pytest.mark.usefixtures("register")
def test_the_coverage_command_gives_the_same_object_for_each_child_by_code(say) -> None:
    top = Unit.objects.get(code="31")
    for code in ("C", "A", "B"):
        make.posting(make.person(f"X{code}"), make.unit(code, top), "TTCN")
    say("import_targets", json.dumps([TARGET]))
    out = StringIO()
    day = date(2026, 6, 14)
    call_command("coverage", target="T1", unit="31", on=day, json=True, children=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert [child["unit"] for child in answer["children"]] == ["A", "B", "C"]
    assert {frozenset(child) for child in answer["children"]} == {frozenset(answer)}
    assert (answer["required"], [child["required"] for child in answer["children"]]) == (5, [1, 1, 1])


@pytest.mark.parametrize("unit", ["31", "NOPE"])
def test_the_coverage_command_refuses_what_is_not_there(say, unit: str) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("coverage", target="NOPE", unit=unit, on=date(2026, 6, 14), json=True, stdout=out)
    assert end.value.code == 1
    assert "refused" in json.loads(out.getvalue())
