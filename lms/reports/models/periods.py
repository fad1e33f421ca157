"""A period for which a body asks those below it to report, and the report of each."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.reports.enums import PeriodKind, ReportStatus, SectionKey, StepKind


class Period(models.Model):
    """A body asks units below it for their figures on one day, by certain targets, until a due date."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    """Who asks, and consolidates."""
    station = models.ForeignKey("roster.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    """The body through which the reports go («qua …»); it checks them and sends them on."""
    name = models.CharField(_("name of the period"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=16, choices=PeriodKind.choices, default=PeriodKind.HALF_YEAR
    )
    since = models.DateField(_("from"))
    on = models.DateField(_("day on which is counted"))
    due = models.DateField(_("due"))
    opened_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    opened_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="period_of_a_body_has_its_own_name"),
            models.CheckConstraint(
                condition=Q(since__lte=F("on")), name="period_begins_before_it_is_counted"
            ),
            models.CheckConstraint(
                condition=Q(due__gte=F("on")), name="period_is_due_after_the_day_that_is_counted"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="period_has_a_name"),
            models.CheckConstraint(
                condition=Q(station__isnull=True) | ~Q(station=F("unit")),
                name="station_is_not_the_body_that_asks",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PeriodTarget(models.Model):
    """A target of a period, in its order on the paper. A report is counted by its version of that moment."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="targets")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=32)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["period", "place"], name="period_has_one_target_at_a_place"),
            models.UniqueConstraint(fields=["period", "code"], name="period_has_each_target_once"),
        ]

    def __str__(self) -> str:
        return self.code


class UnitReport(models.Model):
    """What one unit reports for a period; the body that asks has one too, which consolidates the others."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=ReportStatus.choices, default=ReportStatus.OPEN)
    prepared_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    signed_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    """Goes up with every step, so that two people cannot take the same one."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "unit"], name="unit_reports_once_for_a_period"),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | Q(prepared_by__isnull=True)
                | ~Q(signed_by=F("prepared_by")),
                name="report_is_signed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "forwarded", "accepted"]) | Q(signed_on__isnull=False),
                name="report_that_was_sent_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.status}"

    @property
    def consolidates(self) -> bool:
        """Whether this is the report of the body that asked."""
        return self.unit_id == self.period.unit_id


class Section(models.Model):
    """Words that somebody wrote for one part of a report, in place of the sentences made from the figures."""

    report = models.ForeignKey(UnitReport, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=16, choices=SectionKey.choices)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="report_has_each_section_once"),
        ]

    def __str__(self) -> str:
        return self.key


class SignedFigure(models.Model):
    """The closed figure that a report carries for one target; after a return, its restatement."""

    report = models.ForeignKey(UnitReport, models.PROTECT, related_name="figures")
    target = models.CharField(max_length=32)
    closed = models.ForeignKey("reports.ClosedReport", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "target"], name="report_has_one_figure_a_target"),
        ]

    def __str__(self) -> str:
        return self.target


class ReportStep(models.Model):
    """Something that was done with a report: by whom, when, and what was said. Never changed."""

    report = models.ForeignKey(UnitReport, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind.choices)
    by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.kind


class LineComment(models.Model):
    """What has to be corrected at one line of a returned report."""

    step = models.ForeignKey(ReportStep, models.PROTECT, related_name="comments")
    line = models.CharField(max_length=64)
    """`section:NAME`, or `unit:CODE` for a row of the table."""
    text = models.CharField(_("comment"), max_length=1000)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return self.text
