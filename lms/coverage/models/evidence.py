"""Evidence that somebody was trained, and how far they are."""

from types import MappingProxyType

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import DatedFact

from ..enums import EvidenceStatus, Outcome, Source
from .proofs import ProvenFact


class Evidence(ProvenFact):
    """On `completed_on` the person finished this course with this outcome; class and external evidence counts
    only once somebody with the right has approved it."""

    ledger_version = 2
    columns_since = MappingProxyType({"proofs": 2})

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

    class Meta(ProvenFact.Meta):
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
            *ProvenFact.Meta.constraints,
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
            models.CheckConstraint(
                condition=~Q(status="declared") | Q(approved_by__isnull=True),
                name="evidence_that_waits_was_approved_by_nobody",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("completed_on")),
                name="evidence_holds_for_a_day_at_least",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0), name="evidence_has_no_hours_below_nought"
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
