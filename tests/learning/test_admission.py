"""Who may begin a course: open, by the unit, by obligation. Enforced where an enrolment begins."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from content.enums import Admission
from content.models import CoursePage
from content.records.editions import EditionListed
from lms.coverage.models import Target
from lms.kernel.services import record_fact
from lms.learning import services
from lms.learning.enums import Reason
from lms.learning.errors import AssignedByTargetsAlone, EnrolmentClosed
from lms.learning.models import Assignment, Enrolment
from lms.roster.models import Person, Unit
from tests.factories import content, roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
NOTHING, ASSIGNED, DEMANDED = "nothing", "assigned", "demanded"


@pytest.fixture
def commune() -> Unit:
    return roster.unit("X")


@pytest.fixture
def edition() -> EditionListed:
    return content.edition("TV")


@pytest.fixture
def manager(commune: Unit) -> Person:
    who = roster.person()
    roster.posting(who, commune)
    roster.role(who, commune)
    return who


@pytest.fixture
def officer(commune: Unit) -> Person:
    who = roster.person()
    roster.posting(who, commune, "TTCN")
    who.user = get_user_model().objects.create(username=who.code)
    who.save()
    return who


def closed(admission: Admission) -> None:
    CoursePage.objects.filter(code="TV").update(admission=admission)


def given(ground: str, officer: Person, manager: Person, commune: Unit) -> None:
    """Why the officer might begin the course; an assignment was made while that was still allowed."""
    if ground == ASSIGNED:
        services.assign_course(people=[officer.pk], course="TV", due=None, by=manager, on=DAY)
    if ground == DEMANDED:
        target = Target(
            code="T", name="T", audience_mask=roster.mask("TTCN"), unit=commune, courses=["TV"],
            period_start=date(2026, 1, 1), period_end=date(2026, 12, 31),
        )  # fmt: skip
        record_fact(target, by="operator")


ADMITTED = {
    Admission.OPEN: {NOTHING, ASSIGNED, DEMANDED},
    Admission.UNIT: {ASSIGNED, DEMANDED},
    Admission.DUTY: {DEMANDED},
}


@pytest.mark.parametrize("ground", [NOTHING, ASSIGNED, DEMANDED])
@pytest.mark.parametrize("admission", list(Admission))
def test_a_course_is_begun_by_whom_it_admits_and_by_nobody_else(
    admission: Admission,
    ground: str,
    client: Client,
    edition: EditionListed,
    officer: Person,
    manager: Person,
    commune: Unit,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: DAY)
    given(ground, officer, manager, commune)
    closed(admission)
    client.force_login(officer.user)
    admitted = ground in ADMITTED[admission]
    page = client.get("/learn/TV/").content.decode()
    assert ("Bắt đầu học" in page) is admitted
    assert client.post("/learn/TV/").status_code == (302 if admitted else 403)
    assert Enrolment.objects.filter(person=officer).exists() is admitted


def test_a_refusal_says_what_to_do(edition: EditionListed, officer: Person) -> None:
    closed(Admission.UNIT)
    with pytest.raises(EnrolmentClosed, match="thủ trưởng đơn vị"):
        services.enrol(person_id=officer.pk, course="TV", on=DAY)


def test_a_manager_enrols_in_a_course_of_the_unit_and_not_in_one_by_obligation(
    edition: EditionListed, officer: Person
) -> None:
    closed(Admission.DUTY)
    with pytest.raises(EnrolmentClosed):
        services.enrol(person_id=officer.pk, course="TV", on=DAY, reason=Reason.MANAGER)
    closed(Admission.UNIT)
    assert services.enrol(person_id=officer.pk, course="TV", on=DAY, reason=Reason.MANAGER).pk


@pytest.mark.parametrize("reason", [Reason.TOPUP, Reason.REPEAT, Reason.RENEWAL])
def test_what_the_platform_asks_again_is_never_refused(
    reason: Reason, edition: EditionListed, officer: Person
) -> None:
    closed(Admission.DUTY)
    assert services.enrol(person_id=officer.pk, course="TV", on=DAY, reason=reason).reason == reason


def test_whoever_has_begun_goes_on_when_the_course_closes(edition: EditionListed, officer: Person) -> None:
    begun = services.enrol(person_id=officer.pk, course="TV", on=DAY)
    closed(Admission.DUTY)
    assert services.enrol(person_id=officer.pk, course="TV", on=DAY) == begun


def test_a_course_by_obligation_is_not_assigned(
    edition: EditionListed, officer: Person, manager: Person
) -> None:
    closed(Admission.DUTY)
    with pytest.raises(AssignedByTargetsAlone):
        services.assign_course(people=[officer.pk], course="TV", due=None, by=manager, on=DAY)
    assert Assignment.objects.count() == 0


def test_the_public_page_says_who_may_begin(client: Client, edition: EditionListed) -> None:
    closed(Admission.UNIT)
    page = CoursePage.objects.get(code="TV")
    assert "do đơn vị giao" in client.get(page.url).content.decode().casefold()
