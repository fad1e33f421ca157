import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from lms.kernel import jobs
from lms.kernel.enums import JobState
from lms.kernel.jobs import Outcome
from lms.kernel.models import Job
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    """What the handlers of the test have done."""
    known = dict(jobs._handlers())
    monkeypatch.setattr(jobs, "_registered", known)
    monkeypatch.setattr(jobs, "_handlers", lambda: known)
    seen = []

    @jobs.handler("test.mark")
    def mark(**ids):
        seen.append(ids)

    @jobs.handler("test.fail")
    def fail(**ids):
        raise ValueError("the words tell of Nguyễn Văn An")

    return seen


def only():
    return Job.objects.get()


def expire_lease():
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_once_and_marked(done):
    jobs.enqueue("test.mark", attempt=7)
    assert [jobs.work_once(), jobs.work_once()] == [Outcome.DONE, None]
    assert (done, only().state, only().attempts) == ([{"attempt": 7}], JobState.DONE, 1)


def test_a_job_of_a_transaction_that_fails_was_never_there(done):
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("test.mark", attempt=7)
        raise RuntimeError
    assert (jobs.work_once(), Job.objects.count()) == (None, 0)


def test_a_job_for_later_waits_until_then(done):
    jobs.enqueue("test.mark", run_after=timezone.now() + timedelta(hours=1), attempt=7)
    assert jobs.work_once() is None
    Job.objects.update(run_after=timezone.now() - timedelta(seconds=1))
    assert jobs.work_once() == Outcome.DONE


def test_jobs_are_done_in_the_order_in_which_they_are_due(done):
    for n in (1, 2, 3):
        jobs.enqueue("test.mark", run_after=timezone.now() - timedelta(minutes=n), n=n)
    assert jobs.work_all() == {Outcome.DONE: 3, Outcome.FAILED: 0, Outcome.LOST: 0}
    assert [ids["n"] for ids in done] == [3, 2, 1]


def test_of_jobs_with_the_same_key_one_waits(done):
    for _ in range(3):
        jobs.enqueue("test.mark", key="unit-7", unit=7)
    jobs.enqueue("test.mark", key="unit-8", unit=8)
    assert jobs.work_all()[Outcome.DONE] == 2
    jobs.enqueue("test.mark", key="unit-7", unit=7)
    assert jobs.work_all()[Outcome.DONE] == 1


def test_a_job_takes_nothing_but_ids():
    with pytest.raises(TypeError, match="ids"):
        jobs.enqueue("test.mark", who={"name": "Nguyễn Văn An"})  # type: ignore[arg-type]


def test_a_job_that_fails_is_tried_again_later_and_later_and_at_last_set_aside(done):
    jobs.enqueue("test.fail")
    pauses = []
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.work_once() == Outcome.FAILED
        pauses.append((only().run_after - timezone.now()).total_seconds())
        Job.objects.filter(state=JobState.WAITING).update(run_after=timezone.now() - timedelta(seconds=1))
    assert [round(pause, -1) for pause in pauses[:4]] == [10, 40, 160, 640]
    assert (only().state, jobs.work_once()) == (JobState.SET_ASIDE, None)


def test_a_failure_is_kept_by_kind_and_place_and_without_its_words(done, caplog):
    jobs.enqueue("test.fail")
    jobs.work_once()
    assert only().error.startswith("ValueError at ")
    assert "test_jobs.py" in only().error
    assert "Nguyễn" not in only().error + caplog.text


def test_a_job_that_nobody_can_do_is_not_lost(done):
    jobs.enqueue("test.nobody")
    assert (jobs.work_once(), only().state) == (Outcome.FAILED, JobState.WAITING)


def test_a_job_set_aside_can_be_tried_again(done):
    jobs.enqueue("test.mark")
    Job.objects.update(state=JobState.SET_ASIDE, attempts=8)
    assert jobs.retry(only()) is True
    assert jobs.retry(only()) is False
    assert jobs.work_once() == Outcome.DONE


# Leases


def test_a_job_that_runs_is_left_alone_until_its_lease_runs_out(done):
    jobs.enqueue("test.mark")
    assert jobs._claim() is not None  # a worker that is then killed
    assert jobs.work_once() is None
    expire_lease()
    assert jobs.work_once() == Outcome.DONE
    assert (only().kills, only().attempts) == (1, 2)


def test_a_job_that_killed_three_workers_is_set_aside(done):
    jobs.enqueue("test.mark")
    for _ in range(3):
        assert jobs._claim() is not None
        expire_lease()
    assert (jobs._claim(), only().state, only().kills) == (None, JobState.SET_ASIDE, 3)
    assert done == []


def test_of_two_who_saw_the_same_job_one_gets_it(done):
    jobs.enqueue("test.mark")
    mine, theirs = only(), only()
    assert (jobs._leased(theirs), jobs._leased(mine)) == (True, False)


def test_who_lost_the_lease_does_not_say_what_became_of_the_job(done):
    @jobs.handler("test.slow")
    def slow():
        expire_lease()
        assert jobs._claim() is not None  # another worker takes it over

    jobs.enqueue("test.slow")
    assert (jobs.work_once(), only().state) == (Outcome.LOST, JobState.RUNNING)


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_the_work_goes_on(done):
    seen = []

    @jobs.handler("test.long")
    def long():
        seen.append(only().leased_until)
        deadline = time.monotonic() + 5
        while only().leased_until == seen[0] and time.monotonic() < deadline:
            time.sleep(0.02)
        seen.append(only().leased_until)

    jobs.enqueue("test.long")
    assert jobs.work_once(beat=0.05) == Outcome.DONE
    assert seen[1] > seen[0]


def test_of_jobs_with_one_key_one_waits(done):
    Job.objects.create(kind="test.mark", key="a")
    with refused("one_job_of_a_key_waits"):
        Job.objects.create(kind="test.mark", key="a")


def test_a_job_is_leased_exactly_while_it_runs(done):
    jobs.enqueue("test.mark")
    with refused("job_is_leased_while_it_runs"):
        Job.objects.update(state=JobState.RUNNING)


# Work that comes by itself


def test_a_periodic_job_comes_by_itself_and_not_twice(done):
    @jobs.handler("test.hourly", every=timedelta(hours=1))
    def hourly():
        done.append("hourly")

    rows = Job.objects.filter(kind="test.hourly")
    for _ in range(2):
        jobs.plan_periodic()
    assert rows.count() == 1
    jobs.work_all()
    jobs.plan_periodic()
    waiting = rows.get(state=JobState.WAITING)
    assert round((waiting.run_after - timezone.now()).total_seconds(), -2) == 3600
    assert done == ["hourly"]


def test_jobs_done_long_ago_are_forgotten_and_those_set_aside_are_kept():
    long_ago = timezone.now() - timedelta(days=31)
    for state in (JobState.DONE, JobState.SET_ASIDE):
        Job.objects.create(kind="test.mark", state=state, finished=long_ago)
    Job.objects.create(kind="test.mark", state=JobState.DONE, finished=timezone.now())
    jobs._handlers()["kernel.tidy_jobs"].run()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "set_aside"]


# Waking


def test_workers_are_woken_on_commit_where_a_broker_stands(
    settings, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    settings.REDIS_URL, settings.WAKE_WORKERS = "redis://nowhere", "tests.kernel.test_jobs.wake"
    monkeypatch.setattr(sys.modules[__name__], "wake", lambda: woken.append(1), raising=False)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("test.mark")
        assert woken == []
    assert woken == [1]


def test_without_a_broker_the_sweeper_does_the_work(done, django_capture_on_commit_callbacks, capsys):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("test.mark")
    call_command("work", "--once", "--json")
    assert done == [{}]
    assert '"failed": 0' in capsys.readouterr().out


# Real processes

PATIENCE = 150
"""Seconds that a process may take on a machine with much else to do, before it counts as hung."""

WORKER = """
import os, signal, sys, time
import django; django.setup()
from lms.kernel import jobs

def mark(*, n):
    time.sleep(0.002)
    with open(os.environ["MARKS"], "a") as file:
        file.write(f"{n}\\n")

@jobs.handler("test.hang")
def hang(*, n):
    mark(n=n)
    time.sleep(600)

jobs.handler("test.mark")(mark)
while jobs.work_once():
    pass
"""


@pytest.fixture
def office(transactional_db, tmp_path):
    """A database and a file that several workers, processes of their own, share with the test."""
    return Office(tmp_path)


class Office:
    def __init__(self, folder):
        self.marks = folder / "marks"
        self.marks.touch()
        self.file = None
        if connection.vendor == "sqlite":
            self.file = folder / "office.sqlite3"
            url = f"sqlite:///{self.file}"
        else:
            name = connection.settings_dict
            url = f"postgres://{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT']}/{name['NAME']}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lms.config.settings",
            "DATABASE_URL": url,
            "SECRET_KEY": "x",
            "DEBUG": "0",
            "MARKS": str(self.marks),
        }

    def open(self):
        """Let the workers see what the test has written."""
        if self.file:
            with sqlite3.connect(self.file) as copy:
                connection.ensure_connection()
                connection.connection.backup(copy)

    def worker(self):
        return subprocess.Popen([sys.executable, "-c", WORKER], env=self.environment)

    def marked(self):
        return sorted(map(int, self.marks.read_text().split()))

    def sql(self, statement):
        if not self.file:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        with sqlite3.connect(self.file, timeout=20) as copy:
            return copy.execute(statement).fetchall()


def test_two_workers_at_once_do_every_job_once(office):
    for n in range(120):
        jobs.enqueue("test.mark", n=n)
    office.open()
    workers = [office.worker(), office.worker()]
    assert [worker.wait(timeout=PATIENCE) for worker in workers] == [0, 0]
    assert office.marked() == list(range(120))
    assert office.sql("SELECT state, count(*) FROM kernel_job GROUP BY state") == [("done", 120)]


def test_the_job_of_a_killed_worker_is_done_by_the_next(office):
    jobs.enqueue("test.hang", n=1)
    office.open()
    worker = office.worker()
    deadline = time.monotonic() + PATIENCE
    while not office.marked() and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(timeout=PATIENCE) == -signal.SIGKILL
    office.sql("UPDATE kernel_job SET leased_until = '2026-01-01 00:00:00+00', kind = 'test.mark'")
    assert office.worker().wait(timeout=PATIENCE) == 0
    assert office.marked() == [1, 1]
    assert office.sql("SELECT state, kills, attempts FROM kernel_job") == [("done", 1, 2)]


def test_the_sweeper_ends_cleanly_when_told_to(office):
    jobs.enqueue("test.mark", n=1)
    office.open()
    sweeper = subprocess.Popen(
        [sys.executable, "manage.py", "work", "--poll", "0.1", "--json"],
        env=office.environment,
        stdout=subprocess.PIPE,
    )
    deadline = time.monotonic() + PATIENCE
    while not office.sql("SELECT 1 FROM kernel_job WHERE attempts > 0") and time.monotonic() < deadline:
        time.sleep(0.1)
    sweeper.send_signal(signal.SIGTERM)
    out, _ = sweeper.communicate(timeout=PATIENCE)
    assert (sweeper.returncode, b'"failed": 1' in out) == (0, True)


ENQUEUE = """
import django; django.setup()
from lms.kernel import jobs
jobs.enqueue("kernel.tidy_jobs")
"""


def test_a_broker_that_is_gone_stops_nobody_and_loses_nothing(office):
    office.open()
    office.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    subprocess.run([sys.executable, "-c", ENQUEUE], env=office.environment, check=True, timeout=PATIENCE)
    assert office.sql("SELECT kind, state FROM kernel_job") == [("kernel.tidy_jobs", "waiting")]


@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="no broker at REDIS_URL")
def test_a_celery_worker_does_what_it_is_woken_for(office):
    office.open()
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "lms.config.celery", "worker", "-c", "1", "-P", "solo"],
        env=office.environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        subprocess.run([sys.executable, "-c", ENQUEUE], env=office.environment, check=True, timeout=PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while not office.sql("SELECT 1 FROM kernel_job WHERE state = 'done'") and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait(timeout=PATIENCE)
    assert office.sql("SELECT kind, state FROM kernel_job") == [("kernel.tidy_jobs", "done")]
