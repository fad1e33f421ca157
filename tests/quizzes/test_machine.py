"""An attempt as a state machine, against a model of twenty lines that knows nothing of databases."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lms.kernel.models import LedgerEntry
from quizzes import queries, services
from quizzes.errors import AlreadyPassed, AnotherDevice, AttemptIsOver, NoAttemptLeft, QuizRefusal
from quizzes.models import Attempt, MarkRevision, QuizVersion
from tests.factories import quizzes as make
from tests.factories import roster

MOST = 3
QUESTIONS = 3
DEVICES = st.sampled_from(["phone", "desk"])
positions = st.integers(1, QUESTIONS)


class Sitting:
    """What one attempt must be."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.answers: dict[int, str] = {}
        self.late = False
        self.ended = ""  # submitted, expired
        self.key = ""

    @property
    def passes(self) -> bool:
        return bool(self.ended) and [self.answers.get(n) for n in range(1, QUESTIONS + 1)] == ["a"] * 3


class Examination(RuleBasedStateMachine):
    """One person, two browsers, a quiz with a time limit and three attempts."""

    version: QuizVersion

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.model: list[Sitting] = []
        self.rows: list[Attempt] = []
        self.receipts: dict[int, str] = {}

    @initialize()
    def quiz(self) -> None:
        self.version = make.quiz(*[make.single() for _ in range(QUESTIONS)], minutes=10, attempts=MOST)
        self.who = roster.person()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def refusal(self, act: Any, **given: Any) -> type[QuizRefusal] | None:
        try:
            act(**given)
        except QuizRefusal as refusal:
            return type(refusal)
        return None

    @rule(device=DEVICES)
    def start(self, device: str) -> None:
        """Also: resume, and start twice."""
        if self.model and not self.model[-1].ended and self.model[-1].late:
            self.model[-1].ended = "expired"
        expected: Any = None
        open_ = bool(self.model) and not self.model[-1].ended
        if not open_ and any(sitting.passes for sitting in self.model):
            expected = AlreadyPassed
        elif not open_ and len(self.model) == MOST:
            expected = NoAttemptLeft
        try:
            row = services.start_attempt(person_id=self.who.pk, version=self.version, device=device)
        except QuizRefusal as refusal:
            assert type(refusal) is expected
            if self.model and self.model[-1].ended == "expired":
                # The refusal undid the closing; the next act finds the attempt over all the same.
                services.expire_overdue_attempts()
            return
        assert expected is None
        if open_:
            assert row == self.rows[-1]
        else:
            self.model.append(Sitting(device))
            self.rows.append(row)

    @precondition(lambda self: self.rows)
    @rule(
        n=st.integers(0, MOST - 1), position=positions, answer=st.sampled_from("ab" + "a" * 3), device=DEVICES
    )
    def save(self, n: int, position: int, answer: str, device: str) -> None:
        """In any order, again and again, to an attempt that is over too, from either browser."""
        n %= len(self.rows)
        sitting = self.model[n]
        item = self.rows[n].items.get(position=position)
        refused = self.refusal(services.save_answer, item=item, answer=answer, device=device)
        if sitting.ended or sitting.late:
            assert refused is AttemptIsOver
        elif sitting.device != device:
            assert refused is AnotherDevice
        else:
            assert refused is None
            sitting.answers[position] = answer

    @precondition(lambda self: self.rows)
    @rule(n=st.integers(0, MOST - 1), device=DEVICES)
    def take_over(self, n: int, device: str) -> None:
        n %= len(self.rows)
        refused = self.refusal(services.take_over_attempt, attempt=self.rows[n], device=device)
        assert refused is (AttemptIsOver if self.model[n].ended else None)
        if not self.model[n].ended:
            self.model[n].device = device

    @precondition(lambda self: self.rows)
    @rule(n=st.integers(0, MOST - 1), key=st.sampled_from(["k1", "k2"]), device=DEVICES)
    def submit(self, n: int, key: str, device: str) -> None:
        """Twice, with one key and with another."""
        n %= len(self.rows)
        sitting = self.model[n]
        refused = self.refusal(services.submit_attempt, attempt=self.rows[n], key=key, device=device)
        if sitting.ended:
            assert refused is (None if key == sitting.key else AttemptIsOver)
        elif sitting.device != device and not sitting.late:
            assert refused is AnotherDevice
        else:
            assert refused is None
            sitting.ended, sitting.key = "expired" if sitting.late else "submitted", key

    @precondition(lambda self: self.rows and not self.model[-1].ended)
    @rule()
    def time_runs_out(self) -> None:
        """The clock is the database's; so the deadline moves instead."""
        Attempt.objects.filter(pk=self.rows[-1].pk).update(deadline=F("deadline") - timedelta(minutes=11))
        self.model[-1].late = True

    @rule()
    def sweep(self) -> None:
        due = [sitting for sitting in self.model if sitting.late and not sitting.ended]
        assert services.expire_overdue_attempts() == len(due)
        for sitting in due:
            sitting.ended = "expired"

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        stored = Attempt.objects.order_by("number").prefetch_related("items", "marks")
        assert [
            (
                "" if row.state == "open" else row.state,
                {i.position: i.answer for i in row.items.all() if i.answer},
            )
            for row in stored
        ] == [(sitting.ended, sitting.answers) for sitting in self.model]
        assert [[mark.passed for mark in row.marks.all()] for row in stored] == [
            [sitting.passes] if sitting.ended else [] for sitting in self.model
        ]

    @invariant()
    def what_is_over_never_changes_and_its_receipt_stays_genuine(self) -> None:
        for row in Attempt.objects.exclude(state="open"):
            assert self.receipts.setdefault(row.number, row.receipt) == row.receipt
            assert queries.check_receipt(row.receipt).state == "genuine"

    @invariant()
    def every_mark_is_in_the_ledger_once(self) -> None:
        entries = LedgerEntry.objects.filter(type="quizzes.mark.recorded").count()
        assert entries == MarkRevision.objects.count() == sum(bool(s.ended) for s in self.model)


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_an_attempt_is_what_the_model_says() -> None:
    run_state_machine_as_test(
        Examination, settings=settings(max_examples=25, stateful_step_count=20, deadline=None)
    )
