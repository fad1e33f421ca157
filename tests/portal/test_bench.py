"""The desk of a country, and everybody of a large unit as a file: `make bench`."""

import json

import pytest

from tests.coverage.test_bench import PEOPLE as COUNTRY
from tests.coverage.test_bench import empty_database, run

pytestmark = pytest.mark.bench
PEOPLE = 100_000
ROWS_A_SECOND = 20_000
MEGABYTES = 50


def test_a_list_of_a_hundred_thousand_people_streams_in_flat_memory() -> None:
    with empty_database() as environment:
        said = run(environment, "-m", "tests.portal.measured", f"--people={PEOPLE}")
    found = json.loads(said.splitlines()[-1])
    rows = found["rows"]
    for form in ("csv", "xlsx"):
        print(f"\n{form}: {rows:,.0f} rows at {rows / found[form]:,.0f} rows/s of one core")  # noqa: T201
    print(f"\nmemory grew by {found['grown']:.0f} MB; the figure took {found['figure']:.2f} s")  # noqa: T201
    assert rows > PEOPLE // 2
    assert rows / found["csv"] >= ROWS_A_SECOND
    assert rows / found["xlsx"] >= ROWS_A_SECOND
    assert found["grown"] < MEGABYTES


def test_the_desk_of_a_whole_country_opens_at_once_and_says_what_is_so() -> None:
    with empty_database() as environment:
        said = run(environment, "-m", "tests.portal.measured_desk", f"--people={COUNTRY}", "--units=23000")
    found = json.loads(said.splitlines()[-1])
    print(f"\nthe desk of {COUNTRY:,} people, in seconds of one core: ", end="")  # noqa: T201
    print("; ".join(f"{name} {value:.2f}" for name, value in found.items() if name != "same"))  # noqa: T201
    assert found["same"]
    assert found["first"] < 1.5
    assert found["again"] < 0.3
    assert found["after_news"] < 0.3
