"""What people may do, for which unit, for how long."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import DatedFact

from ..enums import GrantStatus, Role
from .people import Person
from .units import Unit


class RoleGrant(DatedFact):
    """From `since` until `until` the person held this role for this unit and everything below it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="role_grants")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="role_grants")
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    status = models.CharField(max_length=16, choices=GrantStatus.choices, default=GrantStatus.APPROVED)
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(DatedFact.Meta):
        indexes = [models.Index(fields=["person", "role"])]
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                condition=Q(until__isnull=True, superseded_entry__isnull=True)
                & ~Q(status=GrantStatus.REJECTED),
                name="person_holds_a_role_once_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=models.F("person")),
                name="nobody_grants_themselves_a_role",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=models.F("person")) & ~Q(approved_by=models.F("granted_by"))),
                name="role_is_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status=GrantStatus.PROPOSED) | Q(approved_by__isnull=True),
                name="role_that_waits_was_approved_by_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role} of {self.unit_id}"
