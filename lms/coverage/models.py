"""Evidence that somebody was trained, and the targets that say who must be."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import DatedFact, RecordedFact

from .enums import About, ContestStatus, CourseRule, EvidenceStatus, Operator, Outcome, Source, Window
from .rules import Rule


class Evidence(RecordedFact):
    """On `completed_on` the person finished this course with this outcome; class and external evidence counts
    only once somebody with the right has approved it."""

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="evidence")
    course = models.ForeignKey("content.Course", models.PROTECT, related_name="evidence")
    edition = models.PositiveIntegerField(_("edition"), null=True, blank=True)
    level = models.CharField(_("level"), max_length=16, blank=True)
    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    completed_on = models.DateField(_("completed on"))
    hours = models.DecimalField(_("hours"), max_digits=7, decimal_places=2, null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    """The paper that proves it: a certificate's number is one person's, a class's decision everybody's."""
    status = models.CharField(max_length=16, choices=EvidenceStatus.choices)
    revoked_on = models.DateField(null=True, blank=True)
    declared_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """Who decided; empty where the platform or the operator's import did."""

    class Meta(RecordedFact.Meta):
        indexes = [
            models.Index(fields=["reference"]),
            # What is believed now, whole, in the order of people: three million rows are read here alone.
            # Even what the condition says is among the columns, since SQLite would look it up otherwise.
            models.Index(
                fields=[
                    *("person", "course", "completed_on", "status", "source", "outcome"),
                    *("valid_until", "revoked_on", "level", "hours", "recorded", "superseded"),
                ],
                condition=Q(superseded__isnull=True),
                name="evidence_now_by_person",
            ),
            models.Index(
                fields=["superseded"],
                condition=Q(superseded__isnull=False),
                name="evidence_superseded",
            ),
        ]
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["reference", "person", "course"],
                condition=Q(superseded_entry__isnull=True) & ~Q(reference=""),
                name="evidence_reference_is_used_once_per_person_and_course",
            ),
            models.UniqueConstraint(
                fields=["person", "course", "source", "completed_on"],
                condition=Q(superseded_entry__isnull=True, reference=""),
                name="evidence_without_reference_is_stated_once_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(source="online") | Q(status="approved"),
                name="online_evidence_is_approved_by_nature",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(declared_by__isnull=True)
                | ~Q(approved_by=models.F("declared_by")),
                name="evidence_is_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("person")),
                name="evidence_is_not_approved_by_whom_it_trains",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Progress(DatedFact):
    """From `since` until `until` the person was in the middle of this course: enrolled, a lesson finished.

    Learning says so by its signals; kept here as a fact, so that the state "in progress" of a past moment can
    be given again (docs/decisions/0040).
    """

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    course = models.ForeignKey("content.Course", models.PROTECT, related_name="+")

    class Meta(DatedFact.Meta):
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        indexes = [models.Index(fields=["person", "course"]), models.Index(fields=["course", "since"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(superseded_entry__isnull=True, until__isnull=True),
                name="person_has_one_open_progress_per_course",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.course_id}"


class Contest(RecordedFact):
    """Somebody says that what the register holds about them is wrong; their unit's manager answers by `due`.

    The words are theirs and the manager's, and go with the erasure of a person's data.
    """

    erasable = frozenset({"words", "answer"})

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    """Whose manager has to answer."""
    about = models.CharField(_("what is wrong"), max_length=16, choices=About.choices)
    contested = models.UUIDField(null=True, blank=True)
    """The chain of the fact that is contested; none where something is missing."""
    words = models.TextField(_("what is wrong, and what is right"), max_length=1000, blank=True)
    opened_on = models.DateField()
    due = models.DateField(_("answer due by"))
    """The last day for the answer: two working days, as the law on personal data asks (decision 0042)."""
    status = models.CharField(max_length=16, choices=ContestStatus.choices, default=ContestStatus.WAITING)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """Who answered; empty where the operator did, and where it was taken back."""

    class Meta(RecordedFact.Meta):
        indexes = [
            models.Index(
                fields=["unit", "due"],
                condition=Q(superseded_entry__isnull=True, status="waiting"),
                name="contest_waiting",
            ),
            models.Index(fields=["person"], name="contest_by_person"),
        ]
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "contested"],
                condition=Q(superseded_entry__isnull=True, status="waiting"),
                name="fact_is_contested_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(about="missing", contested__isnull=True)
                | (~Q(about="missing") & Q(contested__isnull=False)),
                name="contest_names_a_fact_or_says_that_one_is_missing",
            ),
            models.CheckConstraint(
                condition=Q(due__gt=models.F("opened_on")), name="contest_is_due_after_it_was_opened"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", answered_on__isnull=True)
                | (~Q(status="waiting") & Q(answered_on__isnull=False)),
                name="contest_waits_or_was_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("person")),
                name="contest_is_answered_by_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.about}"


class Target(RecordedFact):
    """One number that a plan demands: who must be trained, by what rule, and what share of them.

    A row is one version; a target used in a closed report is never corrected, only followed by a new version.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=32)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("name"), max_length=300)
    document = models.CharField(_("document number"), max_length=200, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    operator = models.CharField(max_length=2, choices=Operator.choices, default=Operator.ABOVE)
    value = models.DecimalField(max_digits=4, decimal_places=1, default=80)
    audience_mask = models.BigIntegerField()
    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    unit_kinds = models.JSONField(default=list, blank=True)
    new_within_months = models.PositiveSmallIntegerField(default=0)
    grace_days = models.PositiveSmallIntegerField(default=30)
    excluded_reasons = models.JSONField(default=list, blank=True)
    courses = models.JSONField(default=list)
    """Course codes, in the plan's order."""
    course_rule = models.CharField(max_length=16, choices=CourseRule.choices, default=CourseRule.ANY)
    levels = models.JSONField(default=list, blank=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.PASSED)
    must_be_valid = models.BooleanField(default=False)
    window = models.CharField(max_length=16, choices=Window.choices, default=Window.PERIOD)
    window_months = models.PositiveSmallIntegerField(null=True, blank=True)
    external_accepted = models.BooleanField(default=True)
    period_start = models.DateField()
    period_end = models.DateField()

    class Meta(RecordedFact.Meta):
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["code", "version"],
                condition=Q(superseded_entry__isnull=True),
                name="target_version_is_stated_once",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")),
                name="target_period_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(window="months") | Q(window_months__isnull=False),
                name="target_window_of_months_says_how_many",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=100), name="target_value_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=~Q(course_rule="hours") | Q(hours__gt=0), name="target_of_hours_says_how_many"
            ),
            models.CheckConstraint(
                condition=Q(new_within_months=0) | Q(grace_days=0), name="target_of_newcomers_has_no_grace"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def rule(self) -> Rule:
        return Rule(
            operator=self.operator,  # type: ignore[arg-type]
            value=Decimal(self.value),
            audience_mask=self.audience_mask,
            unit=self.unit.code,
            courses=tuple(self.courses),
            period_start=self.period_start,
            period_end=self.period_end,
            unit_kinds=tuple(self.unit_kinds),
            new_within_months=self.new_within_months,
            grace_days=self.grace_days,
            excluded_reasons=tuple(self.excluded_reasons),
            course_rule=self.course_rule,  # type: ignore[arg-type]
            levels=tuple(self.levels),
            hours=self.hours,
            outcome=self.outcome,  # type: ignore[arg-type]
            must_be_valid=self.must_be_valid,
            window=self.window,  # type: ignore[arg-type]
            window_months=self.window_months or 0,
            external_accepted=self.external_accepted,
        )
