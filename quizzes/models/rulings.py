"""What is done about a wrong key or a wrong mark: corrections, changes, appeals."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import AppealOutcome, Decision, RulingKind
from .asked import Asked
from .attempts import AttemptItem
from .bank import QuestionVersion
from .quizzes import Quiz


class KeyCorrection(Asked):
    """The key of a question that was asked is wrong: how every answer to it counts from now on.

    The wording that people met stays what it was. Approved, it marks every attempt that met this version,
    those that are over by a new revision and those still open when they end. The last one approved holds.
    """

    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="corrections")
    ruling = models.CharField(_("what shall count"), max_length=16, choices=RulingKind.choices)
    body = models.JSONField(null=True, blank=True)
    """The question with the right key; where the ruling is a new key."""
    regraded_at = models.DateTimeField(null=True, blank=True)
    """When the last attempt that it concerns had its new mark."""

    class Meta(Asked.Meta):
        constraints = [
            *Asked.Meta.constraints,
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(decision=""),
                name="question_waits_for_one_correction",
            ),
            models.CheckConstraint(
                condition=Q(ruling=RulingKind.NEW_KEY, body__isnull=False)
                | (~Q(ruling=RulingKind.NEW_KEY) & Q(body__isnull=True)),
                name="new_key_and_nothing_else_states_a_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.ruling}"


class Appeal(models.Model):
    """A learner asks that one answer of theirs be looked at again; a trainer answers."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.OneToOneField(AttemptItem, models.PROTECT, related_name="appeal")
    text = models.CharField(_("what is wrong, and why"), max_length=1000)
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=AppealOutcome.choices, blank=True)
    answer = models.CharField(_("answer to the learner"), max_length=1000, blank=True)
    answered_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_what_is_wrong"),
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(outcome="") & ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="appeal_is_answered_with_words_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.outcome or '?'}"


class MarkChange(Asked):
    """One answer of one attempt shall be worth something else than key and machine say."""

    item = models.ForeignKey(AttemptItem, models.PROTECT, related_name="changes")
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField(default=1)
    """The points, from 0 to 1, as an exact fraction."""
    batch = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    """Those that came in one file and are decided together."""

    class Meta(Asked.Meta):
        constraints = [
            *Asked.Meta.constraints,
            models.UniqueConstraint(
                fields=["item"], condition=Q(decision=""), name="answer_waits_for_one_change"
            ),
            models.CheckConstraint(
                condition=Q(denominator__gte=1, numerator__lte=F("denominator")),
                name="changed_points_are_from_nought_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.numerator}/{self.denominator}"


class Accommodation(Asked):
    """This person has more time for this quiz, for a reason that two others know: a broken arm, poor eyes."""

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="accommodations")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="accommodations")
    extra_percent = models.PositiveSmallIntegerField(_("more time, in per cent"))

    class Meta(Asked.Meta):
        constraints = [
            *Asked.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "quiz"],
                condition=~Q(decision=Decision.REJECTED),
                name="person_has_more_time_for_a_quiz_once",
            ),
            models.CheckConstraint(
                condition=Q(extra_percent__gte=1, extra_percent__lte=200),
                name="more_time_is_at_most_three_times_the_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.quiz_id}: +{self.extra_percent} %"
