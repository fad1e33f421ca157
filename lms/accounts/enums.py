"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeWay(models.TextChoices):
    """How a one-time code reaches its owner."""

    PRINTED = "printed", _("on paper")
    MAILED = "mailed", _("by e-mail")
