"""A province's report as files, and the country's consolidation: `make bench`."""

import json

import pytest

from tests.coverage.test_bench import empty_database, run

pytestmark = pytest.mark.bench
COMMUNES, PEOPLE, PROVINCES = 120, 5_000, 34


def measured(provinces: int) -> dict[str, float]:
    sizes = {"provinces": provinces, "communes": COMMUNES, "people": PEOPLE}
    with empty_database() as environment:
        said = run(environment, "-m", "tests.reports.measured", *(f"--{k}={v}" for k, v in sizes.items()))
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    told = "; ".join(f"{name} {value:,}" for name, value in found.items())
    print(f"\n{provinces} × {COMMUNES} communes, {PEOPLE:,} people, seconds of one core: {told}")  # noqa: T201
    return found


def test_a_province_s_report_is_written_in_three_formats() -> None:
    assert measured(1)["files"] < 20


def test_thirty_four_provinces_are_consolidated() -> None:
    assert measured(PROVINCES)["consolidation"] < 10
