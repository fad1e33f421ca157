"""What learners read: a course as it stood when it was published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.enums import ActivityKind, ChangeKind


class Edition(models.Model):
    """A course as published on one day, under a number. Never changed: what was learned stays what it was."""

    course = models.ForeignKey("content.Course", models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("edition"))
    published_at = models.DateTimeField(auto_now_add=True)
    change = models.CharField(max_length=8, choices=ChangeKind.choices, default=ChangeKind.MINOR)
    title = models.CharField(max_length=255)
    introduction = models.TextField(blank=True)
    level = models.CharField(max_length=16, blank=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1)
    audiences = models.JSONField(default=list)
    legal_ground = models.JSONField(default=list)
    reviewer = models.CharField(max_length=200, blank=True)
    review_due = models.DateField(null=True)
    rules = models.JSONField()
    """What finishing takes: {"lessons": n, "scenarios": n, "quizzes": n}."""
    digest = models.CharField(max_length=64)
    """SHA-256 over everything below and above, so that publishing without a change makes no edition."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_has_one_edition_per_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="edition_numbers_begin_with_one"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} #{self.number}"


class EditionModule(models.Model):
    """A module of an edition, with its practice sheet."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="modules")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=32)
    title = models.CharField(max_length=255)
    introduction = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    legal_ground = models.JSONField(default=list)
    reviewer = models.CharField(max_length=200, blank=True)
    review_due = models.DateField(null=True)
    sheet_title = models.CharField(max_length=255, blank=True)
    sheet = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_module_has_one_position"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class EditionLesson(models.Model):
    """A lesson as learners read it: rendered once, when it was published."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="lessons")
    module = models.ForeignKey(EditionModule, models.CASCADE, related_name="lessons")
    position = models.PositiveSmallIntegerField()
    """Counted through the whole course, from 1."""
    key = models.UUIDField()
    """The lesson through its editions: the page's translation key."""
    slug = models.SlugField(max_length=255)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField()
    words = models.PositiveIntegerField()
    clinical = models.BooleanField(default=False)
    html = models.TextField()
    sources = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_lesson_has_one_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.title}"


class EditionActivity(models.Model):
    """Something to do in an edition, after a lesson: a quiz or a scenario, by reference and version."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="activities")
    module = models.ForeignKey(EditionModule, models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField()
    """Counted through the whole course, from 1, apart from the lessons."""
    after_lesson = models.PositiveSmallIntegerField()
    """The position of the lesson that it follows; 0 before them all."""
    first = models.BooleanField(default=False)
    """It stands before its module's lessons: a try, which counts for nothing."""
    kind = models.CharField(max_length=16, choices=ActivityKind.choices)
    reference = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=255)
    required = models.BooleanField(default=True)
    payload = models.JSONField(null=True, blank=True)
    """A scenario's conversation as it was; the key of the frozen version for what another room keeps."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_activity_has_one_position"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ActivityKind]),
                name="edition_activity_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(first=False) | models.Q(required=False, kind=ActivityKind.QUIZ.value),
                name="a_try_before_learning_is_a_quiz_that_nobody_must_pass",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
