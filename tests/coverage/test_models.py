"""What the database itself refuses of a target."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lms.coverage.models import Target
from lms.kernel.services import record_fact, withdraw_fact
from tests.factories import roster
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NONSENSE: list[tuple[str, dict[str, Any]]] = [
    ("target_versions_begin_with_one", {"version": 0}),
    ("target_names_an_audience", {"audience_mask": 0}),
    ("target_counts_people_or_units", {"having": "school"}),
    ("target_counts_people_or_units", {"counts": "units", "grace_days": 0}),
    ("target_counts_people_or_units", {"counts": "units", "audience_mask": 0}),
    ("target_period_ends_after_it_begins", {"period_end": date(2025, 12, 31)}),
    ("target_window_of_months_says_how_many", {"window": "months"}),
    ("target_window_of_months_says_how_many", {"window": "months", "window_months": 0}),
    ("target_value_is_a_percentage", {"value": Decimal("100.1")}),
    ("target_value_is_a_percentage", {"value": Decimal("-0.1")}),
    ("target_of_hours_says_how_many", {"course_rule": "hours"}),
    ("target_of_hours_says_how_many", {"course_rule": "hours", "hours": 0}),
    ("target_of_newcomers_has_no_grace", {"new_within_months": 6}),
]


def target(**fields: Any) -> Target:
    """A sound version of a target, but for the fields that are given."""
    if "unit" not in fields:
        fields["unit"] = roster.unit("VN")
    return Target(
        **{
            "code": "T1",
            "name": "Trên 80 %",
            "audience_mask": 1,
            "courses": ["B5"],
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 1, 1),
            **fields,
        }
    )


@pytest.mark.parametrize(("constraint", "fields"), NONSENSE)
def test_the_database_refuses_a_target_that_means_nothing(constraint, fields) -> None:
    with refused(constraint):
        record_fact(target(**fields), by="operator")


def test_a_version_of_a_target_is_stated_once() -> None:
    first = record_fact(target(), by="operator")
    again = {"unit": first.unit, "name": "Khác"}
    with refused("target_version_is_stated_once"):
        record_fact(target(**again), by="operator")
    record_fact(target(**again, version=2), by="operator")
    withdraw_fact(first, by="operator")
    record_fact(target(**again), by="operator")
