"""What units held: an activity log, by which units are counted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import RecordedFact

from ..enums import EvidenceStatus, activity_kinds
from .proofs import ProvenFact


class Activity(ProvenFact):
    """On `day` the unit held this; it counts once a second person with the right has approved it.

    Names nobody who took part: how many there were, and papers that prove it.
    """

    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of activity"), max_length=32)
    """A code of the settings (ACTIVITY_KINDS)."""
    day = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    participants = models.PositiveIntegerField(_("participants"))
    reference = models.CharField(_("plan or decision"), max_length=120, blank=True)
    status = models.CharField(max_length=16, choices=EvidenceStatus.choices)
    revoked_on = models.DateField(null=True, blank=True)
    declared_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """Who approved or rejected it; empty where the operator's import did."""

    class Meta(ProvenFact.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [models.Index(fields=["unit", "kind", "day"])]
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "kind", "day", "title"],
                condition=Q(superseded_entry__isnull=True),
                name="activity_is_stated_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(declared_by__isnull=True)
                | ~Q(decided_by=F("declared_by")),
                name="activity_is_decided_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        return activity_kinds().get(self.kind, self.kind)
