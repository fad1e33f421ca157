"""Units: a code for ever, and what it was called and where it stood on a day."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.constraints import SpansApart
from lms.kernel.facts import DatedFact

from ..enums import UnitKind


class Unit(models.Model):
    """A unit's code, for ever. What it was called and where it stood on a day is a `UnitSpan`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("unit code"), max_length=32, unique=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.code


class UnitSpan(DatedFact):
    """From `since` until `until` the unit had this name and kind and stood under this parent."""

    not_stated = frozenset({"folded_name"})

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="spans")
    name = models.CharField(_("name"), max_length=200)
    folded_name = models.CharField(max_length=200, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=16, choices=UnitKind.choices)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="child_spans")
    sector = models.CharField(_("sector"), max_length=64, blank=True)
    successor = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["unit", "since"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until__isnull=True, superseded_entry__isnull=True),
                name="unit_has_one_open_span",
            ),
            models.UniqueConstraint(
                fields=["unit", "since"],
                condition=Q(superseded_entry__isnull=True),
                name="unit_has_one_span_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("unit")),
                name="unit_is_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=models.F("unit")),
                name="unit_is_not_its_own_successor",
            ),
            SpansApart(field="unit", name="unit_stands_in_one_place_on_a_day"),
        ]

    def __str__(self) -> str:
        return self.name
