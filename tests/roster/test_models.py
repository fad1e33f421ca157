"""What the database itself refuses."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError

from lms.kernel.services import record_fact
from lms.roster.models import (
    Absence,
    Audience,
    NationalId,
    PersonMerge,
    PersonRecord,
    Posting,
    RoleGrant,
    Unit,
    UnitSpan,
    Upload,
)
from tests.factories import roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture
def unit():
    return roster.unit("A")


@pytest.fixture
def person():
    return roster.person("CB1")


def refused(name):
    """SQLite names columns where PostgreSQL names the constraint."""
    return pytest.raises(IntegrityError, match=f"{name}|UNIQUE constraint failed")


def record(row):
    return record_fact(row, by="operator")


def span(unit, **values):
    return UnitSpan(unit=unit, name="X", folded_name="x", kind="commune", **{"since": DAY, **values})


def test_a_unit_has_one_open_span(unit):
    with refused("unit_has_one_open_span"):
        record(span(unit))


def test_a_unit_has_one_span_from_a_day(unit):
    with refused("unit_has_one_span_from_a_day"):
        record(span(unit, since=roster.LONG_AGO, until=DAY))


def test_a_unit_is_not_its_own_parent():
    new_unit = Unit.objects.create(code="B")
    with refused("unit_is_not_its_own_parent"):
        record(span(new_unit, parent=new_unit))


def test_a_span_ends_after_it_begins():
    with refused("unitspan_ends_after_it_begins"):
        record(span(Unit.objects.create(code="B"), until=DAY))


def test_an_audience_has_a_bit_that_fits_and_is_its_own():
    with refused("audience_bit_fits_a_signed_bigint"):
        Audience.objects.create(code="X", name="X", bit=62)


def test_two_audiences_share_no_bit():
    with refused("bit"):
        Audience.objects.create(code="X", name="X", bit=0)


def test_a_person_has_one_current_record(person):
    with refused("person_has_one_current_record"):
        record(PersonRecord(person=person, full_name="B", folded_name="b"))


def test_a_person_has_one_posting_per_unit_and_first_day(person, unit):
    roster.posting(person, unit, since=DAY)
    with refused("person_has_one_posting_per_unit_and_first_day"):
        record(Posting(person=person, unit=unit, since=DAY))


def test_a_posting_ends_after_it_begins(person, unit):
    with refused("posting_ends_after_it_begins"):
        record(Posting(person=person, unit=unit, since=DAY, until=DAY))


def test_a_person_has_one_absence_per_reason_and_first_day(person):
    roster.absence(person, since=DAY)
    with refused("person_has_one_absence_per_reason_and_first_day"):
        record(Absence(person=person, reason="thai_san", since=DAY))


def test_an_absence_is_approved_by_a_second_person(person):
    manager = roster.person()
    with refused("absence_is_approved_by_a_second_person"):
        record(Absence(person=person, reason="om_dai", since=DAY, proposed_by=manager, approved_by=manager))


def test_an_absence_is_not_approved_by_who_is_away(person):
    with refused("absence_is_not_approved_by_who_is_away"):
        record(Absence(person=person, reason="om_dai", since=DAY, approved_by=person))


def test_a_person_holds_a_role_once_per_unit(person, unit):
    roster.role(person, unit)
    with refused("person_holds_a_role_once_per_unit"):
        record(RoleGrant(person=person, unit=unit, role="unit_manager", since=DAY))


def test_nobody_grants_themselves_a_role(person, unit):
    with refused("nobody_grants_themselves_a_role"):
        record(RoleGrant(person=person, unit=unit, role="auditor", since=DAY, granted_by=person))


def test_a_role_is_approved_by_a_second_person(person, unit):
    one = roster.person()
    with refused("role_is_approved_by_a_second_person"):
        record(
            RoleGrant(person=person, unit=unit, role="auditor", since=DAY, granted_by=one, approved_by=one)
        )


def test_a_person_is_merged_into_one_other(person):
    record(PersonMerge(person=person, same_as=roster.person()))
    with refused("person_is_merged_into_one_other"):
        record(PersonMerge(person=person, same_as=roster.person()))


def test_a_person_is_not_merged_into_themselves(person):
    with refused("person_is_not_merged_into_themselves"):
        record(PersonMerge(person=person, same_as=person))


def test_one_national_id_belongs_to_one_person(person):
    NationalId.objects.create(person=person, sealed=b"x", fingerprint=b"1" * 32)
    with refused("fingerprint"):
        NationalId.objects.create(person=roster.person(), sealed=b"y", fingerprint=b"1" * 32)


def test_an_upload_of_a_whole_staff_names_unit_and_day(person, unit):
    with refused("upload_of_a_whole_staff_names_unit_and_day"):
        Upload.objects.create(
            public_id=uuid4(), kind="roster", name="f", sealed=b"", uploaded_by=person, whole_unit=unit
        )
