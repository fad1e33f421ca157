"""How fast a roster goes in, and in how much memory; `BENCH_ROSTER_ROWS` for another size than a million."""

import csv
import os
import resource
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings

from lms.roster.made_up import REAL_UNITS
from lms.roster.names import Names

pytestmark = pytest.mark.bench
ROWS = int(os.environ.get("BENCH_ROSTER_ROWS", "1000000"))


def write_roster(path: Path, rows: int) -> None:
    random = Random(3)
    names = Names(random)
    with REAL_UNITS.open(encoding="utf-8") as file:
        units = [
            line["code"]
            for line in csv.DictReader(file)
            if line["since"] == "2025-07-01" and line["kind"] == "commune"
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["person", "full_name", "birth_date", "phone", "unit", "title", "audiences", "since", "decision"]
        )
        for number in range(rows):
            writer.writerow(
                [
                    f"CB{number:07}",
                    names.draw().full_name,
                    date(1965, 1, 1) + timedelta(days=random.randrange(13_000)),
                    f"09{random.randrange(10**8):08}",
                    random.choice(units),
                    "Công chức",
                    random.choice(("QLNN", "YT", "CA", "QLNN;LD", "TTCN")),
                    date(2025, 7, 1) + timedelta(days=random.randrange(500)),
                    f"{number % 900}/QĐ-UBND",
                ]
            )


@pytest.fixture
def manage(tmp_path):
    """Runs manage.py on a database of its own; the seconds of one core that it took."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/bench.sqlite3",
        "VAR_DIR": str(tmp_path),
        "DEBUG": "0",
        "SECRET_KEY": "bench",
    }

    def run(*arguments: str) -> float:
        before = _children_seconds()
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return _children_seconds() - before

    return run


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_million_lines_go_in_at_three_thousand_a_second_under_600_mb(manage, tmp_path):
    manage("migrate")
    units = manage("import_units", str(REAL_UNITS))
    path = tmp_path / "roster.csv"
    write_roster(path, ROWS)
    seconds = manage("import_roster", str(path))
    # Of all children so far the largest: the import of the roster.
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    told = f"{ROWS:,} lines in {seconds:.0f} s of one core: {ROWS / seconds:,.0f}/s, {megabytes:.0f} MB"
    print(f"\nimport_units: 14,150 spans in {units:.1f} s\nimport_roster: {told}")  # noqa: T201
    assert ROWS / seconds >= 3_000
    assert megabytes < 600
