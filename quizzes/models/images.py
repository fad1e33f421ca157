"""What questions show, and files on their way into a bank."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .bank import Bank


class QuestionImage(models.Model):
    """A picture of a question: drawn anew when it came in, so that nothing but the picture is in it.

    It lies in the database: it is small, versions of questions name it for ever, and no row stands without
    its file (docs/decisions/0072).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="images")
    content = models.BinaryField()
    media_type = models.CharField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "sha256"], name="bank_keeps_a_picture_once")]

    def __str__(self) -> str:
        return str(self.public_id)


class QuestionUpload(models.Model):
    """A file of questions that its sender still looks at; thrown away when it is taken, or after a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(Bank, models.CASCADE, related_name="+")
    form = models.CharField(_("format"), max_length=16)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    mended = models.JSONField(default=dict, blank=True)
    """What the sender has written for questions that could not be taken: by their place among those."""
    by = models.ForeignKey("roster.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return self.name
