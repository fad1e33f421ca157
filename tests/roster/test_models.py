"""What the database itself refuses."""

from datetime import date
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from lms.kernel.constraints import SpansApart
from lms.kernel.services import correct_fact, record_fact, withdraw_fact
from lms.roster.enums import LookedAt
from lms.roster.models import (
    Absence,
    Audience,
    ErasureRequest,
    Look,
    NationalId,
    Person,
    PersonMerge,
    PersonRecord,
    Posting,
    RoleGrant,
    RosterConfirmation,
    Unit,
    UnitSpan,
    Upload,
)
from tests.factories import roster
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture
def unit():
    return roster.unit("A")


@pytest.fixture
def person():
    return roster.person("CB1")


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


def test_a_unit_is_not_its_own_successor(unit):
    with refused("unit_is_not_its_own_successor"):
        record(span(Unit.objects.create(code="B"), successor=Unit.objects.get(code="B")))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2025, 12, 31), date(2026, 1, 2)),  # over the first day
        (date(2026, 1, 31), date(2026, 3, 1)),  # over the last day
        (date(2026, 1, 10), date(2026, 1, 11)),  # inside
        (date(2025, 1, 1), None),  # around
    ],
)
def test_a_unit_stands_in_one_place_on_a_day(since, until):
    shire = Unit.objects.create(code="B")
    record(span(shire, until=date(2026, 2, 1)))
    with refused("unit_stands_in_one_place_on_a_day"):
        record(span(shire, since=since, until=until))


def test_a_span_that_is_stretched_in_place_over_another_is_refused():
    shire = Unit.objects.create(code="B")
    first = record(span(shire, until=date(2026, 2, 1)))
    record(span(shire, since=date(2026, 2, 1)))
    with refused("unit_stands_in_one_place_on_a_day"):
        UnitSpan._base_manager.filter(pk=first.pk).update(until=date(2026, 2, 2))


def test_spans_that_touch_and_spans_that_are_no_longer_believed_stand_beside_others():
    shire = Unit.objects.create(code="B")
    first = record(span(shire, until=date(2026, 2, 1)))
    record(span(shire, since=date(2026, 2, 1)))
    record(span(Unit.objects.create(code="C"), until=date(2026, 2, 1)))
    first = correct_fact(first, {"name": "Y"}, by="operator")
    withdraw_fact(first, by="operator")
    record(span(shire, since=date(2025, 1, 1), until=date(2026, 2, 1)))
    assert UnitSpan.objects.current().filter(unit=shire).count() == 2


def test_a_form_hears_of_spans_that_share_a_day():
    shire = Unit.objects.create(code="B")
    standing = record(span(shire, until=date(2026, 2, 1)))
    (apart,) = (each for each in UnitSpan._meta.constraints if isinstance(each, SpansApart))
    apart.validate(UnitSpan, standing)
    apart.validate(UnitSpan, span(shire, since=date(2026, 2, 1)))
    with pytest.raises(ValidationError):
        apart.validate(UnitSpan, span(shire, since=date(2026, 1, 31)))


def test_an_audience_has_a_bit_that_fits_and_is_its_own():
    with refused("audience_bit_fits_a_signed_bigint"):
        Audience.objects.create(code="X", name="X", bit=62)


def test_two_audiences_share_no_bit():
    with refused("roster_audience.bit"):
        Audience.objects.create(code="X", name="X", bit=0)


def test_a_person_has_one_current_record(person):
    with refused("person_has_one_current_record"):
        record(PersonRecord(person=person, full_name="B", folded_name="b"))


def test_a_person_has_one_posting_per_unit_and_first_day(person, unit):
    roster.posting(person, unit, since=DAY)
    with refused("person_has_one_posting_per_unit_and_first_day"):
        record(Posting(person=person, unit=unit, since=DAY))


def test_a_posting_names_audiences_by_their_bits(person, unit):
    with refused("posting_names_audiences_by_their_bits"):
        record(Posting(person=person, unit=unit, since=DAY, audience_mask=-1))


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


def test_an_absence_that_waits_was_approved_by_nobody(person):
    with refused("absence_that_waits_was_approved_by_nobody"):
        record(Absence(person=person, reason="om_dai", since=DAY, approved_by=roster.person()))


def test_the_list_of_staff_is_confirmed_once_a_day(unit):
    record(RosterConfirmation(unit=unit, day=DAY))
    with refused("list_of_staff_is_confirmed_once_a_day"):
        record(RosterConfirmation(unit=unit, day=DAY))


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


def test_a_role_that_waits_was_approved_by_nobody(person, unit):
    grant = RoleGrant(person=person, unit=unit, role="auditor", since=DAY, status="proposed")
    grant.approved_by = roster.person()
    with refused("role_that_waits_was_approved_by_nobody"):
        record(grant)


def test_a_person_is_erased_once(person):
    record(ErasureRequest(person=person, reason="đơn"))
    with refused("person_is_erased_once"):
        record(ErasureRequest(person=person, reason="đơn"))


@pytest.mark.parametrize(
    ("asks", "decides"), [("CB1", None), (None, "CB1"), ("CB2", "CB2")], ids=["own", "judge", "same"]
)
def test_an_erasure_is_decided_by_a_second_person(person, asks, decides):
    people = {"CB1": person, "CB2": roster.person("CB2"), None: None}
    row = ErasureRequest(person=person, reason="x", proposed_by=people[asks], decided_by=people[decides])
    row.status = "approved"
    with refused("erasure_is_decided_by_a_second_person"):
        record(row)


def test_an_erasure_that_waits_was_decided_by_nobody(person):
    with refused("erasure_that_waits_was_decided_by_nobody"):
        record(ErasureRequest(person=person, reason="x", decided_by=roster.person()))


def test_a_person_is_merged_into_one_other(person):
    record(PersonMerge(person=person, same_as=roster.person()))
    with refused("person_is_merged_into_one_other"):
        record(PersonMerge(person=person, same_as=roster.person()))


def test_a_person_is_not_merged_into_themselves(person):
    with refused("person_is_not_merged_into_themselves"):
        record(PersonMerge(person=person, same_as=person))


def test_one_national_id_belongs_to_one_person(person):
    NationalId.objects.create(person=person, sealed=b"x", fingerprint=b"1" * 32)
    with refused("roster_nationalid.fingerprint"):
        NationalId.objects.create(person=roster.person(), sealed=b"y", fingerprint=b"1" * 32)


def test_a_person_has_one_national_id(person):
    NationalId.objects.create(person=person, sealed=b"x", fingerprint=b"1" * 32)
    with refused("roster_nationalid.person_id"):
        NationalId.objects.create(person=person, sealed=b"y", fingerprint=b"2" * 32)


def test_a_code_names_one_person_one_unit_and_one_audience(person, unit):
    with refused("roster_person.code"):
        Person.objects.create(code=person.code)
    with refused("roster_unit.code"):
        Unit.objects.create(code=unit.code)
    with refused("roster_audience.code"):
        Audience.objects.create(code="YT", name="X", bit=61)


def test_an_account_belongs_to_one_person(person):
    user = get_user_model().objects.create(username="one")
    Person.objects.filter(pk=person.pk).update(user=user)
    with refused("roster_person.user_id"):
        Person.objects.create(code="CB2", user=user)


def test_a_look_is_noted_once_a_day_and_never_at_oneself(person):
    look = {"person": person, "looker": roster.person(), "page": LookedAt.TRAINING, "day": DAY}
    Look.objects.create(**look)
    with refused("look_is_noted_once_a_day"):
        Look.objects.create(**look)
    with refused("nobody_looks_at_their_own_record"):
        Look.objects.create(**{**look, "looker": person})


def test_an_upload_of_a_whole_staff_names_unit_and_day(person, unit):
    with refused("upload_of_a_whole_staff_names_unit_and_day"):
        Upload.objects.create(
            public_id=uuid4(), kind="roster", name="f", sealed=b"", uploaded_by=person, whole_unit=unit
        )
