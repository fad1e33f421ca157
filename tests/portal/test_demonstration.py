"""The demonstration organisation."""

from datetime import date
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from lms.coverage.models import Evidence, ProofFile
from lms.coverage.queries import coverage_of
from lms.portal import made_up_training as training
from lms.portal.demonstration import SIGN_INS
from lms.roster import queries
from lms.roster.made_up import COMMUNE, Staff
from lms.roster.models import Absence, Person, Posting, RoleGrant, Unit
from lms.roster.records import Demonstration

TODAY = date(2026, 11, 22)


def drawn(seed=1):
    staff = Staff(Random(seed), TODAY)
    staff.found_units()
    staff.employ()
    return staff


def demonstration(staff):
    return Demonstration(
        TODAY, COMMUNE, staff.learner, staff.next_learner, staff.on_leave, tuple(staff.people)
    )


def test_the_same_seed_gives_the_same_staff_and_training():
    one, two, other = drawn(1), drawn(1), drawn(2)
    assert (one.units, one.postings, one.absences()) == (two.units, two.postings, two.absences())
    assert training.evidence(demonstration(one), seed=1) == training.evidence(demonstration(two), seed=1)
    assert one.postings != other.postings


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_the_chosen_commune_thirty_one_of_forty_are_trained_and_the_learner_is_not(seed):
    staff = demonstration(drawn(seed))
    t1: dict[str, Any] = training.targets(staff)[0]
    counted = {
        person.code
        for person in staff.people
        if person.unit == COMMUNE
        and set(t1["audiences"]) & set(person.audiences)
        and person.code != staff.on_leave
    }
    columns = training.EVIDENCE_HEADER
    rows = [dict(zip(columns, row, strict=True)) for row in training.evidence(staff, seed=seed)]
    trained = {
        row["person"]
        for row in rows
        if row["course"] in t1["courses"]
        and (row["outcome"], row["status"]) == ("passed", "approved")
        and str(t1["period_start"]) <= str(row["completed_on"]) <= TODAY.isoformat()
    }
    assert (len(counted), len(counted & trained)) == (40, 31)
    assert {staff.learner, staff.next_learner} <= counted - trained


def test_nobody_of_the_chosen_commune_works_elsewhere_too():
    staff = drawn()
    here = {person.code for person in staff.people if person.unit == COMMUNE}
    assert {p.code for p in staff.people if p.unit != COMMUNE} & here == set()


def test_evidence_is_never_dated_in_the_future():
    staff = demonstration(drawn())
    assert max(str(row[4]) for row in training.evidence(staff, seed=1)) <= TODAY.isoformat()


@pytest.mark.django_db
def test_the_demonstration_loads_into_an_empty_register_and_only_there():
    call_command("load_demo", "--today", "2026-11-22", stderr=StringIO(), stdout=StringIO())
    assert 1_800 <= Person.objects.count() <= 2_200
    assert set(get_user_model().objects.values_list("username", flat=True)) == {
        person.username for person in SIGN_INS
    }
    assert get_user_model().objects.get(username="can-bo").check_password("vung-trinh-dien-2026")
    assert RoleGrant.objects.count() == 7
    assert Absence.objects.filter(status="proposed").count() == 2
    waiting = Evidence.objects.current().filter(status="declared").exclude(proofs="")
    assert (waiting.count(), all(row.is_whole() for row in waiting)) == (8, True)
    assert ProofFile.objects.filter(unit__isnull=False).count() == 6
    assert not queries.postings_without_a_unit(TODAY).exists()
    commune = Unit.objects.get(code=COMMUNE)
    moved = Posting.objects.current().filter(unit=commune, since=date(2025, 7, 1))
    assert moved.count() >= 10
    figure = coverage_of("T1", COMMUNE, TODAY)
    assert (figure.required, figure.trained, figure.excluded, figure.short_by) == (40, 31, 1, 2)
    with pytest.raises(SystemExit):
        call_command("load_demo", stderr=StringIO())
