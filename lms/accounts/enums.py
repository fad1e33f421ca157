"""Codes that are stored; never renumbered, never renamed."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeWay(models.TextChoices):
    """How a one-time code reaches its owner."""

    PRINTED = "printed", _("on paper")
    MAILED = "mailed", _("by e-mail")


class Lack(StrEnum):
    """What a session must still show."""

    FACTOR = "factor"
    """A second factor, whatever the password."""
    LENGTH = "length"
    """A second factor, or a password long enough to guard by itself what belongs to others."""
