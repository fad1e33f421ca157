"""Who learns what, how far they are, what they have completed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import DatedFact

from .enums import Helped, Outcome, Reason


class Enrolment(models.Model):
    """Since this day the person learns this edition of the course; closed when completed or left."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="enrolments")
    course = models.ForeignKey("content.Course", models.PROTECT, related_name="+")
    edition = models.ForeignKey("content.Edition", models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    """The how-manieth time the person takes this course."""
    since = models.DateField(_("since"))
    due = models.DateField(_("due"), null=True, blank=True)
    reason = models.CharField(max_length=16, choices=Reason.choices, default=Reason.SELF)
    closed_on = models.DateField(null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    """The lesson that was last open, by position; 0 before the first."""
    reading_since = models.DateField(null=True, blank=True)
    """The day on which a first lesson was finished; empty before it."""

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(closed_on__isnull=True),
                name="person_has_one_open_enrolment_per_course",
            ),
            models.UniqueConstraint(
                fields=["person", "course", "round"], name="person_takes_a_course_once_per_round"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("since")),
                name="enrolment_closes_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.course_id}"


class Assignment(DatedFact):
    """Since this day the person's unit asks them to learn the course, by `due` where it is given.

    It asks and begins nothing: the enrolment comes when the person opens the course, in its newest edition.
    Whether it is fulfilled is a completion on or after `since`, and stands nowhere else. Rows of one
    `act` were written by one press of a button, and are taken back together.
    """

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="assignments")
    course = models.ForeignKey("content.Course", models.PROTECT, related_name="+")
    due = models.DateField(_("due"), null=True, blank=True)
    assigned_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    act = models.UUIDField(default=uuid.uuid4, db_index=True)

    class Meta(DatedFact.Meta):
        verbose_name = _("course assigned")
        verbose_name_plural = _("courses assigned")
        indexes = [models.Index(fields=["person", "course"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(until__isnull=True, superseded_entry__isnull=True),
                name="person_is_asked_to_learn_a_course_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=F("since")),
                name="assignment_is_due_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.course_id}"


class FinishedStep(models.Model):
    """A lesson that was read, or an activity that was passed, in one enrolment. One row each, for ever."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="finished")
    lesson = models.ForeignKey("content.EditionLesson", models.PROTECT, null=True, related_name="+")
    activity = models.ForeignKey("content.EditionActivity", models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField()
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="lesson_is_finished_once"),
            models.UniqueConstraint(fields=["enrolment", "activity"], name="activity_is_finished_once"),
            models.CheckConstraint(
                condition=Q(lesson__isnull=False, activity__isnull=True)
                | Q(lesson__isnull=True, activity__isnull=False),
                name="finished_step_is_a_lesson_or_an_activity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id or self.activity_id}"


class Completion(models.Model):
    """On `completed_on` the person had done everything that this edition of the course asks.

    Title, level and hours are those of the edition on that day, so that they outlive the course's page.
    """

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="completions")
    course = models.ForeignKey("content.Course", models.PROTECT, related_name="completions")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, null=True, related_name="completion")
    edition = models.PositiveIntegerField(_("edition"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    """1 the first time; whoever goes through the same edition again, to renew it, begins the next round."""
    title = models.CharField(_("title"), max_length=255)
    level = models.CharField(_("level"), max_length=16, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=1, null=True, blank=True)
    score = models.DecimalField(_("score in per cent"), max_digits=5, decimal_places=2, null=True, blank=True)
    """Mean of the best result of every test, rounded down; empty for a course without tests."""
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.PASSED)
    completed_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    """The conditions turned out not to hold: a mark was changed afterwards. The row stays as history."""

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course", "edition", "round"],
                condition=Q(withdrawn_on__isnull=True),
                name="person_completes_an_edition_once_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.course_id} #{self.edition}"


class Feedback(models.Model):
    """Whether a lesson helped the person in their work, or without one the whole course: their last word.

    It is about what they read: an edition that leaves the lesson as it was asks nobody again.
    """

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    edition = models.ForeignKey("content.Edition", models.PROTECT, related_name="+")
    lesson = models.ForeignKey("content.EditionLesson", models.PROTECT, null=True, related_name="+")
    helped = models.CharField(max_length=8, choices=Helped.choices)
    words = models.TextField(max_length=1000, blank=True)
    said_on = models.DateField()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "lesson"], name="person_says_once_whether_a_lesson_helped"
            ),
            models.UniqueConstraint(
                fields=["person", "edition"],
                condition=Q(lesson__isnull=True),
                name="person_says_once_whether_a_course_helped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id or self.edition_id}: {self.helped}"


class TriedCheck(models.Model):
    """An unmarked check inside a lesson that somebody has tried, and how often; never what they chose."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="tried")
    lesson = models.ForeignKey("content.EditionLesson", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    """Of the check within its lesson."""
    times = models.PositiveSmallIntegerField(default=1)
    """The most that any device has counted."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson", "number"], name="check_is_tried_in_one_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}/{self.number}"


class ChoiceTaken(models.Model):
    """How many people chose this answer of an unmarked check first. It knows no person."""

    lesson = models.ForeignKey("content.EditionLesson", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    answer = models.PositiveSmallIntegerField()
    """By its place, from 0."""
    people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "number", "answer"], name="choice_is_counted_in_one_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id}/{self.number}: {self.answer} × {self.people}"
