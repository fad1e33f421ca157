"""Attempts, the answers given in them, and what they are worth."""

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from lms.kernel.facts import RecordedFact

from ..enums import AttemptState
from .bank import QuestionVersion
from .quizzes import Quiz, QuizVersion


class Attempt(models.Model):
    """One sitting of a quiz by one person. Once submitted it never changes; marks change by revision only."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts")
    version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=AttemptState.choices, default=AttemptState.OPEN)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.CharField(max_length=64, blank=True)
    answers_sha256 = models.CharField(max_length=64, blank=True)
    receipt = models.TextField(blank=True)
    """The signed note that says what was handed in and when (`quizzes/receipts.py`)."""
    seed = models.BigIntegerField(default=0, editable=False)
    """What was drawn follows from it and the version; 0 for attempts that were begun before it was kept."""
    reached = models.PositiveSmallIntegerField(default=1)
    """How far the person has come, by position, where parts or questions that are left stay closed."""
    device = models.CharField(max_length=64, blank=True)
    """Which browser answers: of two, the one that took the attempt over last."""
    sheet = models.JSONField(default=dict, blank=True)
    """What was asked, chosen and how long each took, once it is over: for the analysis of the quiz."""

    class Meta:
        indexes = [models.Index(fields=["state", "deadline"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "quiz"],
                condition=Q(state="open"),
                name="person_has_one_open_attempt_per_quiz",
            ),
            models.UniqueConstraint(fields=["person", "quiz", "number"], name="attempt_is_numbered_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(submitted_at__isnull=False),
                name="attempt_that_is_over_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.quiz_id} #{self.number}"


class AttemptItem(models.Model):
    """One question of an attempt, in the order in which this person meets it, and the answer given."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    seed = models.PositiveIntegerField()
    """Shuffles what this person sees, so that no place in a list tells the key."""
    answer = models.JSONField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    late_answer = models.JSONField(null=True, blank=True)
    """What came after time was up: kept, so that a complaint can be answered, and never counted."""
    late_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    """When the person was told whether it is right, while the attempt went on; it is closed since."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="attempt_has_one_item_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"


class MarkRevision(RecordedFact):
    """What an attempt was worth from a moment on. The first is the machine's; later ones give a reason.

    A fact of the ledger: its chain is the attempt's public id, and a revision supersedes the one before.
    """

    ledger_type = "quizzes.mark"

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField(default=1)
    points = models.JSONField()
    """Points of each item as exact fractions «2/3», by position; «out» for one that does not count."""
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    passed = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.ForeignKey(
        "quizzes.KeyCorrection", models.PROTECT, null=True, blank=True, related_name="marks"
    )
    """The correction of a key that made this revision."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(RecordedFact.Meta):
        constraints: ClassVar = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(fields=["attempt", "number"], name="mark_revision_is_numbered_once"),
            models.CheckConstraint(
                condition=Q(number=1) | (~Q(reason="") & Q(by__isnull=False)),
                name="later_mark_names_its_reason_and_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} r{self.number}: {self.percent} %"

    def fact(self, version: int | None = None) -> dict[str, Any]:
        return mark_fact(self)

    @classmethod
    def for_ledger(cls) -> "models.QuerySet[MarkRevision]":
        return cls.objects.select_related("attempt__person", "attempt__quiz", "attempt__version")


def mark_fact(mark: Any) -> dict[str, Any]:
    """What the ledger commits to of a mark: whose, of which questions and answers, and what it is worth."""
    attempt = mark.attempt
    return {
        "attempt": str(attempt.public_id),
        "person": attempt.person.code,
        "quiz": attempt.quiz.code,
        "version": attempt.version.number,
        "sitting": attempt.number,
        "answers": attempt.answers_sha256,
        "finished": attempt.submitted_at,
        "revision": mark.number,
        "points": list(mark.points),
        "percent": Decimal(mark.percent),
        "passed": mark.passed,
    }
