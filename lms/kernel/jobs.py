"""Work that is done behind the page: enqueued with the change that makes it necessary, done at least once.

    jobs.enqueue("certificates.issue", enrolment=7)      # in the transaction of the change

    @jobs.handler("certificates.issue")                  # in the room's tasks.py
    def issue(*, enrolment: int) -> None: ...

A handler takes ids, looks for itself whether the work is still to be done, and may run twice. If it raises,
it is tried again later and later; if it kills its worker three times, or fails eight times, it is set aside.
"""

import logging
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Max, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils.module_loading import autodiscover_modules, import_string

from lms.kernel.enums import JobState
from lms.kernel.models import Job

__all__ = ["Outcome", "enqueue", "handler", "kinds", "plan_periodic", "retry", "work_all", "work_once"]

LEASE = timedelta(seconds=90)
BEAT = 20.0  # seconds between two renewals of a lease
MOST_KILLS = 3
MOST_ATTEMPTS = 8
_CLAIMED_AT_ONCE = 8

Handler = Callable[..., object]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Registered:
    run: Handler
    every: timedelta | None


_registered: dict[str, _Registered] = {}


def handler(kind: str, *, every: timedelta | None = None) -> Callable[[Handler], Handler]:
    """Register what does a kind of work; ``every``: a job of it is made by itself, so long after the last."""

    def register(run: Handler) -> Handler:
        if (known := _registered.get(kind)) and known.run.__module__ != run.__module__:
            raise ValueError(f"{kind} has a handler already")
        _registered[kind] = _Registered(run, every)
        return run

    return register


def enqueue(kind: str, *, run_after: datetime | None = None, key: str = "", **ids: int | str) -> None:
    """Write work to be done into the caller's transaction; a worker is woken when it commits.

    With a ``key``, nothing is written while a job of this kind and key waits already.
    """
    if not all(isinstance(value, int | str) for value in ids.values()):
        raise TypeError("a job takes ids")
    job = Job(kind=kind, payload=ids, key=key)
    if run_after is not None:
        job.run_after = run_after
    Job.objects.bulk_create([job], ignore_conflicts=bool(key))
    if run_after is None:
        transaction.on_commit(_wake, robust=True)


class Outcome:
    """What became of a job that was tried."""

    DONE = "done"
    FAILED = "failed"
    LOST = "lost"
    """The lease ran out before the work was finished; somebody else may have done it again."""


def work_once(*, beat: float = BEAT) -> str | None:
    """Do one job that is due; its outcome, or None where nothing is due."""
    job = _claim()
    if job is None:
        return None
    try:
        with _heart(job, beat):
            _handlers()[job.kind].run(**job.payload)
    except Exception as error:
        place = _place(error)
        _log.warning("job %s (%s) failed: %s", job.pk, job.kind, place)
        return Outcome.FAILED if _fail(job, place) else Outcome.LOST
    done = _release(job, state=JobState.DONE, finished=Now(), error="")
    return Outcome.DONE if done else Outcome.LOST


def work_all(*, most: int | None = None) -> dict[str, int]:
    """Do what is due until nothing is, or `most` jobs are done; how many had which outcome."""
    counted = {Outcome.DONE: 0, Outcome.FAILED: 0, Outcome.LOST: 0}
    while (most is None or sum(counted.values()) < most) and (outcome := work_once()):
        counted[outcome] += 1
    return counted


def plan_periodic() -> None:
    """Write the jobs that come by themselves, where none of their kind is waiting or running."""
    for kind, registered in _handlers().items():
        if registered.every is None:
            continue
        jobs = Job.objects.filter(kind=kind, key="periodic")
        if jobs.filter(state__in=(JobState.WAITING, JobState.RUNNING)).exists():
            continue
        last = jobs.aggregate(last=Max("finished"))["last"]
        after = last + registered.every if last else None
        job = Job(kind=kind, key="periodic", **({"run_after": after} if after else {}))
        Job.objects.bulk_create([job], ignore_conflicts=True)


def retry(job: Job) -> bool:
    """Let a job that was set aside be tried again; False if it no longer is, or its like waits."""
    if job.key and Job.objects.filter(kind=job.kind, key=job.key, state=JobState.WAITING).exists():
        return False
    fresh = {"state": JobState.WAITING, "run_after": Now(), "attempts": 0, "kills": 0, "finished": None}
    done = Job.objects.filter(pk=job.pk, state=JobState.SET_ASIDE).update(**fresh)
    transaction.on_commit(_wake, robust=True)
    return done == 1


def kinds() -> frozenset[str]:
    """Every kind of work that something here can do."""
    return frozenset(_handlers())


# Leases -----------------------------------------------------------------------------------------


def _claim() -> Job | None:
    """Lease a job that is due. Of two workers that want one, the conditional update lets one have it."""
    now = Now()
    expired = Job.objects.filter(state=JobState.RUNNING, leased_until__lt=now).order_by("leased_until")
    for job in expired[:_CLAIMED_AT_ONCE]:
        if job.kills + 1 >= MOST_KILLS:
            job.kills += 1
            if _release(job, state=JobState.SET_ASIDE, kills=job.kills, finished=now, error="worker died"):
                _log.error("job %s (%s) killed %s workers and is set aside", job.pk, job.kind, job.kills)
        elif _leased(job, kills=F("kills") + 1):
            return job
    waiting = Job.objects.filter(state=JobState.WAITING, run_after__lte=now).order_by("run_after", "pk")
    for job in waiting[:_CLAIMED_AT_ONCE]:
        if _leased(job):
            return job
    return None


def _leased(job: Job, **values: object) -> bool:
    lease = uuid.uuid4()
    as_seen = Job.objects.filter(pk=job.pk, state=job.state, lease=job.lease)
    if not as_seen.update(
        state=JobState.RUNNING, lease=lease, leased_until=_later(LEASE), attempts=F("attempts") + 1, **values
    ):
        return False
    job.lease = lease
    job.attempts += 1
    return True


def _release(job: Job, **values: object) -> bool:
    """End the lease with a result; False if it was no longer held."""
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease=job.lease)
    return held.update(lease=None, leased_until=None, **values) == 1


def _fail(job: Job, place: str) -> bool:
    if job.attempts >= MOST_ATTEMPTS:
        return _release(job, state=JobState.SET_ASIDE, finished=Now(), error=place)
    # 10 s, 40 s, 2 min 40 s, … 2 h: a broken mail server is not asked a thousand times.
    pause = timedelta(seconds=min(10 * 4 ** (job.attempts - 1), 7200))
    if job.key and Job.objects.filter(kind=job.kind, key=job.key, state=JobState.WAITING).exists():
        return _release(
            job, state=JobState.DONE, finished=Now(), error=place
        )  # the one that waits will do it
    return _release(job, state=JobState.WAITING, run_after=_later(pause), error=place)


@contextmanager
def _heart(job: Job, beat: float) -> Iterator[None]:
    """Renew the lease from another thread for as long as the work goes on."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(beat):
                try:
                    Job.objects.filter(pk=job.pk, lease=job.lease).update(leased_until=_later(LEASE))
                except DatabaseError:  # SQLite, while the work itself holds the write lock: try again
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _later(pause: timedelta) -> Combinable:
    return ExpressionWrapper(Now() + pause, output_field=DateTimeField())


def _place(error: Exception) -> str:
    """Kind and place of an error, without its words."""
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]]
    return f"{type(error).__name__} at {' > '.join(frames)}"[:500]


# Handlers and waking ----------------------------------------------------------------------------


@cache
def _handlers() -> dict[str, _Registered]:
    autodiscover_modules("tasks")
    return _registered


def _wake() -> None:
    """Say to a worker that there is work, where a broker stands; the sweeper finds it anyway."""
    if settings.REDIS_URL:
        import_string(settings.WAKE_WORKERS)()


def due() -> Q:
    """Jobs that a worker would take now."""
    return Q(state=JobState.WAITING, run_after__lte=Now()) | Q(state=JobState.RUNNING, leased_until__lt=Now())
