"""Instances made past `__init__` are those that it would have made."""

from datetime import date

import pytest

from lms.kernel import bulk
from lms.kernel.services import record_facts
from lms.roster.models import Person, Posting
from tests.factories import roster

pytestmark = pytest.mark.django_db


def test_a_row_made_quickly_is_the_row_that_init_makes():
    who, where = roster.person(), roster.unit()
    values = {"person": who, "unit": where, "since": date(2026, 1, 1), "title": "Y sĩ"}
    quick, slow = bulk.make(Posting, **values), Posting(**values)
    quick.chain = slow.chain
    state = {name: value for name, value in vars(slow).items() if name != "_state"}
    assert {name: value for name, value in vars(quick).items() if name != "_state"} == state
    assert quick.person is who


def test_each_row_gets_its_own_identity():
    assert bulk.make(Person, code="A").public_id != bulk.make(Person, code="B").public_id


def test_rows_made_quickly_are_recorded_like_others():
    who, where = roster.person(), roster.unit()
    record_facts([bulk.make(Posting, person=who, unit=where, since=date(2026, 1, 1))], by="operator")
    assert Posting.objects.get().person == who
