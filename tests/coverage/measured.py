"""One large register in a database of its own, measured: prints what it found as JSON.

`python -m tests.coverage.measured --people 10000 --units 230 --evidence 30000`, with DATABASE_URL naming an
empty database. The floor and the computation take turns, so that what else the machine does hits both.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

DAY = date(2026, 11, 1)
PERIOD = date(2026, 1, 1)
GRACE = 30
AUDIENCE = (1 << 15) - 1
"""All fifteen groups: everybody who works is in the population."""
COUNTED = ("trained", "pending", "expired", "not_started", "excluded", "in_grace", "attendances")


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("people", "units", "evidence"):
        options.add_argument(f"--{name}", type=int, required=True)
    options.add_argument("--versions", type=int, default=0)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.config.settings")

    import django

    django.setup()
    from tests.factories.large import fill

    started = time.perf_counter()
    fill(people=asked.people, units=asked.units, evidence=asked.evidence, versions=asked.versions)
    ask_for_a_target()
    filled = time.perf_counter() - started
    found = _measured(asked.rounds, times=max(1, 500_000 // asked.people))
    print(json.dumps({**found, "filled": round(filled, 1)}))  # noqa: T201


def ask_for_a_target() -> None:
    from django.db import connection

    from lms.coverage.models import Target
    from lms.kernel.models import LedgerEntry
    from lms.roster.models import Unit

    size = LedgerEntry.objects.order_by("-number").values_list("number", flat=True).first()
    row = Target(
        code="T",
        name="T",
        audience_mask=AUDIENCE,
        unit=Unit.objects.get(code="VN"),
        courses=[f"K{number}" for number in range(1, 7)],
        excluded_reasons=["thai_san"],
        period_start=PERIOD,
        period_end=date(2026, 12, 31),
        grace_days=GRACE,
        recorded_entry=size,
        recorded=size,
    )
    # Past the ledger, as the whole register was: its entries are not there to be extended.
    super(type(row).__mro__[1], row).save()
    with connection.cursor() as cursor:
        # What the server does by itself, some minutes after so many rows have come in.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _measured(rounds: int, times: int) -> dict[str, Any]:
    from django.db import connection

    from lms.coverage import queries

    from .floor import FLOOR

    def floor() -> list[Any]:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET enable_nestloop = off; SET enable_hashjoin = off")
            cursor.execute(FLOOR)
            rows = list(cursor.fetchall())
            if connection.vendor == "postgresql":
                cursor.execute("RESET enable_nestloop; RESET enable_hashjoin")
            return rows

    def ours() -> dict[str, Any]:
        return queries.every_unit("T", "VN", DAY)

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # So that all the work is done by the one process whose seconds are counted.
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    agree(floor(), ours())
    found: dict[str, list[float]] = {}
    for _round in range(rounds):
        for name, act in (("floor", floor), ("ours", ours)):
            wall, processor = timed(act, times)
            found.setdefault(f"{name}_wall", []).append(wall)
            found.setdefault(f"{name}_cpu", []).append(processor)
    return {"vendor": connection.vendor, **{name: min(times) for name, times in found.items()}}


def agree(floor: list[Any], figures: dict[str, Any]) -> None:
    """Both count the same, or there is nothing to measure."""
    expected: dict[int, dict[str, int]] = {}
    for top, state, people, attendances in floor:
        unit = expected.setdefault(top, dict.fromkeys(COUNTED, 0))
        unit[state] += int(people)
        unit["attendances"] += int(attendances)
    for figure in figures.values():
        counts = {name: getattr(figure, name) for name in COUNTED}
        if counts != expected.get(figure.unit_id, dict.fromkeys(COUNTED, 0)):
            raise AssertionError(f"{figure.unit}: {counts}, the floor says {expected.get(figure.unit_id)}")


def timed(act: Callable[[], object], times: int = 1) -> tuple[float, float]:
    """Seconds by the clock, and of processor: of this process and, where it is here, of the server's.

    The system counts a server's time in hundredths of a second, so what is short is done many times.
    """
    server = _server()
    before, used = time.perf_counter(), time.process_time() + _seconds_of(server)
    for _time in range(times):
        act()
    spent = time.process_time() + _seconds_of(server) - used
    return (time.perf_counter() - before) / times, spent / times


def _server() -> Path | None:
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ((pid,),) = cursor.fetchall()
    path = Path(f"/proc/{pid}/stat")
    return path if path.exists() else None


def _seconds_of(process: Path | None) -> float:
    if process is None:
        return 0.0
    fields = process.read_text().rpartition(")")[2].split()
    # utime and stime
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
