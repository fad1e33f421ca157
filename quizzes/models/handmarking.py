"""Answers that persons mark: the queue, what each marker gave, and the files that were handed in."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import HandState
from .attempts import AttemptItem


class HandMarking(models.Model):
    """An answer that persons mark. The attempt has a mark once all of its answers here are done.

    With two markers neither sees what the other gave before both are there; where they differ, a third
    person settles it, or one of the two joins the other (docs/decisions/0105).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.OneToOneField(AttemptItem, models.PROTECT, related_name="hand_marking")
    markers = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=HandState.choices, default=HandState.WAITING)
    numerator = models.PositiveIntegerField(null=True, blank=True)
    denominator = models.PositiveIntegerField(null=True, blank=True)
    """The points, from 0 to 1, as an exact fraction; once it is done."""

    class Meta:
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(markers__gte=1, markers__lte=2), name="answer_is_marked_by_one_or_two"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=HandState.DONE,
                    denominator__gte=1,
                    numerator__gte=0,
                    numerator__lte=F("denominator"),
                )
                | (~Q(state=HandState.DONE) & Q(numerator__isnull=True, denominator__isnull=True)),
                name="answer_marked_by_hand_has_points_once_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.state}"


class HandMark(models.Model):
    """What one person gave an answer, line by line of its rubric. Never changed; a word to the learner."""

    marking = models.ForeignKey(HandMarking, models.PROTECT, related_name="marks")
    lines = models.JSONField()
    """Points by the id of the rubric's line, as decimal texts: {"a": "1.5"}."""
    remark = models.CharField(_("a word to the learner"), max_length=1000, blank=True)
    settles = models.BooleanField(default=False)
    """Given where two markers differed: it decides."""
    by = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["marking", "by", "settles"], name="marker_marks_an_answer_once"),
            models.UniqueConstraint(
                fields=["marking"], condition=Q(settles=True), name="answer_is_settled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marking_id}: {self.by_id}"


class HandedFile(models.Model):
    """A file that a learner handed in. It lies in the database, where only its markers get it from."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(AttemptItem, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
