"""Figures of certificates: `make bench`. With DATABASE_URL of PostgreSQL for those of the large register."""

import os
import statistics
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certificates import agency
from certificates.models import Certificate
from certificates.printing import pdf
from certificates.signing import load_key
from tests.factories import agencies
from tests.factories import certificates as make

from .test_printing import document

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
MANY = int(os.environ.get("BENCH_CERTIFICATES", "5000000"))


def told(what: str, count: int, begin: float, floor: float) -> float:
    rate = count / (time.process_time() - begin)
    print(f"\n{what:<60} {count:>10,} {rate:>12,.0f} /s of one core (floor {floor:,.0f})")  # noqa: T201
    return rate


def papers() -> list[dict]:
    return [document(holder=f"Nguyễn Thị Hồng Vân {number}") for number in range(200)]


def test_eighty_papers_a_second_are_printed() -> None:
    key, made = load_key(settings.KEY_DIR), papers()
    pdf(made[0], key=key)
    begin = time.process_time()
    for paper in made:
        pdf(paper, key=key)
    assert told("papers printed, each with its code and seal", len(made), begin, 80) > 80


def test_twenty_five_papers_a_second_are_signed_for_the_agency(tmp_path: Path) -> None:
    agencies.signs_here(tmp_path, agencies.agency())  # RSA 2048
    key, made = load_key(settings.KEY_DIR), papers()
    signer = agency.signing_key(tmp_path, "CAHP")
    assert signer is not None
    agency.signed(pdf(made[0], key=key), signer, reason="Giấy", location="Hải Phòng")
    begin = time.process_time()
    for paper in made:
        agency.signed(pdf(paper, key=key), signer, reason="Giấy", location="Hải Phòng")
    assert told("papers printed and signed (PAdES, RSA 2048)", len(made), begin, 25) > 25


FILLED = """
INSERT INTO certificates_certificate (public_id, link, code, issuer_id, year, number, number_text, person_id,
  course_id, edition, round, issued_on, payload, key_id, signature, ledger_entry, revocation_reason)
SELECT {uuid}, {link}, 'ZZZZZZZZ', issuer_id, year, 1000 + n, 'F' || n, person_id, course_id, 1000 + n, 1,
  issued_on, {payload}, key_id, signature, ledger_entry, ''
FROM certificates_certificate, {series} WHERE certificates_certificate.id = %s
"""
SERIES = {
    "postgresql": {
        "uuid": "gen_random_uuid()",
        "link": "substr(md5('l' || n), 1, 22)",
        "payload": """'{{"holder": "x"}}'::jsonb""",
        "series": "generate_series(1, {many}) AS n",
    },
    "sqlite": {
        "uuid": "lower(hex(randomblob(16)))",
        "link": "lower(hex(randomblob(11)))",
        "payload": """'{{"holder": "x"}}'""",
        "series": "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<{many}) SELECT n FROM c)",  # noqa: E501
    },
}


def fill(paper: Certificate) -> None:
    """As many lines as a country has in years; their words are short, since no line reads another's."""
    parts = {name: text.format(many=MANY) for name, text in SERIES[connection.vendor].items()}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(FILLED.format(**parts), [paper.pk])
            return
        cursor.execute("SET LOCAL session_replication_role = replica")  # copies of a line that was checked
        cursor.execute(FILLED.format(**parts), [paper.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE certificates_certificate")


def test_a_check_takes_less_than_fifteen_milliseconds_and_few_queries(client: Client) -> None:
    paper = make.certificate()
    fill(paper)
    assert Certificate.objects.count() == MANY + 1
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/verify/{paper.link}/")
        asked = [query["sql"] for query in captured.captured_queries]
    taken = []
    for _ in range(200):
        begin = time.process_time()
        assert client.get(f"/verify/{paper.link}/").status_code == 200
        taken.append(1000 * (time.process_time() - begin))
    here, there = statistics.median(taken), database_time(asked)
    what = f"check by link among {MANY:,} certificates ({connection.vendor})"
    print(f"\n{what:<60} {len(asked):>3} queries (at most 6)")  # noqa: T201
    print(f"{'':<60} {here:.1f} ms here + {there:.1f} ms in the database (at most 15)")  # noqa: T201
    assert 0 < len(asked) <= 6
    assert here + there < 15


def database_time(asked: list[str]) -> float:
    """Milliseconds of planning and running on the server, the best of five; SQLite works in our process."""
    if connection.vendor == "sqlite":
        return 0.0
    rounds = []
    with connection.cursor() as cursor:
        for _ in range(5):
            total = 0.0
            for sql in asked:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
                plan = cursor.fetchone()[0][0]
                total += plan["Planning Time"] + plan["Execution Time"]
            rounds.append(total)
    return min(rounds)
