"""Quizzes: rules and the questions they draw from."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..blueprint import Sections, read
from ..enums import Access, Afterwards, Feedback, Passage, ReviewPolicy, Shuffle
from .bank import Bank, QuestionVersion


class Quiz(models.Model):
    """A quiz through all its versions."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=64, unique=True)
    bank = models.ForeignKey(Bank, models.PROTECT, null=True, related_name="quizzes")
    """Where the newest version draws from; whoever writes in it settles the rules."""
    pretest = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="posttest",
        verbose_name=_("taken before"),
    )
    """The quiz that asks about the same before learning; the two together say what was gained."""

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(
                condition=Q(pretest__isnull=True) | ~Q(pretest=models.F("id")),
                name="quiz_is_not_its_own_pretest",
            )
        ]

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
    """What to draw, part after part, as `quizzes/blueprint.py` writes and reads it."""
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"), default=80)
    """In percent; 0: nobody passes or fails, it is a try."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=3)
    minutes = models.PositiveSmallIntegerField(_("time limit in minutes"), null=True, blank=True)
    wait_hours = models.PositiveSmallIntegerField(_("hours between two attempts"), default=0)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    """The window in which the quiz is taken; an attempt that is open when it closes ends then."""
    practice = models.BooleanField(_("for practice"), default=False)
    """Taken as often as one likes, without a mark; nothing of it goes into the ledger."""
    shuffle = models.CharField(max_length=16, choices=Shuffle.choices, default=Shuffle.ALL)
    passage = models.CharField(max_length=16, choices=Passage.choices, default=Passage.FREE)
    feedback = models.CharField(max_length=16, choices=Feedback.choices, default=Feedback.EXPLAINED)
    review = models.CharField(max_length=16, choices=ReviewPolicy.choices, default=ReviewPolicy.AFTER_PASS)
    afterwards = models.CharField(max_length=16, choices=Afterwards.choices, default=Afterwards.SAME)
    access = models.CharField(max_length=16, choices=Access.choices, default=Access.LEARNERS)
    by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """Who settled it; nobody for what was loaded by a command."""
    created_at = models.DateTimeField(auto_now_add=True, null=True)
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
            models.CheckConstraint(
                condition=~Q(review=ReviewPolicy.AT_ONCE) | Q(practice=True) | Q(pass_mark=0),
                name="keys_come_out_at_once_only_where_nothing_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} v{self.number}"

    @property
    def length(self) -> int:
        """How many questions one attempt draws."""
        return sum(section.draw for section in self.sections)

    @property
    def sections(self) -> Sections:
        return read(self.blueprint)
