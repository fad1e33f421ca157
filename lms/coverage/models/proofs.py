"""Facts that papers prove, and the papers."""

import uuid
from hashlib import sha256
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import RecordedFact
from lms.kernel.scans import PDF

MOST_PROOFS = 5


class ProvenFact(RecordedFact):
    """A fact that states by SHA-256 which files prove it: the ledger binds them, so none can be exchanged."""

    erasable: ClassVar[frozenset[str]] = frozenset({"proofs"})

    proofs = models.CharField(
        _("proof files"), max_length=MOST_PROOFS * 65, blank=True, default="", editable=False
    )
    """SHA-256 of each file in hexadecimal, separated by spaces, in the order in which they came."""

    class Meta(RecordedFact.Meta):
        abstract = True

    @property
    def proof_hashes(self) -> list[str]:
        return str(self.proofs).split()

    def is_whole(self) -> bool:
        """Whether every file that it states is there and still the same; after an erasure it states none."""
        wanted = set(self.proof_hashes)
        if not wanted:
            return True
        kept = ProofFile.objects.filter(chain=self.chain).values_list("content", flat=True)
        return wanted <= {sha256(bytes(content)).hexdigest() for content in kept}


class ProofFile(models.Model):
    """A scan or photograph beside the fact that it proves: made anew when it came in (`lms.kernel.scans`).

    No fact of its own: the facts of its chain state its SHA-256. It lies in the database, so that none stands
    without its row, and goes with the erasure of the person's data.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    chain = models.UUIDField(db_index=True, editable=False)
    """Of the facts that state it."""
    person = models.ForeignKey("roster.Person", models.PROTECT, null=True, related_name="+")
    """Whose training it proves."""
    unit = models.ForeignKey("roster.Unit", models.PROTECT, null=True, related_name="+")
    """Whose activity it proves."""
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=32)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "sha256"], name="fact_keeps_a_proof_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, unit__isnull=False)
                | Q(person__isnull=False, unit__isnull=True),
                name="proof_is_of_a_person_or_of_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.media_type != PDF
