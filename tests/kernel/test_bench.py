"""Figures of the kernel: `make bench`."""

import io
import time
import uuid
from datetime import date

import pytest
from django.db import connection, transaction

from lms.kernel import ledger, services, verification
from lms.kernel.cells import codes, day, text
from lms.kernel.faults import Faults
from lms.kernel.ledger import Draft
from lms.kernel.tables import Column, Table
from lms.roster.models import Posting
from tests.factories import roster

pytestmark = [pytest.mark.bench, pytest.mark.django_db]


def told(what, count, begin):
    rate = count / (time.process_time() - begin)
    print(  # noqa: T201
        f"\n{what:<60} {count:>10,} {rate:>12,.0f} /s of one core ({connection.vendor})"
    )
    return rate


def test_a_table_is_read_at_thirty_thousand_rows_a_second():
    table = Table(
        Column("person", parse=text(longest=64), required=True),
        Column("full_name", parse=text(), required=True),
        Column("birth_date", parse=day),
        *(Column(name) for name in ("national_id", "phone", "email", "unit", "title", "decision")),
        Column("audiences", parse=codes(), default=()),
        Column("since", parse=day, required=True),
        Column("until", parse=day),
    )
    lines = ["person,full_name,birth_date,national_id,phone,email,unit,title,decision,audiences,since,until"]
    lines += [
        f"HP{n:07},Nguyễn Văn An {n},19{n % 60 + 30}-01-1{n % 10},{36 * 10**9 + n:012},09{n:08},a{n}@x.vn,"
        f"VN-{n % 23000},Chuyên viên,QĐ {n % 500}/QĐ-UBND,QLNN;TTCN,2024-01-01,"
        for n in range(200_000)
    ]
    file = io.BytesIO("\n".join(lines).encode())
    begin = time.process_time()
    faults = Faults()
    assert sum(1 for _row in table.read(file, faults)) == 200_000
    assert told("rows of twelve columns read from CSV", 200_000, begin) > 30_000


def test_entries_are_written_at_thirty_thousand_a_second():
    fact = {
        "person": "HP0000001",
        "unit": "VN-1",
        "since": date(2024, 1, 1),
        "until": None,
        "title": "Chuyên viên",
    }
    begin = time.process_time()
    for _batch in range(20):
        with transaction.atomic():
            ledger.write_numbered(
                [Draft("test.thing", uuid.uuid4(), fact | {"n": n}, "operator") for n in range(5_000)]
            )
    assert told("entries written, numbered and hashed", 100_000, begin) > 30_000


def test_facts_are_recorded_and_verified():
    who, where = roster.person(), roster.unit()
    postings = [
        Posting(person=who, unit=where, audience_mask=3, since=date.fromordinal(700_000 + n), until=None)
        for n in range(30_000)
    ]
    begin = time.process_time()
    for at in range(0, len(postings), 5_000):
        services.record_facts(postings[at : at + 5_000], by="operator")
    told("facts recorded with their entries", len(postings), begin)
    begin = time.process_time()
    seen = verification.examine([], None)
    assert seen.findings == []
    told("entries and facts verified", seen.entries, begin)
