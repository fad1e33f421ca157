"""Many at once, in threads with connections of their own: on SQLite a file, on PostgreSQL the server."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lms.kernel.models import LedgerEntry
from quizzes import queries, services
from quizzes.errors import AttemptIsOver
from quizzes.models import Attempt, AttemptItem, MarkRevision
from tests.factories import quizzes as make
from tests.factories import roster

Run = Callable[..., list[Any]]


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path, settings: Any) -> Run:
    """Runs an act in n threads that set off together; gives back what each returned or was refused with."""
    settings.LEDGER_INLINE = None  # as in production: on PostgreSQL the sequencer numbers afterwards
    file = tmp_path / "parallel.sqlite3"

    def connect() -> None:
        if connection.vendor == "sqlite":
            connection.close()
            connection.settings_dict = {**connection.settings_dict, "NAME": str(file)}

    def run(act: Callable[[int], Any], times: int = 1) -> list[Any]:
        if connection.vendor == "sqlite" and not file.exists():
            connection.ensure_connection()
            with sqlite3.connect(file) as copy:
                connection.connection.backup(copy)
        gate = threading.Barrier(times)

        def one(n: int) -> Any:
            connect()
            gate.wait(30)
            try:
                return act(n)
            except AttemptIsOver as refusal:
                return type(refusal)
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(one, range(times)))

    return run


def begun() -> Attempt:
    attempt = services.start_attempt(person_id=roster.person().pk, version=make.quiz())
    for item in attempt.items.all():
        services.save_answer(item=item, answer="a")
    return attempt


def counted(_n: int) -> tuple[int, int]:
    return (MarkRevision.objects.count(), LedgerEntry.objects.filter(type="quizzes.mark.recorded").count())


def test_fifty_submits_with_one_key_are_one_submission_with_one_receipt(at_once: Run) -> None:  # B2
    attempt = begun()
    receipts = at_once(lambda n: services.submit_attempt(attempt=attempt, key="k").receipt, 50)
    assert (len(receipts), len(set(receipts))) == (50, 1)
    assert at_once(counted) == [(1, 1)]


def test_of_fifty_submits_with_keys_of_their_own_one_is_taken_and_the_others_refused(
    at_once: Run,
) -> None:  # B2
    attempt = begun()
    ended = at_once(lambda n: services.submit_attempt(attempt=attempt, key=f"k{n}").receipt, 50)
    assert ended.count(AttemptIsOver) == 49
    assert at_once(counted) == [(1, 1)]


def test_twenty_tabs_that_start_at_once_get_one_attempt(at_once: Run) -> None:  # B3
    version = make.quiz(attempts=1)
    who = roster.person().pk
    started = at_once(lambda n: services.start_attempt(person_id=who, version=version).pk, 20)
    assert (len(started), len(set(started))) == (20, 1)
    assert at_once(lambda n: (Attempt.objects.count(), AttemptItem.objects.count())) == [(1, 2)]


@pytest.mark.parametrize("round_", range(3))
def test_answers_that_race_with_the_submission_are_in_the_mark_or_refused(at_once: Run, round_: int) -> None:
    attempt = begun()
    item = attempt.items.all()[0]

    def act(n: int) -> Any:
        if n == 7:
            return services.submit_attempt(attempt=attempt, key="k").receipt
        return services.save_answer(item=item, answer="ab"[n % 2])

    ended = at_once(act, 16)
    assert at_once(lambda n: queries.check_receipt(ended[7]).state) == ["genuine"]
