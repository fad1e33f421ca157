"""Targets: the numbers that plans demand."""

import uuid
from decimal import Decimal
from types import MappingProxyType

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import RecordedFact

from ..enums import Counts, CourseRule, Operator, Outcome, Window
from ..rules import Rule


class Target(RecordedFact):
    """One number that a plan demands: who must be trained, by what rule, and what share of them.

    Or which units must have held what.

    A row is one version; a target used in a closed report is never corrected, only followed by a new version.
    """

    ledger_version = 2
    columns_since = MappingProxyType(dict.fromkeys(("counts", "having", "activities"), 2))

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=32)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("name"), max_length=300)
    document = models.CharField(_("document number"), max_length=200, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    operator = models.CharField(max_length=2, choices=Operator.choices, default=Operator.ABOVE)
    value = models.DecimalField(max_digits=4, decimal_places=1, default=80)
    counts = models.CharField(max_length=8, choices=Counts.choices, default=Counts.PEOPLE)
    audience_mask = models.BigIntegerField()
    """0 where units are counted."""
    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    unit_kinds = models.JSONField(default=list, blank=True)
    having = models.CharField(max_length=16, blank=True, default="")
    """Where units are counted: only those with a unit of this kind below them on the day."""
    activities = models.JSONField(default=list, blank=True)
    """Where units are counted: the kinds of activity that count, in the place of courses."""
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
            models.CheckConstraint(condition=Q(version__gte=1), name="target_versions_begin_with_one"),
            models.CheckConstraint(
                condition=Q(counts="units") | Q(audience_mask__gt=0), name="target_names_an_audience"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")),
                name="target_period_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(window="months") | Q(window_months__isnull=False, window_months__gte=1),
                name="target_window_of_months_says_how_many",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=100), name="target_value_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=~Q(course_rule="hours") | Q(hours__isnull=False, hours__gt=0),
                name="target_of_hours_says_how_many",
            ),
            models.CheckConstraint(
                condition=Q(new_within_months=0) | Q(grace_days=0), name="target_of_newcomers_has_no_grace"
            ),
            models.CheckConstraint(
                condition=Q(counts="people", having="")
                | Q(counts="units", audience_mask=0, grace_days=0, new_within_months=0),
                name="target_counts_people_or_units",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def rule(self) -> Rule:
        of_units = self.counts == Counts.UNITS
        return Rule(
            operator=self.operator,  # type: ignore[arg-type]
            value=Decimal(self.value),
            audience_mask=self.audience_mask,
            unit=self.unit.code,
            courses=tuple(self.activities if of_units else self.courses),
            period_start=self.period_start,
            period_end=self.period_end,
            unit_kinds=tuple(self.unit_kinds),
            new_within_months=self.new_within_months,
            grace_days=self.grace_days,
            excluded_reasons=tuple(self.excluded_reasons),
            course_rule=self.course_rule,  # type: ignore[arg-type]
            levels=tuple(self.levels),
            hours=self.hours,
            outcome="attended" if of_units else self.outcome,  # type: ignore[arg-type]
            must_be_valid=self.must_be_valid,
            window=self.window,  # type: ignore[arg-type]
            window_months=self.window_months or 0,
            external_accepted=self.external_accepted,
            of_units=of_units,
            having=self.having,
        )
