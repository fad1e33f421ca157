"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


SKILLS = {
    "open_question": _("open question"),
    "affirmation": _("affirmation"),
    "reflection": _("reflection"),
    "summary": _("summing up"),
    "information": _("information with permission"),
    "safety": _("safety"),
    "confidentiality": _("confidentiality"),
    "referral": _("referral"),
    "consent": _("consent"),
}
"""What a choice in a scenario shows (content/starter/README.md)."""

ERRORS = {
    "early_advice": _("advice too early"),
    "interrogation": _("interrogation"),
    "label": _("label"),
    "false_promise": _("a promise that cannot be kept"),
    "threat": _("threat"),
    "missed_risk": _("a danger missed"),
    "argue": _("argument"),
    "lecture": _("lecture"),
    "exposure": _("somebody's privacy given away"),
    "wrong_information": _("wrong information"),
}
"""What a choice in a scenario gets wrong."""
