"""Declaring, approving, rejecting and revoking evidence; what the platform itself saw."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.dispatch import Signal

from content.models import Course
from lms.coverage import services, signals
from lms.coverage.enums import Outcome, Source
from lms.coverage.errors import (
    NotYetCompleted,
    OnlyThePlatform,
    ReferenceOfSeveral,
    UnknownCourse,
    UnknownReference,
)
from lms.coverage.models import Evidence, Progress
from lms.coverage.records import EvidenceTold
from lms.kernel.services import record_fact
from lms.roster.errors import (
    AlreadyDecided,
    AlreadyThere,
    DaysOutOfOrder,
    NotPermitted,
    ReasonNeeded,
    SecondPersonNeeded,
)
from lms.roster.models import Person
from lms.roster.services import merge_people
from tests.factories import roster as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 14)


@pytest.fixture
def officer() -> Person:
    """An officer of a commune, with a manager QL and another QL2 above them."""
    unit = make.unit("31")
    person = make.person("CB1")
    make.posting(person, unit, "TTCN")
    for code in ("QL", "QL2"):
        make.role(make.person(code), unit)
    Course.objects.create(code="B5", title="B5", level="nang_cao", hours=Decimal("1.5"))
    return person


def manager(code: str = "QL") -> Person:
    return Person.objects.get(code=code)


def declare(by: Any, **changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "person": "CB1",
        "course": "B5",
        "source": Source.EXTERNAL,
        "completed_on": date(2026, 5, 1),
        "outcome": Outcome.PASSED,
        "reference": "GCN-1",
        "today": TODAY,
        **changes,
    }
    return services.declare_evidence(by=by, **values)


@pytest.fixture
def news() -> Iterator[list[tuple[str, EvidenceTold]]]:
    heard: list[tuple[str, EvidenceTold]] = []
    listeners: list[tuple[Signal, Any]] = []
    for name in ("evidence_recorded", "evidence_decided", "evidence_revoked"):
        signal = getattr(signals, name)

        def listen(sender: Any, evidence: EvidenceTold, name: str = name, **_: Any) -> None:
            heard.append((name, evidence))

        signal.connect(listen)
        listeners.append((signal, listen))
    yield heard
    for signal, listen in listeners:
        signal.disconnect(listen)


# Declaring


def test_anybody_declares_their_own_training_and_it_waits(officer, news) -> None:
    row = declare(officer)
    assert (row.status, row.declared_by, row.level, row.hours) == (
        "declared",
        officer,
        "nang_cao",
        Decimal("1.5"),
    )
    assert [(name, told.status) for name, told in news] == [("evidence_recorded", "declared")]


def test_who_may_read_the_records_declares_for_others_and_nobody_else_does(officer) -> None:
    assert declare(manager()).declared_by == manager()
    with pytest.raises(NotPermitted):
        declare(make.person("NGOAI"), reference="GCN-2")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"source": Source.ONLINE}, OnlyThePlatform),
        ({"completed_on": date(2026, 6, 15)}, NotYetCompleted),
        ({"valid_until": date(2026, 5, 1)}, DaysOutOfOrder),
        ({"course": "Z9"}, UnknownCourse),
    ],
)
def test_what_cannot_be_is_refused(officer, changes, refusal) -> None:
    with pytest.raises(refusal):
        declare(officer, **changes)


def test_what_is_there_is_not_declared_again(officer) -> None:
    declare(officer)
    with pytest.raises(AlreadyThere):
        declare(officer)
    declare(officer, reference="")
    with pytest.raises(AlreadyThere):
        declare(officer, reference="")
    declare(officer, reference="", completed_on=date(2026, 5, 2))


# Deciding


def test_a_second_person_with_the_permit_approves(officer, news) -> None:
    row = services.approve_evidence(evidence=declare(officer), by=manager(), today=TODAY)
    assert (row.status, row.approved_by) == ("approved", manager())
    assert [name for name, _told in news] == ["evidence_recorded", "evidence_decided"]


def test_rejecting_needs_a_reason(officer) -> None:
    row = declare(officer)
    with pytest.raises(ReasonNeeded):
        services.reject_evidence(evidence=row, by=manager(), today=TODAY, reason=" ")
    assert services.reject_evidence(evidence=row, by=manager(), today=TODAY, reason="Mờ").status == "rejected"


def test_what_was_decided_is_not_decided_again(officer) -> None:
    row = services.approve_evidence(evidence=declare(officer), by=manager(), today=TODAY)
    with pytest.raises(AlreadyDecided):
        services.reject_evidence(evidence=row, by=manager("QL2"), today=TODAY, reason="x")


def test_nobody_approves_what_they_declared(officer) -> None:
    row = declare(manager())
    with pytest.raises(SecondPersonNeeded):
        services.approve_evidence(evidence=row, by=manager(), today=TODAY)
    assert services.approve_evidence(evidence=row, by=manager("QL2"), today=TODAY).status == "approved"


def test_nobody_approves_their_own_under_another_code(officer) -> None:
    """ABUSE A11: the manager is the officer, known under two codes."""
    merge_people(person=manager(), same_as=officer, reason="một người", by="operator", today=TODAY)
    with pytest.raises(SecondPersonNeeded):
        services.approve_evidence(evidence=declare(officer), by=manager(), today=TODAY)


def test_approving_needs_the_permit_for_a_unit_of_the_person(officer) -> None:
    stranger = make.person("QL9")
    make.role(stranger, make.unit("99"))
    with pytest.raises(NotPermitted):
        services.approve_evidence(evidence=declare(officer), by=stranger, today=TODAY)


# Revoking


def revoke(**options: Any) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    code = 0
    values = {"reference": "GCN-1", "revoke_on": date(2026, 6, 1), "reason": "Giấy giả", **options}
    try:
        call_command("correct_evidence", json=True, stdout=out, stderr=StringIO(), **values)
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(out.getvalue())


def test_evidence_is_revoked_from_a_day_with_a_reason_and_the_old_belief_stays(officer, news) -> None:
    declare(officer)
    code, answer = revoke()
    assert (code, answer["corrected"], answer["unchanged"]) == (0, 1, 0)
    rows = Evidence.objects.order_by("pk").values_list("revoked_on", flat=True)
    assert list(rows) == [None, date(2026, 6, 1)]
    assert revoke()[1]["unchanged"] == 1
    assert [name for name, _told in news] == ["evidence_recorded", "evidence_revoked"]


def test_a_reference_that_nobody_has_is_refused(officer) -> None:
    assert revoke(reference="GCN-9")[1]["refused"] == UnknownReference.code
    assert revoke(reference="")[1]["refused"] == UnknownReference.code


def test_a_reference_of_several_people_names_the_person_or_all(officer) -> None:
    make.posting(make.person("CB2"), make.unit("32"), "TTCN")
    declare(officer)
    declare("operator", person="CB2")
    code, answer = revoke()
    assert (code, answer["refused"]) == (1, ReferenceOfSeveral.code)
    assert Evidence.objects.current().filter(revoked_on=None).count() == 2
    assert revoke(person="CB1")[1]["corrected"] == 1
    assert revoke(all=True)[1] == {"ledger": revoke(all=True)[1]["ledger"], "corrected": 1, "unchanged": 1}


def test_nobody_revokes_their_own_and_not_without_the_permit(officer) -> None:
    row = declare(officer)
    with pytest.raises(NotPermitted):
        services.revoke_evidence(evidence=row, on=TODAY, by=officer, today=TODAY, reason="x")
    with pytest.raises(ReasonNeeded):
        services.revoke_evidence(evidence=row, on=TODAY, by=manager(), today=TODAY, reason="")


# What the platform saw


def online(**changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "person_id": Person.objects.get(code="CB1").pk,
        "course_id": Course.objects.get(code="B5").pk,
        "edition": 1,
        "level": "nang_cao",
        "hours": Decimal("1.5"),
        "score": Decimal(90),
        "outcome": Outcome.PASSED,
        "completed_on": date(2026, 6, 1),
        "reference": "online:B5:1:1:CB1",
        "by": "platform",
        **changes,
    }
    return services.record_online_evidence(**values)


def test_online_evidence_is_approved_by_nature_and_written_once(officer, news) -> None:
    row = online()
    assert row.status == "approved"
    assert online() == row
    assert [name for name, _told in news] == ["evidence_recorded"]


def test_progress_begins_once_and_ends(officer) -> None:
    course = Course.objects.get(code="B5").pk
    for _ in range(2):
        services.begin_progress(person_id=officer.pk, course_id=course, on=TODAY, by="platform")
    services.end_progress(person_id=officer.pk, course_id=course, on=date(2026, 6, 20), by="platform")
    (row,) = Progress.objects.current()
    assert (row.since, row.until) == (TODAY, date(2026, 6, 20))


def test_progress_that_ends_on_its_first_day_was_none(officer) -> None:
    course = Course.objects.get(code="B5").pk
    services.begin_progress(person_id=officer.pk, course_id=course, on=TODAY, by="platform")
    services.end_progress(person_id=officer.pk, course_id=course, on=TODAY, by="platform")
    assert not Progress.objects.current().exists()


# What the database keeps


EVIDENCE_THAT_CANNOT_BE = {
    "online_evidence_is_approved_by_nature": {"source": "online", "status": "declared"},
    "evidence_is_approved_by_a_second_person": {"declared_by": "QL", "approved_by": "QL"},
    "evidence_is_not_approved_by_whom_it_trains": {"approved_by": "CB1"},
    "evidence_that_waits_was_approved_by_nobody": {"status": "declared", "approved_by": "QL"},
    "evidence_holds_for_a_day_at_least": {"valid_until": date(2026, 5, 1)},
    "evidence_has_no_hours_below_nought": {"hours": Decimal("-0.5")},
    "evidence_reference_is_used_once_per_person_and_course": {"reference": "GCN-1"},
    "evidence_without_reference_is_stated_once_a_day": {"reference": ""},
}


@pytest.mark.parametrize("constraint", EVIDENCE_THAT_CANNOT_BE)
def test_the_database_refuses_evidence_that_cannot_be(officer, constraint) -> None:
    declare(officer)
    declare(officer, reference="")
    changes: dict[str, Any] = EVIDENCE_THAT_CANNOT_BE[constraint]
    values = {
        "source": "external",
        "status": "approved",
        "reference": "GCN-2",
        **{k: manager(v) if k.endswith("_by") else v for k, v in changes.items()},
    }
    row = Evidence(
        person=officer,
        course=Course.objects.get(code="B5"),
        completed_on=date(2026, 5, 1),
        outcome="passed",
        **values,
    )
    with refused(constraint):
        record_fact(row, by="operator")


def test_a_person_is_in_the_middle_of_a_course_once(officer) -> None:
    course = Course.objects.get(code="B5")
    record_fact(Progress(person=officer, course=course, since=TODAY), by="platform")
    with refused("person_has_one_open_progress_per_course"):
        record_fact(Progress(person=officer, course=course, since=date(2026, 6, 1)), by="platform")
