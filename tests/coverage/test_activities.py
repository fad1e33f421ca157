"""Activities of units: recorded, decided by a second person, counted, corrected, revoked."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lms.coverage import queries, services
from lms.coverage.errors import NotYetHeld, UnknownActivityKind
from lms.coverage.models import Activity, ProofFile, Target
from lms.kernel.queries import ledger_size
from lms.kernel.scans import Scan
from lms.kernel.services import changed, correct_fact, record_fact, sequence
from lms.reports import services as reports
from lms.reports.checking import checked
from lms.reports.documents.docx import write_docx
from lms.reports.documents.pdf import write_pdf
from lms.reports.documents.xlsx import write_annex
from lms.reports.queries import exported, verified
from lms.reports.writing import letter_of_figure
from lms.roster.enums import Role
from lms.roster.errors import AlreadyDecided, AlreadyThere, NotPermitted, ReasonNeeded, SecondPersonNeeded
from lms.roster.models import Person, Unit
from tests.factories import roster as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
PAPER = Scan("bien-ban.pdf", "application/pdf", b"%PDF-")
TARGET = {
    "code": "T9",
    "name": "100% xã có trường học tổ chức hoạt động phòng ngừa tại trường học",
    "counts": "units",
    "operator": "=",
    "value": 100,
    "unit": "P",
    "unit_kinds": ["commune"],
    "having": "school",
    "activities": ["phong_ngua_truong_hoc"],
    "period_start": "2025-12-15",
    "period_end": "2026-12-14",
}


@pytest.fixture
def units() -> dict[str, Unit]:
    """A province with three communes, two of which have a school."""
    province = make.unit("P", kind="province", name="Tỉnh P")
    found = {"P": province}
    for code in ("X1", "X2", "X3"):
        found[code] = make.unit(code, province, name=f"Xã {code}")
    for code in ("X1", "X2"):
        make.unit(f"T{code}", found[code], kind="school", name=f"Trường {code}")
    return found


@pytest.fixture
def target(units, tmp_path: Path) -> Target:
    file = tmp_path / "targets.json"
    file.write_text(json.dumps([TARGET]))
    call_command("import_targets", str(file), stdout=io.StringIO(), stderr=io.StringIO())
    return Target.objects.get()


def officer(code: str, unit: Unit, role: Role = Role.REPORTING_OFFICER) -> Person:
    who = make.person(code)
    make.posting(who, unit, "QLNN")
    who.user = get_user_model().objects.create_user(code)
    who.save()
    make.role(who, unit, role)
    return who


def held(unit: Unit, *, by="operator", approved: bool = True, **more) -> Activity:
    values = {
        "kind": "phong_ngua_truong_hoc", "day": DAY, "title": "Nói chuyện với học sinh lớp 9",
        "place": "Trường THCS", "participants": 120, "today": DAY, "scans": [PAPER],
    } | more  # fmt: skip
    row = services.record_activity(unit=unit, by=by, **values)
    return services.approve_activity(activity=row, by="operator", today=DAY) if approved else row


def figure(unit: str = "P", **more):
    sequence()
    return queries.coverage_of("T9", unit, more.pop("on", DAY), **more)


# What counts -------------------------------------------------------------------------------------


def test_a_commune_with_a_school_counts_once_its_activity_is_approved(units, target) -> None:
    held(units["X1"])
    held(units["X2"], approved=False)
    held(units["X3"])  # has no school, so is not asked
    found = figure(people=True, children=True)
    assert (found.required, found.trained, found.pending, found.attendances) == (2, 1, 1, 120)
    assert (found.people["trained"], found.people["pending"]) == (("X1",), ("X2",))
    assert (found.rate, found.met, found.short_by) == ("50.0", False, 1)
    assert [(child.unit, child.trained, child.required) for child in found.children] == [
        ("X1", 1, 1),
        ("X2", 0, 1),
        ("X3", 0, 0),
    ]


def test_an_activity_of_the_wrong_kind_day_or_after_its_revocation_does_not_count(units, target) -> None:
    held(units["X1"], kind="truyen_thong_cong_dong")
    held(units["X2"], day=date(2025, 12, 14))
    assert (figure().trained, figure().expired, figure().not_started) == (0, 1, 1)
    row = held(units["X1"])
    services.revoke_activity(activity=row, on=DAY + timedelta(1), by="operator", today=DAY, reason="Trùng")
    assert figure().trained == 1
    assert figure(on=DAY + timedelta(1)).trained == 0


def test_the_school_s_own_activity_is_not_the_commune_s(units, target) -> None:
    held(Unit.objects.get(code="TX1"))
    assert figure().trained == 0


def test_a_commune_that_is_a_day_old_is_asked_too_and_a_tree_of_another_day_is_another_figure(
    units, target
) -> None:
    make.unit("X9", units["P"], since=DAY)
    make.unit("TX9", Unit.objects.get(code="X9"), kind="school", since=DAY)
    assert (figure().required, figure(on=DAY - timedelta(1)).required) == (3, 2)


def test_the_figure_known_before_a_correction_is_given_again(units, target) -> None:
    row = held(units["X1"])
    sequence()
    known = ledger_size()
    services.correct_activity(
        activity=row, kind=row.kind, day=row.day, title=row.title, place=row.place, participants=80,
        by="operator", today=DAY,
    )  # fmt: skip
    assert (figure().trained, figure().pending) == (0, 1)
    assert (figure(known_at=known).trained, figure(known_at=known).attendances) == (1, 120)


def test_a_closing_over_units_replays_and_is_restated_by_what_came_in_late(units, target) -> None:
    held(units["X1"])
    sequence()
    closed = reports.close_period(target="T9", unit="P", on=DAY, name="06 tháng", by="operator", today=DAY)
    assert [one["unit"] for one in closed.document.content["people"]] == ["X1", "X2"]
    held(units["X2"])
    sequence()
    assert verified(exported(closed)).differences == ()
    asked = reports.propose_restatement(
        report=closed, reason="Biên bản đến muộn", by=officer("A", units["P"]), today=DAY
    )
    later = reports.approve_restatement(restatement=asked, by=officer("B", units["P"]), today=DAY)
    (change,) = later.document.content["restates"]["people"]
    assert (change["person"], change["after"]["state"]) == ("X2", "trained")
    assert {entry["type"] for entry in change["entries"]} == {"coverage.activity"}
    assert verified(exported(later)).differences == ()


def test_the_report_tells_units_and_its_workbook_agrees_with_the_facts(units, target) -> None:
    held(units["X1"])
    sequence()
    closed = reports.close_period(target="T9", unit="P", on=DAY, name="06 tháng", by="operator", today=DAY)
    letter = letter_of_figure(closed)
    (annex,) = letter.annexes
    assert (annex.total.required, annex.total.trained, annex.total.classes) == (2, 1, 1)
    assert annex.headers[6] == "Số đơn vị đã tổ chức"
    assert annex.numbers(annex.total) == ["2", "–", "1", "120", "1", "–", "–", "–", "–"]
    words = " ".join(block.text for block in letter.body)
    assert "1/2 đơn vị thuộc diện đã tổ chức hoạt động" in words
    assert "1 đơn vị chưa tổ chức" in words
    assert write_docx(letter)
    for file in (write_annex(letter), write_pdf(letter)):
        verdict = checked(file)
        assert verdict is not None
        assert [line for line in verdict.differences if "altered afterwards" not in line] == []


# Who may do it -----------------------------------------------------------------------------------


def test_the_unit_s_officer_records_and_another_approves(units) -> None:
    clerk, above = officer("C", units["X1"]), officer("P", units["P"])
    row = held(units["X1"], by=clerk, approved=False)
    with pytest.raises(SecondPersonNeeded):
        services.approve_activity(activity=row, by=clerk, today=DAY)
    done = services.approve_activity(activity=row, by=above, today=DAY)
    assert (done.status, done.declared_by, done.decided_by) == ("approved", clerk, above)
    with pytest.raises(AlreadyDecided):
        services.reject_activity(activity=done, by=above, today=DAY, reason="Không")


def test_another_unit_s_officer_records_nothing_here(units) -> None:
    with pytest.raises(NotPermitted):
        held(units["X1"], by=officer("C", units["X2"]))


def test_what_is_refused(units) -> None:
    row = held(units["X1"], approved=False)
    with pytest.raises(AlreadyThere):
        held(units["X1"])
    with pytest.raises(UnknownActivityKind):
        held(units["X1"], kind="khac")
    with pytest.raises(NotYetHeld):
        held(units["X1"], day=DAY + timedelta(1))
    with pytest.raises(ReasonNeeded):
        services.reject_activity(activity=row, by="operator", today=DAY, reason=" ")


def test_the_database_refuses_one_person_in_both_places(units) -> None:
    row = held(units["X1"], by=officer("C", units["X1"]), approved=False)
    with refused("activity_is_decided_by_a_second_person"):
        correct_fact(row, {"decided_by": row.declared_by}, by="operator")
    twin = changed(row, {"participants": 1})
    twin.chain = uuid4()
    with refused("activity_is_stated_once"):
        record_fact(twin, by="operator")


# The pages ---------------------------------------------------------------------------------------


def browser(who: Person) -> Client:
    client = Client()
    client.force_login(who.user)
    return client


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def test_an_officer_records_on_the_page_and_the_unit_above_approves_what_is_ticked(units, today) -> None:
    clerk, above = officer("C", units["X1"]), officer("P", units["P"])
    form = {
        "unit": "X1", "kind": "phong_ngua_truong_hoc", "day": today.isoformat(), "title": "Ngoại khóa",
        "place": "", "participants": "60", "reference": "",
    }  # fmt: skip
    assert browser(clerk).post("/desk/activities/new/", form).status_code == 302
    row = Activity.objects.current().get()
    browser(clerk).post("/desk/activities/", {"act": "approve", "activity": [row.chain]})
    assert Activity.objects.current().get().status == "declared"
    browser(above).post("/desk/activities/", {"act": "approve", "activity": [row.chain]})
    assert Activity.objects.current().get().status == "approved"


def test_a_unit_beyond_reach_cannot_be_named_or_seen(units, today) -> None:
    clerk = officer("C", units["X1"])
    row = held(units["X2"], approved=False)
    client = browser(clerk)
    form = {"unit": "X2", "kind": row.kind, "day": today.isoformat(), "title": "A", "participants": "1"}
    assert client.post("/desk/activities/new/", form).status_code == 422
    assert client.get(f"/desk/activities/{row.chain}/").status_code == 404
    assert row.title.encode() not in client.get("/desk/activities/").content


def test_the_list_costs_the_same_for_one_and_for_three(units) -> None:
    client = browser(officer("P", units["P"]))

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/activities/").status_code == 200
        return len(seen)

    held(units["X1"], approved=False)
    asked()
    one = asked()
    for code in ("X2", "X3"):
        held(units[code], approved=False)
    asked()
    assert asked() == one


def test_the_desk_tells_units_and_names_those_that_have_not(units, target) -> None:
    held(units["X1"])
    sequence()
    client = browser(officer("P", units["P"]))
    for page in ("", "units/", "trend/", "figures.csv", "units.csv", "units.xlsx"):
        answer = client.get(f"/desk/{page}", {"unit": "P", "target": "T9", "on": DAY.isoformat()})
        assert answer.status_code == 200, page
    listed = client.get(
        "/desk/units/", {"unit": "P", "target": "T9", "on": DAY.isoformat(), "state": "not_started"}
    )
    assert [line.name for line in listed.context["units"]] == ["Xã X2"]


def test_an_activity_is_corrected_on_its_page_with_another_paper(units) -> None:
    row = held(units["X1"])
    client = browser(officer("C", units["X1"]))
    form = {
        "act": "correct", "kind": row.kind, "day": row.day.isoformat(), "title": row.title,
        "place": row.place, "participants": "99", "reference": "",
    }  # fmt: skip
    assert client.post(f"/desk/activities/{row.chain}/", form).status_code == 302
    now = Activity.objects.current().get()
    assert (now.participants, now.status, now.proofs) == (99, "declared", row.proofs)
    assert ProofFile.objects.get().unit == units["X1"]
