"""Files that say who was in a class."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import RecordedFact


class ClassList(RecordedFact):
    """Somebody sent this file, which says of so many people that they were trained in a class.

    The ledger binds the file by its SHA-256. The file itself stays with who sent it: it names people.
    """

    ledger_type: ClassVar[str] = "coverage.class_list"

    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    rows = models.PositiveIntegerField(_("trainings"))
    declared_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """Empty: the operator."""

    class Meta(RecordedFact.Meta):
        constraints = [
            *RecordedFact.Meta.constraints,
            models.CheckConstraint(condition=Q(rows__gt=0), name="class_list_names_somebody"),
        ]

    def __str__(self) -> str:
        return self.name


class ClassListLine(models.Model):
    """A training that a list states, and whether its person is among those to be called.

    Who is to be called is drawn after the list came in, by the random id of its entry in the ledger: nobody
    who sends a list can know, and everybody can draw again.
    """

    list = models.UUIDField(db_index=True, editable=False)
    """The chain of the list."""
    evidence = models.UUIDField(editable=False)
    """The chain of the training."""
    to_call = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "evidence"], name="class_list_states_a_training_once")
        ]

    def __str__(self) -> str:
        return str(self.evidence)
