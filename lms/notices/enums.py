"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """What a notice is about."""

    REMINDER = "reminder", _("reminder")
    ASSIGNED = "assigned", _("course assigned")
    DEADLINE = "deadline", _("deadline")
    CERTIFICATE = "certificate", _("certificate that ends")
    CONTEST = "contest", _("request for review to answer")
    ANSWER = "answer", _("answer to a request for review")


ALWAYS_SENT = frozenset({Subject.CONTEST, Subject.ANSWER})
"""What the law on personal data has people told, in whatever they declined."""


class Channel(models.TextChoices):
    """How the day's letter reaches somebody; the page of notices is always there."""

    MAIL = "mail", _("e-mail")
    ZALO = "zalo", _("Zalo")
    SMS = "sms", _("SMS")
