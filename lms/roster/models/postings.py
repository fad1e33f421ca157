"""Who worked where, was away, and whether somebody confirmed the list."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import DatedFact, RecordedFact

from ..enums import AbsenceReason, AbsenceStatus
from .people import Person
from .units import Unit


class Audience(models.Model):
    """A group that plans name as having to be trained. `bit` is its place in a posting's mask."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=200)
    bit = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["bit"]
        constraints = [
            models.CheckConstraint(condition=Q(bit__lt=62), name="audience_bit_fits_a_signed_bigint")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def mask(self) -> int:
        return 1 << self.bit


class Posting(DatedFact):
    """From `since` until `until` the person worked in this unit with these audiences."""

    erasable = frozenset({"title", "decision"})

    person = models.ForeignKey(Person, models.PROTECT, related_name="postings", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", db_index=False)
    title = models.CharField(_("position"), max_length=200, blank=True)
    audience_mask = models.BigIntegerField(default=0)
    """The audiences as bits of `Audience.bit`: one integer test in place of a join over a million rows."""
    decision = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta(DatedFact.Meta):
        indexes = [
            models.Index(fields=["person", "since"]),
            models.Index(fields=["unit", "since"]),
            # What is believed now, whole, in the order of people and of units: coverage reads a million rows
            # from these and never meets a superseded one.
            models.Index(
                fields=["person", "unit", "since", "until", "audience_mask", "recorded", "superseded"],
                condition=Q(superseded__isnull=True),
                name="posting_now_by_person",
            ),
            models.Index(
                fields=["unit", "person", "since", "until", "audience_mask", "recorded", "superseded"],
                condition=Q(superseded__isnull=True),
                name="posting_now_by_unit",
            ),
            models.Index(
                fields=["superseded"],
                condition=Q(superseded__isnull=False),
                name="posting_superseded",
            ),
        ]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "unit", "since"],
                condition=Q(superseded_entry__isnull=True),
                name="person_has_one_posting_per_unit_and_first_day",
            ),
            models.CheckConstraint(
                condition=Q(audience_mask__gte=0), name="posting_names_audiences_by_their_bits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.unit_id}"


class Absence(DatedFact):
    """From `since` until `until` the person was away for this reason; it counts once approved."""

    erasable = frozenset({"decision"})

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences", db_index=False)
    reason = models.CharField(_("reason"), max_length=32)
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=AbsenceStatus.choices, default=AbsenceStatus.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    """Who decided; empty where the operator's import did."""

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["person", "since"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "reason", "since"],
                condition=Q(superseded_entry__isnull=True),
                name="person_has_one_absence_per_reason_and_first_day",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=models.F("proposed_by")),
                name="absence_is_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("person")),
                name="absence_is_not_approved_by_who_is_away",
            ),
            models.CheckConstraint(
                condition=~Q(status=AbsenceStatus.PROPOSED) | Q(approved_by__isnull=True),
                name="absence_that_waits_was_approved_by_nobody",
            ),
        ]

    @property
    def reason_label(self) -> str:
        """The reason in words; one that the settings add speaks for itself."""
        return str(dict(AbsenceReason.choices).get(self.reason, self.reason))

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"


class RosterConfirmation(RecordedFact):
    """On `day` somebody answerable confirmed that the unit's list of staff was right."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="confirmations")
    day = models.DateField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(RecordedFact.Meta):
        indexes = [models.Index(fields=["unit", "day"])]
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "day"],
                condition=Q(superseded_entry__isnull=True),
                name="list_of_staff_is_confirmed_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} on {self.day}"
