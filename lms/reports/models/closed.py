"""Figures that have gone upward: closed, and restated only by a numbered successor."""

import json
import uuid
import zlib
from hashlib import sha256
from typing import Any, cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import RecordedFact
from lms.reports.enums import RestatementStatus


class ClosedReport(RecordedFact):
    """On closing, this was the unit's figure for the target's version on the day, as known at `known_at`.

    Never corrected. What turns out to be wrong is restated by a successor, which says what changed and why.
    """

    ledger_type = "reports.closed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name of the period"), max_length=200)
    number = models.PositiveSmallIntegerField(default=1)
    """1 as first closed, 2 for the first restatement, and so on."""
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    target = models.ForeignKey("coverage.Target", models.PROTECT, related_name="+")
    """The version by which it was counted."""
    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    on = models.DateField(_("on"))
    known_at = models.BigIntegerField()
    """Ledger size at which all was read."""
    sha256 = models.CharField(max_length=64)
    """Of the document's canonical JSON (RFC 8785)."""
    closed_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """The second person of a restatement; empty where the operator did it."""

    class Meta(RecordedFact.Meta):
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["target", "unit", "on", "name"],
                condition=Q(number=1),
                name="period_is_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(number=1, replaces__isnull=True) | Q(number__gt=1, replaces__isnull=False),
                name="restatement_says_what_it_replaces",
            ),
            models.CheckConstraint(
                condition=Q(recorded__isnull=True) | Q(recorded__gt=F("known_at")),
                name="report_is_closed_after_what_it_knows",
            ),
            models.CheckConstraint(
                condition=Q(superseded_entry__isnull=True), name="closed_report_is_never_corrected"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("closed_by")),
                name="restatement_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    def is_whole(self) -> bool:
        """Whether the document is there and gives the SHA-256 that the ledger binds."""
        try:
            return sha256(self.document.canonical).hexdigest() == self.sha256
        except (ReportDocument.DoesNotExist, zlib.error):
            return False


class ReportDocument(models.Model):
    """What a closed report froze: figures, and everybody with their state and evidence.

    No fact of its own: the report's SHA-256 binds it.
    """

    report = models.OneToOneField(ClosedReport, models.PROTECT, related_name="document")
    packed = models.BinaryField()
    """The canonical JSON, compressed with zlib."""

    def __str__(self) -> str:
        return f"document of report {self.report_id}"

    @property
    def canonical(self) -> bytes:
        return zlib.decompress(bytes(self.packed))

    @property
    def content(self) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(self.canonical))


class Restatement(RecordedFact):
    """Somebody asked that a closed report be restated, for this reason; a second person decides."""

    ledger_type = "reports.restatement"

    report = models.ForeignKey(ClosedReport, models.PROTECT, related_name="restatements")
    reason = models.CharField(_("reason"), max_length=500)
    status = models.CharField(
        max_length=16, choices=RestatementStatus.choices, default=RestatementStatus.PROPOSED
    )
    proposed_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(RecordedFact.Meta):
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(superseded_entry__isnull=True, status=RestatementStatus.PROPOSED),
                name="report_has_one_restatement_waiting",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="restatement_is_decided_by_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="restatement_says_why"),
        ]

    def __str__(self) -> str:
        return self.reason
