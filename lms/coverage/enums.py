"""Codes that are stored; never renumbered, never renamed (docs/coverage.md)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.TextChoices):
    ONLINE = "online", _("online")
    CLASS = "class", _("class")
    EXTERNAL = "external", _("outside record")


class Outcome(models.TextChoices):
    """passed > completed > attended; `RANK` orders them."""

    PASSED = "passed", _("passed")
    COMPLETED = "completed", _("completed")
    ATTENDED = "attended", _("attended")


OUTCOME_RANK = {Outcome.ATTENDED: 1, Outcome.COMPLETED: 2, Outcome.PASSED: 3}


class EvidenceStatus(models.TextChoices):
    DECLARED = "declared", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class Operator(models.TextChoices):
    ABOVE = ">", _("above")
    AT_LEAST = ">=", _("at least")
    EXACTLY = "=", _("exactly")


class Counts(models.TextChoices):
    """What a target counts: people by their training, or units by what they held."""

    PEOPLE = "people", _("people")
    UNITS = "units", _("units")


class ActivityKind(models.TextChoices):
    """Kinds of activity that ship; the settings choose among them and may add more."""

    SCHOOL = "phong_ngua_truong_hoc", _("prevention at school")
    WORKPLACE = "phong_ngua_noi_lam_viec", _("prevention at the workplace")
    COMMUNITY = "truyen_thong_cong_dong", _("information for the public")


def activity_kinds() -> dict[str, str]:
    """The kinds that this installation knows, with their names; one without a name stands for itself."""
    named = {kind.value: str(kind.label) for kind in ActivityKind}
    return {code: named.get(code, code) for code in settings.ACTIVITY_KINDS}


class CourseRule(models.TextChoices):
    ANY = "any", _("any one of the courses")
    ALL = "all", _("all of the courses")
    LEVELS = "levels", _("a course of every level")
    HOURS = "hours", _("enough hours together")


class Window(models.TextChoices):
    PERIOD = "period", _("within the period")
    MONTHS = "months", _("within the last months")
    EVER = "ever", _("ever")


class State(models.TextChoices):
    """Everybody who must be trained is in exactly one; the first that fits, in this order."""

    TRAINED = "trained", _("trained")
    PENDING = "pending", _("waiting for approval")
    EXPIRED = "expired", _("expired")
    IN_PROGRESS = "in_progress", _("in progress")
    NOT_STARTED = "not_started", _("not started")


class About(models.TextChoices):
    """What kind of thing somebody contests."""

    EVIDENCE = "evidence", _("a training that is recorded")
    POSTING = "posting", _("a post")
    ABSENCE = "absence", _("an absence")
    RECORD = "record", _("name or day of birth")
    MISSING = "missing", _("something is missing")


class ContestStatus(models.TextChoices):
    """A contest waits for the unit's manager, who answers it one way or the other; or is taken back."""

    WAITING = "waiting", _("waits for an answer")
    CORRECTED = "corrected", pgettext_lazy("of a contest", "corrected")
    CONFIRMED = "confirmed", _("stays as it is")
    TAKEN_BACK = "taken_back", _("taken back")


ONLINE = "online:"
"""How the reference of online evidence begins, and that of no other."""
