"""What it costs to ask whether somebody may see somebody: one statement, whatever the size of the country."""

import os
from datetime import date
from random import Random
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.roster.enums import Permit, Role
from lms.roster.models import Person, Posting, RoleGrant, Unit
from lms.roster.policies import may_see, people_within_reach
from tests.factories import roster
from tests.factories.large import TODAY as LARGE_TODAY
from tests.factories.large import fill

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
PERMIT = Permit.READ_RECORDS
PEOPLE = int(os.environ.get("BENCH_REACH_PEOPLE", "100000"))


def test_it_is_one_statement(django_assert_num_queries):
    province = roster.unit("31", kind="province")
    commune = roster.unit("A", province)
    me, who, stranger = roster.person(), roster.person(), roster.person()
    roster.role(me, province)
    roster.posting(who, commune)
    roster.posting(stranger, roster.unit("F"))
    with django_assert_num_queries(1):
        assert may_see(me, PERMIT, who, TODAY)
    assert not may_see(me, PERMIT, stranger, TODAY)


@pytest.mark.parametrize("seed", range(12))
def test_it_says_of_everybody_what_the_reach_says(seed):
    """Trees with units that end, roles that wait or have ended, people with two posts or none, a manager who
    has left."""
    random = Random(seed)
    units: list[Unit] = []
    for number in range(12):
        parent = random.choice(units) if units and random.random() < 0.85 else None
        until = TODAY if random.random() < 0.15 else None
        units.append(roster.unit(f"U{seed}-{number}", parent, until=until))
    people = [roster.person() for _ in range(14)]
    for who in people:
        for unit in random.sample(units, random.choice((0, 1, 1, 2))):
            roster.posting(who, unit, until=random.choice((None, None, TODAY)))
    me = roster.person()
    for unit in random.sample(units, seed % 3):
        roster.posting(me, unit, until=random.choice((None, TODAY)))
    for unit in random.sample(units, 3):
        role = random.choice((Role.UNIT_MANAGER, Role.AUDITOR, Role.TRAINER))
        status = random.choice(("approved", "approved", "proposed"))
        roster.role(me, unit, role, until=random.choice((None, None, TODAY)), status=status)
    reach = set(people_within_reach(me, PERMIT, TODAY))
    assert {who for who in [*people, me] if may_see(me, PERMIT, who, TODAY)} == reach


def _plan(statement: str) -> str:
    """How the database goes about it, as it says itself."""
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {statement}")
        return "\n".join(str(row) for row in cursor.fetchall())


def test_it_is_answered_by_indexes_and_no_table_is_read_from_end_to_end():
    filled = fill(people=6_000, units=2_000)
    me = Person.objects.create(code="QL")
    held = {"person": me, "unit_id": filled.provinces[0], "role": Role.UNIT_MANAGER}
    RoleGrant.objects.bulk_create([RoleGrant(**held, since=date(2020, 1, 1), recorded_entry=1, recorded=1)])
    who = Person.objects.filter(postings__isnull=False).order_by("code").first()
    with connection.cursor() as cursor:
        for table in ("roster_posting", "roster_unitspan", "roster_rolegrant"):
            cursor.execute(f"ANALYZE {table}")
    with CaptureQueriesContext(connection) as captured:
        may_see(me, PERMIT, who, LARGE_TODAY)
    assert len(captured) == 1
    plan = _plan(captured.captured_queries[0]["sql"])
    indexed = {"roster_posting", "roster_unitspan"}
    if connection.vendor == "sqlite":
        assert {table for table in indexed if f"SCAN {table}" in plan} == set()
        assert "USING COVERING INDEX" in plan or "USING INDEX" in plan
    else:
        assert {table for table in indexed if f"Seq Scan on {table}" in plan} == set()
        assert "Index" in plan


@pytest.mark.bench
def test_the_reach_of_a_province_manager_over_100_000_people():
    """`make bench`: microseconds of one answer, and that no table is read from end to end."""
    filled = fill(people=PEOPLE, units=4_000)
    me = Person.objects.create(code="QL")
    held = {
        "person": me,
        "unit_id": filled.provinces[0],
        "role": Role.UNIT_MANAGER,
        "since": date(2020, 1, 1),
    }
    RoleGrant.objects.bulk_create([RoleGrant(**held, recorded_entry=1, recorded=1)])
    people = list(Posting.objects.current().on(LARGE_TODAY).values_list("person", flat=True)[:2_000])
    asked = list(Person.objects.filter(pk__in=people))
    with CaptureQueriesContext(connection) as captured:
        may_see(me, PERMIT, asked[0], LARGE_TODAY)
    plan = _plan(captured.captured_queries[-1]["sql"])
    begin = perf_counter()
    seen = sum(may_see(me, PERMIT, who, LARGE_TODAY) for who in asked)
    each = (perf_counter() - begin) / len(asked) * 1e6
    print(f"\nmay see, {PEOPLE:,} people: {each:,.0f} µs an answer, {seen} of {len(asked)} within reach")  # noqa: T201
    assert 0 < seen < len(asked)
    for table in ("roster_posting", "roster_unitspan", "roster_rolegrant"):
        assert f"SCAN {table}" not in plan
        assert f"Seq Scan on {table}" not in plan
    assert each < 5_000
