"""Figures that were counted before; no facts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .targets import Target


class KeptFigures(models.Model):
    """How the target's unit and every unit below it stood on a day, as known at a size of the ledger.

    No fact: counted from the facts, and thrown away when the day is over (lms.coverage.kept).
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="+")
    on = models.DateField()
    ledger = models.BigIntegerField()
    packed = models.BinaryField()
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("kept figures")
        verbose_name_plural = _("kept figures")
        constraints = [
            models.UniqueConstraint(fields=["target", "on"], name="figures_are_kept_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} on {self.on} at {self.ledger}"
