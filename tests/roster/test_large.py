"""The generator of large registers."""

from random import Random

import pytest
from django.db.models import Max

from lms.kernel.queries import ledger_size
from lms.roster.models import Person, PersonRecord, Posting, Unit
from lms.roster.queries import units_below
from tests.factories.large import TODAY, _Maker, fill

pytestmark = pytest.mark.django_db


def test_a_register_of_a_thousand_people_stands_as_asked():
    filled = fill(people=1_000, units=200, evidence=3_000)
    assert (Person.objects.count(), PersonRecord.objects.current().count()) == (1_000, 1_000)
    assert units_below([filled.country], TODAY).count() == 200
    assert Posting.objects.known_at(filled.ledger).count() == filled.postings
    assert ledger_size() == filled.ledger


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    def drawn(seed):
        maker = _Maker(Random(seed), people=50, units=60, country="VN")
        return [*maker.records(), *maker.postings(), *maker.evidence(20)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_superseded_versions_are_known_before_and_not_now():
    filled = fill(people=20, units=40, versions=2)
    assert Posting.objects.count() == 3 * Posting.objects.current().count()
    assert Posting.objects.known_at(filled.ledger).count() == Posting.objects.current().count()


def test_a_filled_register_can_be_written_on():
    fill(people=5, units=40)
    highest = Unit.objects.aggregate(pk=Max("pk"))["pk"]
    assert Unit.objects.create(code="new").pk > highest
