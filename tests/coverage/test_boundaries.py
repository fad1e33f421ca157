"""The edges of docs/coverage.md, each by name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from content.models import Course
from lms.coverage import queries
from lms.coverage.errors import NoSuchUnit
from lms.coverage.models import Evidence, Target
from lms.coverage.records import Figure
from lms.kernel.services import record_fact
from lms.roster.models import Person, RosterConfirmation, Unit
from tests.factories import roster as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 14)


@pytest.fixture
def country() -> Unit:
    Course.objects.create(code="B5", title="B5")
    return make.unit("VN", kind="country")


def target(unit: Unit, **fields: Any) -> Target:
    row = Target(
        **{
            "code": "T",
            "name": "T",
            "audience_mask": make.mask("TTCN"),
            "unit": unit,
            "courses": ["B5"],
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 12, 31),
            **fields,
        }
    )
    return record_fact(row, by="operator")


def trained(person: Person, *, on: date = date(2026, 5, 1), **fields: Any) -> Evidence:
    row = Evidence(
        **{
            "person": person,
            "course": Course.objects.get(code="B5"),
            "source": "class",
            "completed_on": on,
            "outcome": "passed",
            "status": "approved",
            **fields,
        }
    )
    return record_fact(row, by="operator")


def officer(*units: Unit, since: date = make.LONG_AGO) -> Person:
    person = make.person()
    for unit in units:
        make.posting(person, unit, "TTCN", since=since)
    return person


def figure(unit: Unit, on: date = DAY, **options: Any) -> Figure:
    return queries.coverage_of("T", unit.code, on, **options)


# The rate ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operator", "met", "short_by"), [(">", False, 1), (">=", True, 0), ("=", True, 0)])
def test_exactly_80_percent_is_not_above_80_percent(country, operator, met, short_by) -> None:
    target(country, operator=operator, value=Decimal(80))
    people = [officer(country) for _ in range(40)]
    for person in people[:32]:
        trained(person)
    found = figure(country)
    assert (found.trained, found.required, found.rate) == (32, 40, "80.0")
    assert (found.met, found.short_by) == (met, short_by)


def test_two_thirds_are_shown_rounded_down_and_compared_exactly(country) -> None:
    target(country, operator=">=", value=Decimal("66.7"))
    people = [officer(country) for _ in range(3)]
    for person in people[:2]:
        trained(person)
    found = figure(country)
    assert (found.rate, found.met, found.short_by) == ("66.6", False, 1)


def test_equal_to_a_share_that_no_number_of_people_makes_cannot_be_met(country) -> None:
    target(country, operator="=", value=Decimal(80))
    for _ in range(3):
        officer(country)
    found = figure(country)
    assert (found.met, found.short_by) == (False, None)


def test_with_nobody_required_there_is_no_rate_and_nothing_is_met(country) -> None:
    target(country)
    found = figure(country)
    assert (found.required, found.rate, found.met, found.short_by) == (0, None, None, None)


def test_with_everybody_excluded_there_is_no_rate_either(country) -> None:
    target(country, excluded_reasons=["thai_san"])
    make.absence(officer(country), since=date(2026, 6, 14))
    found = figure(country)
    assert (found.excluded, found.required, found.rate, found.met) == (1, 0, None, None)


# Days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "counted"),
    [
        (date(2026, 2, 27), 0),
        (date(2026, 2, 28), 0),  # D − 3 months is 31 February, so 28 February: not later than that
        (date(2026, 3, 1), 1),
    ],
)
def test_new_within_months_from_a_day_that_does_not_exist_begins_after_the_months_last_day(
    country, since, counted
) -> None:
    target(country, new_within_months=3, grace_days=0)
    officer(country, since=since)
    assert figure(country, date(2026, 5, 31)).required == counted


@pytest.mark.parametrize(
    ("completed", "state"),
    [(date(2026, 2, 28), "expired"), (date(2026, 3, 1), "trained")],
)
def test_a_window_of_months_from_a_day_that_does_not_exist_begins_after_the_months_last_day(
    country, completed, state
) -> None:
    target(country, window="months", window_months=3)
    trained(officer(country), on=completed)
    assert getattr(figure(country, date(2026, 5, 31)), state) == 1


def test_somebody_who_held_such_a_post_long_ago_elsewhere_is_not_new(country) -> None:
    target(country, new_within_months=3, grace_days=0)
    person = officer(country, since=date(2026, 6, 1))
    make.posting(person, make.unit("OLD"), "TTCN", since=date(2019, 1, 1), until=date(2019, 2, 1))
    assert figure(country).required == 0


@pytest.mark.parametrize(
    ("since", "in_grace", "required"),
    [
        (date(2026, 5, 16), 1, 0),  # the 30th day of the posting, and the last of grace
        (date(2026, 5, 15), 0, 1),
    ],
)
def test_on_the_last_day_of_grace_a_person_is_listed_and_the_day_after_counted(
    country, since, in_grace, required
) -> None:
    target(country, grace_days=30)
    officer(country, since=since)
    found = figure(country)
    assert (found.in_grace, found.required) == (in_grace, required)


def test_grace_ends_with_the_first_posting_that_is_old_enough(country) -> None:
    target(country, grace_days=30)
    a, b = make.unit("A", country), make.unit("B", country)
    person = officer(a, since=date(2026, 6, 1))
    make.posting(person, b, "TTCN", since=date(2026, 1, 1))
    assert (figure(a).in_grace, figure(a).required) == (1, 0)
    assert (figure(b).in_grace, figure(b).required) == (0, 1)
    assert (figure(country).in_grace, figure(country).required) == (0, 1)


@pytest.mark.parametrize(("until", "state"), [(DAY, "expired"), (date(2026, 6, 15), "trained")])
def test_evidence_that_expires_on_the_day_is_not_valid_on_it(country, until, state) -> None:
    target(country, must_be_valid=True)
    trained(officer(country), valid_until=until)
    assert getattr(figure(country), state) == 1


def test_expired_evidence_counts_where_validity_is_not_asked_for(country) -> None:
    target(country)
    trained(officer(country), valid_until=DAY)
    assert figure(country).trained == 1


@pytest.mark.parametrize(("revoked", "state"), [(DAY, "not_started"), (date(2026, 6, 15), "trained")])
def test_evidence_that_is_revoked_on_the_day_does_not_count_on_it(country, revoked, state) -> None:
    target(country)
    trained(officer(country), revoked_on=revoked)
    assert getattr(figure(country), state) == 1


@pytest.mark.parametrize(
    ("completed", "state"),
    [
        (date(2025, 12, 31), "expired"),
        (date(2026, 1, 1), "trained"),
        (DAY, "trained"),
        (date(2026, 6, 15), "not_started"),
    ],
)
def test_the_period_counts_from_its_first_day_to_the_day_itself(country, completed, state) -> None:
    target(country)
    trained(officer(country), on=completed)
    assert getattr(figure(country), state) == 1


def test_the_end_of_the_period_cuts_nothing_off(country) -> None:
    target(country)
    trained(officer(country), on=date(2027, 1, 15))
    assert figure(country, date(2027, 2, 1)).trained == 1


@pytest.mark.parametrize(("until", "required"), [(DAY, 0), (date(2026, 6, 15), 1)])
def test_a_posting_that_ends_on_the_day_is_over(country, until, required) -> None:
    target(country)
    make.posting(make.person(), country, "TTCN", until=until)
    assert figure(country).required == required


@pytest.mark.parametrize(("until", "required"), [(DAY, 1), (date(2026, 6, 15), 0)])
def test_an_absence_that_ends_on_the_day_is_over(country, until, required) -> None:
    target(country, excluded_reasons=["thai_san"])
    make.absence(officer(country), since=date(2026, 1, 1), until=until)
    assert figure(country).required == required


# The tree ---------------------------------------------------------------------------------------


def test_a_unit_that_ends_on_the_day_is_refused_and_its_people_are_counted_nowhere(country) -> None:
    target(country)
    ends = make.unit("X", country, until=DAY)
    officer(ends)
    with pytest.raises(NoSuchUnit):
        figure(ends)
    assert figure(country).required == 0
    assert figure(ends, date(2026, 6, 13)).required == figure(country, date(2026, 6, 13)).required == 1


def test_a_unit_below_one_that_ended_is_not_below_the_country_on_that_day(country) -> None:
    target(country)
    province = make.unit("P", country, kind="province", until=DAY)
    commune = make.unit("X", province)
    officer(commune)
    assert figure(country).required == 0


def test_with_two_posts_below_one_province_a_person_counts_once_in_each_commune_and_once_above(
    country,
) -> None:
    target(country)
    province = make.unit("P", country, kind="province")
    a, b = make.unit("A", province), make.unit("B", province)
    trained(officer(a, b))
    officer(a)
    counts = [(figure(unit).trained, figure(unit).required) for unit in (a, b, province, country)]
    assert counts == [(1, 2), (1, 1), (1, 2), (1, 2)]
    every = queries.every_unit("T", "VN", DAY)
    assert [(every[u.code].trained, every[u.code].required) for u in (a, b, province, country)] == counts


def test_a_person_in_two_provinces_counts_once_in_each_and_once_in_the_country(country) -> None:
    target(country)
    provinces = [make.unit(code, country, kind="province") for code in ("P1", "P2")]
    communes = [make.unit(f"X{p.code}", p) for p in provinces]
    trained(officer(*communes))
    every = queries.every_unit("T", "VN", DAY)
    assert {code: (f.trained, f.required, f.attendances) for code, f in every.items()} == {
        "VN": (1, 1, 1),
        "P1": (1, 1, 1),
        "P2": (1, 1, 1),
        "XP1": (1, 1, 1),
        "XP2": (1, 1, 1),
    }


def test_a_post_in_a_unit_and_another_above_it_is_one_person_there(country) -> None:
    target(country)
    commune = make.unit("X", country)
    officer(commune, country)
    assert (figure(commune).required, figure(country).required) == (1, 1)


def test_a_unit_outside_the_targets_own_has_nobody(country) -> None:
    here, there = make.unit("P1", country), make.unit("P2", country)
    target(here)
    officer(here)
    officer(there)
    assert (figure(there).required, figure(here).required, figure(country).required) == (0, 1, 1)


# Waiting, and freshness -------------------------------------------------------------------------


def test_what_waits_for_approval_is_pending_and_what_was_rejected_is_nothing(country) -> None:
    target(country)
    trained(officer(country), status="declared")
    trained(officer(country), status="rejected")
    found = figure(country)
    assert (found.trained, found.pending, found.not_started, found.attendances) == (0, 1, 1, 0)


@pytest.mark.parametrize(("day", "confirmed"), [(date(2026, 1, 1), 1), (date(2025, 12, 31), 0)])
def test_a_list_confirmed_on_the_first_day_of_the_period_is_fresh(country, day, confirmed) -> None:
    target(country)
    officer(country)
    record_fact(RosterConfirmation(unit=country, day=day), by="operator")
    found = figure(country)
    assert (found.roster.units, found.roster.confirmed, found.roster.oldest) == (1, confirmed, day)


# Cost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("children", [1, 3, 300])
def test_a_unit_with_its_children_costs_at_most_12_queries(
    country, children, django_assert_max_num_queries
) -> None:
    target(country)
    for number in range(children):
        trained(officer(make.unit(f"X{number}", country), country))
    with django_assert_max_num_queries(12):
        found = figure(country, children=True, people=True)
    assert (len(found.children), found.trained) == (children, children)
