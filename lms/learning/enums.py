"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reason(models.TextChoices):
    """Why somebody is enrolled."""

    SELF = "self", _("by oneself")
    TARGET = "target", _("a target demands it")
    MANAGER = "manager", _("assigned by the unit")
    TOPUP = "topup", _("the course has a new part")
    REPEAT = "repeat", _("the course has changed and is learned again")
    RENEWAL = "renewal", _("the certificate ends")


class Outcome(models.TextChoices):
    """The words of evidence (docs/coverage.md §1), as far as a course on the platform can give them."""

    PASSED = "passed", _("passed")
    COMPLETED = "completed", _("completed")


class Helped(models.TextChoices):
    """What somebody says of a lesson or a course."""

    YES = "yes", pgettext_lazy("it helped", "yes")
    PARTLY = "partly", pgettext_lazy("it helped", "partly")
    NO = "no", pgettext_lazy("it helped", "no")
