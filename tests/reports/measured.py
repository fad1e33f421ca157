"""Provinces in a database of their own: closing, files, consolidation. Prints JSON.

`python -m tests.reports.measured --provinces 1 --communes 120 --people 5000`, with DATABASE_URL naming an
empty database. People and communes are those of each province. Every fact has its entry in the ledger.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

DAY = date(2026, 6, 14)
TODAY = date(2026, 6, 20)
CHUNK = 5_000


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("provinces", "communes", "people"):
        options.add_argument(f"--{name}", type=int, required=True)
    asked = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.config.settings")

    import django

    django.setup()
    found: dict[str, float] = {"filled": clock(lambda: fill(asked.provinces, asked.communes, asked.people))}
    found |= of_a_province(asked.communes)
    if asked.provinces > 1:
        found |= of_the_country(asked.provinces)
    print(json.dumps(found))  # noqa: T201


def clock(act: Callable[[], object]) -> float:
    """Seconds of processor."""
    used = time.process_time()
    act()
    return round(time.process_time() - used, 2)


def fill(provinces: int, communes: int, people: int) -> None:
    from content.models import Course
    from lms.coverage.models import Evidence, Target
    from lms.kernel.services import record_fact
    from lms.roster.models import Person, Posting, Unit
    from tests.factories import roster as make

    course = Course.objects.create(code="B5", title="B5")
    country = make.unit("VN", kind="country", name="Việt Nam")
    for code in ("BC1", "BC2"):
        make.role(make.person(code), country, "reporting_officer")
    audience = make.mask("TTCN")
    target = Target(
        code="T1",
        name="Trên 80 % cán bộ được tập huấn",
        audience_mask=audience,
        unit=country,
        courses=["B5"],
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )
    record_fact(target, by="operator")
    for number in range(1, provinces + 1):
        province = f"P{number:02}"
        top = make.unit(province, country, kind="province", name=f"Tỉnh thứ {number}")
        below = Unit.objects.bulk_create(Unit(code=f"{province}X{n:03}") for n in range(communes))
        write(span(unit, top, n) for n, unit in enumerate(below))
        staff = Person.objects.bulk_create(Person(code=f"{province}N{n:05}") for n in range(people))
        write(
            Posting(person=who, unit=below[n % communes], audience_mask=audience, since=date(2021, 1, 1))
            for n, who in enumerate(staff)
        )
        write(
            Evidence(
                person=who,
                course=course,
                source="class",
                completed_on=DAY - timedelta(days=n % 150 + 200 * again),
                outcome="passed",
                level="co_ban",
                status="approved",
                reference=f"QĐ-{n % 40}-{again}",
            )
            for n, who in enumerate(staff)
            for again in range(2)
            if n % 7
        )


def span(unit: Any, top: Any, number: int) -> Any:
    from lms.roster.models import UnitSpan

    name = f"Phường thứ {number}"
    return UnitSpan(
        unit=unit, name=name, folded_name=name.lower(), kind="commune", parent=top, since=date(2020, 1, 1)
    )


def write(rows: Iterator[Any]) -> None:
    from lms.kernel.services import record_facts

    while some := list(islice(rows, CHUNK)):
        record_facts(some, by="operator")


def asked_of(unit: str, units: list[str]) -> Any:
    from lms.reports import services
    from lms.reports.enums import PeriodKind

    asked = services.PeriodAsked(
        f"06 tháng, {unit}", PeriodKind.HALF_YEAR, date(2026, 1, 1), DAY, TODAY, ["T1"], units
    )
    return services.open_period(unit=unit, asked=asked, by=officer("BC1"), today=TODAY)


def officer(code: str) -> Any:
    from lms.roster.models import Person

    return Person.objects.get(code=code)


def ready(period: Any, code: str) -> Any:
    """Opened once, as its page does, and prepared."""
    from lms.reports import services
    from lms.reports.models import Letterhead, UnitReport
    from lms.reports.writing import letterhead_for

    rows = UnitReport.objects.select_related("period__unit", "period__station", "unit")
    report = rows.get(period=period, unit__code=code)
    if not Letterhead.objects.filter(unit=report.unit).exists():
        letterhead_for(report.unit, DAY).save()
    return services.prepare_report(report=report, version=report.version, by=officer("BC1"), today=TODAY)


def sign(report: Any) -> Any:
    from lms.reports import services

    return services.sign_report(report=report, version=report.version, by=officer("BC2"), today=TODAY)


def of_a_province(communes: int) -> dict[str, float]:
    from lms.kernel.jobs import work_all
    from lms.kernel.models import Job
    from lms.reports.models import WrittenFile
    from lms.reports.writing import figures_of, letter_of

    period = asked_of("P01", [f"P01X{n:03}" for n in range(communes)])
    report = ready(period, "P01")
    found = {
        "draft": clock(lambda: letter_of(report, figures_of(report))),
        "sign": clock(lambda: sign(report)),
    }
    Job.objects.exclude(kind="reports.write").delete()
    found["files"] = clock(work_all)
    for file in WrittenFile.objects.all():
        found[f"{file.format}_bytes"] = len(bytes(file.content))
    return found


def of_the_country(provinces: int) -> dict[str, float]:
    from lms.reports.writing import figures_of, letter_of

    codes = [f"P{n:02}" for n in range(1, provinces + 1)]
    period = asked_of("VN", codes)
    found = {"reports": clock(lambda: [sign(ready(period, code)) for code in codes])}
    report = ready(period, "VN")
    found["consolidation"] = clock(lambda: sign(report))
    signed = type(report).objects.select_related("period__unit", "period__station", "unit").get(pk=report.pk)
    found["letter"] = clock(lambda: letter_of(signed, figures_of(signed)))
    return found


if __name__ == "__main__":
    main()
