"""Who looked at whom: noted once a day, in one statement, for the one who was looked at."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from lms.roster import queries, services
from lms.roster.enums import LookedAt
from lms.roster.models import Look
from tests.factories import roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def note(people, by, on=DAY):
    services.note_looks(people=[one.pk for one in people], page=LookedAt.TRAINING, by=by, on=on)


def test_fifty_people_are_noted_in_one_statement(django_assert_num_queries):
    looker, people = roster.person(), [roster.person() for _ in range(50)]
    with django_assert_num_queries(1):
        note(people, looker)
    assert Look.objects.count() == 50


def test_looking_again_on_the_same_day_is_one_look_and_on_the_next_day_another():
    looker, who = roster.person(), roster.person()
    note([who], looker)
    note([who], looker)
    note([who], looker, DAY + timedelta(days=1))
    assert Look.objects.count() == 2


def test_looking_at_oneself_is_not_noted():
    who = roster.person()
    note([who], who)
    assert Look.objects.count() == 0


def test_the_person_reads_who_looked_from_which_unit_under_every_code_of_theirs():
    unit = roster.unit("A", name="Phường Kiến An")
    looker = roster.person(full_name="Trần Quản Lý")
    roster.posting(looker, unit)
    who, twin = roster.person("CB1"), roster.person("CB2")
    services.merge_people(person=twin, same_as=who, reason="", by="operator", today=DAY)
    note([twin], looker)
    told = queries.looks_at(queries.codes_of_human(who.pk), DAY)
    assert [(look.name, look.unit, look.day) for look in told] == [("Trần Quản Lý", "Phường Kiến An", DAY)]


@pytest.mark.parametrize("size", [1, 3])
def test_reading_who_looked_costs_the_same_for_one_and_for_three(size, django_assert_num_queries):
    who = roster.person()
    for _ in range(size):
        note([who], roster.person())
    with django_assert_num_queries(4):
        queries.looks_at([who.pk], DAY)


def test_opening_a_persons_page_is_told_to_the_person(client):
    unit = roster.unit("A")
    manager, who = roster.person(full_name="Trần Quản Lý"), roster.person()
    roster.posting(who, unit)
    roster.role(manager, unit)
    for one in (manager, who):
        one.user = get_user_model().objects.create_user(one.code)
        one.save()
    client.force_login(manager.user)
    client.get(reverse("roster:person", args=[who.public_id]))
    client.force_login(who.user)
    assert "Trần Quản Lý" in client.get(reverse("portal:my_data")).text
    assert Look.objects.get().day == timezone.localdate()
