"""Files that wait to be applied."""

import uuid

from django.db import models
from django.db.models import Q

from ..enums import UploadKind
from .people import Person
from .units import Unit


class Upload(models.Model):
    """A file that somebody has sent and not applied yet; deleted when it is applied, or after a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=UploadKind.choices)
    name = models.CharField(max_length=200)
    sealed = models.BinaryField()
    """The file itself, readable only with the vault's key: it may hold what the vault holds."""
    whole_unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    whole_on = models.DateField(null=True, blank=True)
    uploaded_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(whole_unit__isnull=True, whole_on__isnull=True)
                | Q(whole_unit__isnull=False, whole_on__isnull=False),
                name="upload_of_a_whole_staff_names_unit_and_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
