"""Large registers for benchmarks and tests of scale: deterministic, written past the ORM and the ledger.

`fill(people=1_000_000, units=23_000, evidence=3_000_000)` fills an empty database in about two minutes.
Facts carry the numbers that the ledger would have given, in order; the ledger itself has only its last entry,
so that its size is right; nothing may be appended to it, and it cannot be verified.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from lms.kernel.folding import fold
from lms.kernel.models import LedgerEntry
from lms.roster.models import (
    Absence,
    Audience,
    Person,
    PersonRecord,
    Posting,
    RosterConfirmation,
    Unit,
    UnitSpan,
)
from lms.roster.names import Names

FIRST_DAY = date(2020, 1, 1)
REFORM = date(2025, 7, 1)
TODAY = date(2026, 11, 22)
_CHUNK = 20_000


@dataclass(frozen=True)
class Filled:
    """What was written; `ledger` is the number at which all of it is known."""

    country: int
    provinces: range
    units: int
    people: int
    postings: int
    evidence: int
    ledger: int


@transaction.atomic
def fill(
    *,
    people: int,
    units: int = 23_000,
    evidence: int = 0,
    versions: int = 0,
    seed: int = 1,
    country: str = "VN",
) -> Filled:
    """Fill an empty register.

    Units: a country, up to 34 provinces, four fifths communes (renamed at the reform of 2025), the rest
    schools and facilities below communes. People: most hold one posting, some moved, some hold two, some have
    left.
    `versions`: how many superseded beliefs every fact has before the one that is believed now.
    """
    if Unit.objects.exists() or Person.objects.exists():
        raise ValueError("the register is not empty")
    writer = _Writer(versions)
    maker = _Maker(Random(seed), people, units, country)
    writer.write(Unit, ("id", "public_id", "code"), maker.unit_anchors())
    writer.facts(UnitSpan, _SPAN, maker.unit_spans())
    writer.write(Person, ("id", "public_id", "code"), maker.person_anchors())
    writer.facts(PersonRecord, _RECORD, maker.records())
    writer.facts(Posting, _POSTING, maker.postings())
    writer.facts(Absence, _ABSENCE, maker.absences())
    writer.facts(RosterConfirmation, ("unit_id", "day"), maker.confirmations())
    if evidence:
        writer.write(apps.get_model("content.Course"), ("id", "public_id", "code", "title", "level"), COURSES)
        writer.facts(apps.get_model("coverage.Evidence"), _EVIDENCE, maker.evidence(evidence))
    writer.finish()
    return Filled(1, maker.provinces, units, people, writer.written[Posting], evidence, writer.number)


_SPAN = ("unit_id", "name", "folded_name", "kind", "parent_id", "since", "until")
_RECORD = ("person_id", "full_name", "folded_name", "birth_date")
_POSTING = ("person_id", "unit_id", "title", "audience_mask", "since", "until")
_ABSENCE = ("person_id", "reason", "since", "until", "status")
_EVIDENCE = (
    "person_id", "course_id", "level", "source", "completed_on", "hours", "score", "outcome", "valid_until",
    "reference", "status",
)  # fmt: skip
COURSES = [
    (number, f"{0x100 + number:032x}", f"K{number}", f"Khóa {number}", level)
    for number, level in enumerate(
        ("co_ban", "co_ban", "co_ban", "nang_cao", "nang_cao", "chuyen_sau"), start=1
    )
]


class _Maker:
    """Rows in the order of their columns, days as ISO texts."""

    def __init__(self, random: Random, people: int, units: int, country: str) -> None:
        self.random = random
        self.people = people
        self.units = units
        self.country = country
        last_province = min(35, max(2, units // 20 + 2))
        self.provinces = range(2, last_province + 1)
        """Ids of the provinces; 1 is the country."""
        self.last_commune = max(last_province + 1, units * 4 // 5)
        self.days = [(FIRST_DAY + timedelta(days=n)).isoformat() for n in range((TODAY - FIRST_DAY).days)]
        masks = [audience.mask for audience in Audience.objects.all()]
        self.masks = [*masks, *(a | b for a in masks[:6] for b in masks[2:8])]

    def unit_anchors(self) -> Iterator[tuple[Any, ...]]:
        for unit in range(1, self.units + 1):
            yield unit, f"{0x1000000 + unit:032x}", self.country if unit == 1 else f"U{unit:05}"

    def unit_spans(self) -> Iterator[tuple[Any, ...]]:
        first, reform = FIRST_DAY.isoformat(), REFORM.isoformat()
        for unit in range(1, self.units + 1):
            if unit == 1:
                yield unit, "Việt Nam", "viet nam", "country", None, first, None
            elif unit in self.provinces:
                yield unit, f"Tỉnh {unit}", f"tinh {unit}", "province", 1, first, None
            elif unit <= self.last_commune:
                province = self.province_of(unit)
                yield unit, f"Xã {unit}", f"xa {unit}", "commune", province, first, reform
                yield unit, f"Phường {unit}", f"phuong {unit}", "commune", province, reform, None
            else:
                kind = "school" if unit % 5 else "facility"
                yield unit, f"Trường {unit}", f"truong {unit}", kind, self.commune_of(unit), first, None

    def province_of(self, commune: int) -> int:
        return self.provinces[commune % len(self.provinces)]

    def commune_of(self, school: int) -> int:
        span = self.last_commune - self.provinces[-1]
        return self.provinces[-1] + 1 + school % span

    def person_anchors(self) -> Iterator[tuple[Any, ...]]:
        for person in range(1, self.people + 1):
            yield person, f"{0x2000000000 + person:032x}", f"CB{person:07}"

    def records(self) -> Iterator[tuple[Any, ...]]:
        names = Names(self.random)
        births = [(date(1964, 1, 1) + timedelta(days=n)).isoformat() for n in range(0, 14_000, 3)]
        drawn = [names.draw().full_name for _ in range(min(self.people, 40_000))]
        folded = {name: fold(name) for name in drawn}
        for person in range(1, self.people + 1):
            name = self.random.choice(drawn)
            yield person, name, folded[name], self.random.choice(births)

    def postings(self) -> Iterator[tuple[Any, ...]]:
        random, days, units = self.random.random, self.days, self.units
        first = self.provinces[0]
        for person in range(1, self.people + 1):
            unit = first + int(random() * (units - 1))
            mask = self.masks[int(random() * len(self.masks))]
            start = int(random() * (len(days) - 400))
            chance = random()
            if chance < 0.78:
                yield person, unit, "Công chức", mask, days[start], None
            elif chance < 0.88:  # moved
                end = start + 30 + int(random() * 300)
                yield person, unit, "Công chức", mask, days[start], days[end]
                other = first + int(random() * (units - 1))
                yield person, other, "Công chức", mask, days[end], None
            elif chance < 0.95:  # two at once, mostly not far from each other
                yield person, unit, "Công chức", mask, days[start], None
                other = unit + len(self.provinces)
                if other > units or random() < 0.1:
                    other = first + int(random() * (units - 1))
                if other == unit:
                    other = first
                yield person, other, "Kiêm nhiệm", mask, days[start + 1], None
            else:  # left
                yield person, unit, "Công chức", mask, days[start], days[start + 100 + int(random() * 299)]

    def absences(self) -> Iterator[tuple[Any, ...]]:
        reasons = ("thai_san", "om_dai", "biet_phai", "di_hoc")
        for person in range(7, self.people + 1, 97):
            start = int(self.random.random() * (len(self.days) - 200))
            until = self.days[start + 180] if person % 2 else None
            yield person, reasons[person % 4], self.days[start], until, "approved"

    def confirmations(self) -> Iterator[tuple[Any, ...]]:
        for unit in range(self.provinces[0], self.units + 1):
            if unit % 3:
                yield unit, self.days[-1 - int(self.random.random() * 300)]

    def evidence(self, rows: int) -> Iterator[tuple[Any, ...]]:
        random, days = self.random.random, self.days
        outcomes = ("passed", "passed", "passed", "completed", "attended")
        for number in range(1, rows + 1):
            # The same people again and again, so that a third has none.
            person = 1 + int(random() * random() * self.people)
            course = COURSES[int(random() * len(COURSES))]
            day = int(random() * (len(days) - 2))
            source = ("online", "class", "external")[int(random() * random() * 3)]
            declared = source != "online" and random() < 0.1
            until = (
                days[min(day + 730, len(days) - 1)] if random() < 0.2 and day + 1 < len(days) - 1 else None
            )
            yield (
                person, course[0], course[4], source, days[day], "8.00", "8.50", outcomes[number % 5],
                until, f"MC{number:08}", "declared" if declared else "approved",
            )  # fmt: skip


class _Writer:
    """Writes rows in chunks, by COPY or executemany, and counts the numbers of the ledger."""

    def __init__(self, versions: int) -> None:
        self.versions = versions
        self.number = 0
        self.written: dict[type[models.Model], int] = {}
        self._models: list[type[models.Model]] = []

    def facts(
        self, model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
    ) -> None:
        """Facts with chain and numbers; each with `versions` superseded beliefs before it."""
        fact = ("id", "chain", "recorded_entry", "recorded", "superseded_entry", "superseded")
        self.write(model, (*fact, *columns), self._numbered(model, rows))

    def _numbered(
        self, model: type[models.Model], rows: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[Any, ...]]:
        kind = (len(self._models) + 1) << 100
        identity = 0
        for chain, row in enumerate(rows, start=1):
            name = f"{kind + chain:032x}"
            for version in range(self.versions + 1):
                identity += 1
                self.number += 1
                ends = None if version == self.versions else self.number + 1
                yield (identity, name, self.number, self.number, ends, ends, *row)

    def write(
        self, model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
    ) -> None:
        named = {str(field.column): field for field in model._meta.concrete_fields}
        missing = {
            column: field.get_db_prep_save(field.get_default(), connection)
            for column, field in named.items()
            if column not in columns and not field.null and not field.primary_key
        }
        constants = tuple(missing.values())
        names = [*columns, *missing]
        quoted = ", ".join([connection.ops.quote_name(name) for name in names])
        table = connection.ops.quote_name(model._meta.db_table)
        stream = iter(rows)
        count = 0
        with connection.cursor() as cursor:
            while chunk := list(islice(stream, _CHUNK)):
                count += len(chunk)
                if connection.vendor == "postgresql":
                    tail = "".join(f"\t{_text(value)}" for value in constants) + "\n"
                    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                        copy.write(
                            "".join("\t".join([_text(value) for value in row]) + tail for row in chunk)
                        )
                else:
                    marks = ", ".join(["?"] * len(names))
                    sql = f"INSERT INTO {table} ({quoted}) VALUES ({marks})"
                    cursor.connection.executemany(sql, (row + constants for row in chunk))
        self.written[model] = count
        self._models.append(model)

    def finish(self) -> None:
        if self.number:
            LedgerEntry.objects.create(
                number=self.number,
                time=datetime(2026, 11, 22, tzinfo=UTC),
                type="large",
                actor="operator",
                subject="00000000-0000-0000-0000-000000000000",
                uid="00000000-0000-4000-8000-000000000000",
                commitment=bytes(32),
            )
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), self._models):
                cursor.execute(sql)
            if connection.vendor == "postgresql":
                for model in self._models:
                    cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
            else:
                cursor.execute("ANALYZE")


def _text(value: object) -> str:
    return "\\N" if value is None else str(value)
