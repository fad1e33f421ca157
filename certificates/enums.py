"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ISSUED, REVOKED = "certificate.issued", "certificate.revoked"
"""What the ledger calls that a certificate began to hold, and that it ended."""


class RevocationReason(models.TextChoices):
    """Why a certificate no longer holds; the class alone is shown to the public."""

    MISTAKE = "mistake", _("issued by mistake")
    FRAUD = "fraud", _("obtained by fraud")
    REPLACED = "replaced", _("replaced by a corrected certificate")


class AmendmentKind(models.TextChoices):
    REVOKE = "revoke", _("revoke")
    CORRECT_NAME = "correct_name", _("correct the name")


class Decision(models.TextChoices):
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class Base(models.TextChoices):
    CLASSIC = "classic", _("across, with a drawn border")
    UPRIGHT = "upright", _("upright, plain")
