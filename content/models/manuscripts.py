"""Files that trainers have sent to be made into lessons."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.enums import SentState


class SentFile(models.Model):
    """A Word file or slides that somebody has sent: waiting to be read, made into a draft, or refused."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("file"), max_length=200)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    course = models.ForeignKey("content.CoursePage", models.SET_NULL, null=True, related_name="+")
    """The course that takes the new module."""
    state = models.CharField(max_length=8, choices=SentState.choices, default=SentState.WAITING)
    content = models.BinaryField(blank=True)
    """The file, until it is read; then nothing."""
    module = models.ForeignKey("content.ModulePage", models.SET_NULL, null=True, related_name="+")
    lessons = models.PositiveSmallIntegerField(default=0)
    remarks = models.JSONField(default=list)
    """[{"text", "details"}]: what was not carried over, or why the file was refused."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=SentState.WAITING) | models.Q(content=b""),
                name="sent_file_is_kept_only_while_it_waits",
            )
        ]

    def __str__(self) -> str:
        return self.name
