"""Issued once: in threads with connections of their own, in a worker that is killed, and when tried again."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from certificates import services
from certificates.models import Certificate, RegisterYear
from lms.kernel import jobs
from lms.kernel.models import Job, LedgerEntry
from tests.factories import certificates as make
from tests.factories import learning

Run = Callable[..., list[Any]]
DAY = make.DAY


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path, settings: Any) -> Run:
    """Runs an act in n threads that set off together; gives back what each returned."""
    settings.LEDGER_INLINE = None  # as in production: on PostgreSQL the sequencer numbers afterwards
    file = tmp_path / "parallel.sqlite3"

    def run(act: Callable[[int], Any], times: int = 1) -> list[Any]:
        if connection.vendor == "sqlite" and not file.exists():
            connection.ensure_connection()
            with sqlite3.connect(file) as copy:
                connection.connection.backup(copy)
        gate = threading.Barrier(times)

        def one(n: int) -> Any:
            if connection.vendor == "sqlite":
                connection.close()
                connection.settings_dict = {**connection.settings_dict, "NAME": str(file)}
            gate.wait(30)
            try:
                return act(n)
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(one, range(times)))

    return run


def counted(_n: int) -> tuple[int, int, int]:
    """Papers, the last number of the register, entries of the ledger."""
    return (
        Certificate.objects.count(),
        RegisterYear.objects.get().last_number,
        LedgerEntry.objects.filter(type="certificate.issued").count(),
    )


def test_twenty_workers_that_issue_one_paper_make_one(at_once: Run) -> None:  # C6
    make.issuer()
    who, what = make.graduate(), learning.course()
    learning.completion(who, what, on=DAY)

    def issue(_n: int) -> int:
        return services.issue_certificate(person_id=who.pk, course_code=what.code, edition=1, on=DAY).pk

    assert len(set(at_once(issue, 20))) == 1
    assert at_once(counted) == [(1, 1, 1)]


def test_twelve_workers_that_issue_twelve_papers_leave_no_gap(at_once: Run) -> None:
    make.issuer()
    what = learning.course()
    people = [make.graduate() for _ in range(12)]
    for person in people:
        learning.completion(person, what, on=DAY)

    def issue(n: int) -> int:
        return services.issue_certificate(
            person_id=people[n].pk, course_code=what.code, edition=1, on=DAY
        ).number

    assert sorted(at_once(issue, 12)) == list(range(1, 13))
    assert at_once(counted) == [(12, 12, 12)]


def test_guesses_in_every_process_are_counted_together(at_once: Run) -> None:  # C1
    make.certificate()

    def guess(_n: int) -> list[int]:
        client = Client()
        asked = {"number": "1/2026", "code": "00000000"}
        return [client.post("/verify/", asked).status_code for _ in range(5)]

    codes = [code for thread in at_once(guess, 8) for code in thread]
    assert 10 <= codes.count(404) <= 10 + 8  # those that were under way when the tenth missed
    assert codes.count(429) == 40 - codes.count(404)


# A worker that dies -------------------------------------------------------------------------------

KILLED = """
import signal, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from certificates import services
from certificates.services import issuing
from lms.kernel import jobs
append = issuing.kernel.append
def dies(**told):
    append(**told)
    print("in the middle", flush=True)
    signal.pause()
issuing.kernel.append = dies
jobs.work_once()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_issues_one(
    tmp_path: Path, settings: Any
) -> None:  # C6
    make.issuer()
    who, what = make.graduate(), learning.course()
    learning.completion(who, what, on=DAY)
    Job.objects.all().delete()
    jobs.enqueue("certificates.issue", person=who.pk, course=what.code, edition=1)
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        name = str(tmp_path / "killed.sqlite3")
        with sqlite3.connect(name) as copy:
            connection.connection.backup(copy)
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, name],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lms.config.test_settings",
            "KEY_DIR": str(tmp_path / "k"),
        },
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "in the middle\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait(30)
    own = connection.settings_dict
    if connection.vendor == "sqlite":
        connection.close()
        connection.settings_dict = {**own, "NAME": name}
    try:
        assert (
            Certificate.objects.count(),
            LedgerEntry.objects.filter(type="certificate.issued").count(),
        ) == (0, 0)
        Job.objects.update(leased_until=Job.objects.get().created)
        assert jobs.work_all()["done"] >= 1
        jobs.enqueue("certificates.issue", person=who.pk, course=what.code, edition=1)  # told twice
        jobs.work_all()
        assert counted(0) == (1, 1, 1)
    finally:
        if connection.vendor == "sqlite":
            connection.close()
            connection.settings_dict = own
