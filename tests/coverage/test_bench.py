"""What one target costs over a large register, beside hand-written SQL on the same tables: `make bench`.

`BENCH_PEOPLE` for another size than a million. Each register fills a database of its own, beside the one that
DATABASE_URL names, and throws it away.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

pytestmark = pytest.mark.bench
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000000"))
URL = os.environ.get("DATABASE_URL", "sqlite:///")
MOST_SECONDS = 4 if URL.startswith("postgres") else 6


@contextmanager
def empty_database() -> Iterator[dict[str, str]]:
    """The environment of a process that has a migrated database to itself."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "VAR_DIR": folder, "DEBUG": "0", "SECRET_KEY": "bench"}
        if not URL.startswith("postgres"):
            environment["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
            run(environment, "manage.py", "migrate")
            yield environment
            return
        import psycopg

        name = f"bench_{os.getpid()}"
        with psycopg.connect(URL, dbname="postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
            try:
                environment["DATABASE_URL"] = urlunsplit(urlsplit(URL)._replace(path=f"/{name}"))
                run(environment, "manage.py", "migrate")
                yield environment
            finally:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=Path(settings.ROOT), env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@cache
def measured(people: int, versions: int = 0) -> dict[str, Any]:
    """Units and evidence grow with the people, as they would."""
    with empty_database() as environment:
        said = run(
            environment,
            *("-m", "tests.coverage.measured", f"--people={people}", f"--units={people * 23 // 1000}"),
            *(f"--evidence={people * 3}", f"--versions={versions}"),
        )
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    tell(people, versions, found)
    return found


def tell(people: int, versions: int, found: dict[str, Any]) -> None:
    print(  # noqa: T201
        f"\n{found['vendor']:<11} {people:>9,} people {people * 3:>9,} evidence {versions} superseded | "
        f"ours {found['ours_wall']:6.2f} s ({found['ours_cpu']:6.2f} of processor) | "
        f"floor {found['floor_wall']:6.2f} s ({found['floor_cpu']:6.2f}) | "
        f"{found['ours_cpu'] / found['floor_cpu']:4.2f} × the floor | filled in {found['filled']:.0f} s"
    )


def test_every_units_own_figure_costs_at_most_twice_the_hand_written_sql() -> None:
    found = measured(PEOPLE)
    assert found["ours_cpu"] <= 2 * found["floor_cpu"]
    assert found["ours_cpu"] < MOST_SECONDS * PEOPLE / 1_000_000


def test_cost_grows_with_the_people_and_no_faster() -> None:
    small, large = measured(PEOPLE // 100), measured(PEOPLE)
    growth = large["ours_cpu"] / small["ours_cpu"]
    print(f"\n{PEOPLE // 100:,} → {PEOPLE:,} people: {growth:.0f} times the cost")  # noqa: T201
    assert growth <= 100 * 1.2


def test_five_superseded_versions_of_every_fact_cost_at_most_a_tenth_more() -> None:
    plain, corrected = measured(PEOPLE // 10), measured(PEOPLE // 10, versions=5)
    more = corrected["ours_cpu"] / plain["ours_cpu"] - 1
    print(f"\n5 superseded versions of every fact: {more:+.1%}")  # noqa: T201
    assert more <= 0.1
