"""The anchor that every other room points at."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.enums import Level


class Course(models.Model):
    """A course's code, for ever: on this platform if it has a page, elsewhere if it has none."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("course code"), max_length=32, unique=True)
    title = models.CharField(_("title"), max_length=255)
    level = models.CharField(_("level"), max_length=16, choices=Level.choices, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=7, decimal_places=2, null=True, blank=True)
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("writers")
    )
    """Trainers who write in it beside the one who began it. Not of the page: no draft changes who writes."""

    gathering = models.BooleanField(default=False)
    """Pages that are published wait until somebody declares what the change asks and freezes one edition."""

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        permissions = [("name_writers", "Can name the writers of a course")]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"
