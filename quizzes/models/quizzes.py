"""Quizzes: rules and the questions they draw from."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import ReviewPolicy
from .bank import QuestionVersion


class Quiz(models.Model):
    """A quiz through all its versions."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")

    def __str__(self) -> str:
        return self.code


class QuizVersion(models.Model):
    """The rules of a quiz and the questions it may draw from, frozen; an edition of a course names one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=255)
    objectives = models.JSONField(default=list, blank=True)
    """What each objective number stands for, to say after the test what to look at again."""
    blueprint = models.JSONField()
    """How many to draw from each objective: [{"objective": 1, "draw": 2}, …]."""
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"), default=80)
    """In percent; 0: nobody passes or fails, it is a try."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=3)
    minutes = models.PositiveSmallIntegerField(_("time limit in minutes"), null=True, blank=True)
    wait_hours = models.PositiveSmallIntegerField(_("hours between two attempts"), default=0)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    """The window in which the quiz is taken; an attempt that is open when it closes ends then."""
    practice = models.BooleanField(_("for practice"), default=False)
    """Taken as often as one likes; passing it finishes no step of a course."""
    review = models.CharField(max_length=16, choices=ReviewPolicy.choices, default=ReviewPolicy.AFTER_PASS)
    pool = models.ManyToManyField(QuestionVersion, related_name="quiz_versions")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quiz", "number"], name="quiz_version_is_numbered_once"),
            models.CheckConstraint(condition=Q(pass_mark__lte=100), name="pass_mark_is_a_percentage"),
            models.CheckConstraint(condition=Q(attempts__gte=1), name="quiz_allows_an_attempt"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=models.F("opens_at")),
                name="quiz_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} v{self.number}"

    @property
    def length(self) -> int:
        """How many questions one attempt draws."""
        return sum(line["draw"] for line in self.blueprint)
