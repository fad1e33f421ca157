"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a question asks for. Names as in QTI where it has one."""

    SINGLE = "single", _("one answer")
    SEVERAL = "several", _("several answers")
    TRUE_FALSE = "true_false", _("true or false")
    ORDER = "order", _("put in order")
    MATCH = "match", _("match")
    NUMERIC = "numeric", _("a number")
    SHORT_TEXT = "short_text", _("short answer")
    GAP = "gap", _("gap text")
    HOTSPOT = "hotspot", _("place on a picture")
    ESSAY = "essay", _("essay")
    FILE = "file", _("file to hand in")
    CASE = "case", _("short case")


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("submitted")
    EXPIRED = "expired", _("time is up")


class ReviewPolicy(models.TextChoices):
    """When a learner may see keys and explanations."""

    AFTER_SUBMIT = "after_submit", _("after each attempt")
    AFTER_PASS = "after_pass", _("after passing, or when no attempt is left")
    AFTER_WINDOW = "after_window", _("after the quiz has closed")
    NEVER = "never", _("never")


class Decision(models.TextChoices):
    """What the second person said."""

    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class RulingKind(models.TextChoices):
    """How the answers to a question with a wrong key count."""

    NEW_KEY = "new_key", _("marked again by the right key")
    FULL_MARKS = "full_marks", _("everybody gets the point")
    LEFT_OUT = "left_out", _("the question does not count")


class AppealOutcome(models.TextChoices):
    """How an appeal ended; a mark changes only by what two persons then decide."""

    STANDS = "stands", _("the mark stands")
    GRANTED = "granted", _("granted: a change is under way")


class HandState(models.TextChoices):
    """How far an answer that persons mark has come."""

    WAITING = "waiting", _("to be marked")
    DIFFERS = "differs", _("the two markers differ")
    DONE = "done", _("marked")
