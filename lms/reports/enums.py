"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RestatementStatus(models.TextChoices):
    PROPOSED = "proposed", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class PeriodKind(models.TextChoices):
    """What a period is called upward; its dates are the opener's, never a rule."""

    HALF_YEAR = "half_year", _("six months")
    YEAR = "year", _("year")
    AD_HOC = "ad_hoc", _("on demand")


class ReportStatus(models.TextChoices):
    """Where a unit's report stands on its way upward."""

    OPEN = "open", pgettext_lazy("report", "not prepared yet")
    RETURNED = "returned", pgettext_lazy("report", "returned for correction")
    PREPARED = "prepared", pgettext_lazy("report", "prepared, waiting for signature")
    SIGNED = "signed", pgettext_lazy("report", "signed and sent")
    FORWARDED = "forwarded", pgettext_lazy("report", "checked and forwarded")
    ACCEPTED = "accepted", pgettext_lazy("report", "consolidated")


EDITABLE = (ReportStatus.OPEN, ReportStatus.RETURNED)
"""While a report stands so, its words may be written."""
SENT = (ReportStatus.SIGNED, ReportStatus.FORWARDED, ReportStatus.ACCEPTED)
"""The unit has reported."""


class StepKind(models.TextChoices):
    """What happened to a report."""

    OPENED = "opened", pgettext_lazy("report", "asked for")
    PREPARED = "prepared", pgettext_lazy("report", "prepared")
    TAKEN_BACK = "taken_back", pgettext_lazy("report", "taken back by the unit")
    SIGNED = "signed", pgettext_lazy("report", "signed and sent")
    FORWARDED = "forwarded", pgettext_lazy("report", "checked and forwarded")
    RETURNED = "returned", pgettext_lazy("report", "returned for correction")
    ACCEPTED = "accepted", pgettext_lazy("report", "consolidated")
    REMINDED = "reminded", pgettext_lazy("report", "reminded")


class SectionKey(models.TextChoices):
    """The parts of a report's text, in the order of the paper."""

    DIRECTION = "direction", pgettext_lazy("section", "Direction and guidance")
    NEEDS = "needs", pgettext_lazy("section", "Assessment of needs")
    CLASSES = "classes", pgettext_lazy("section", "Classes held")
    PEOPLE = "people", pgettext_lazy("section", "Results counted by person")
    MATERIAL = "material", pgettext_lazy("section", "Material and communication")
    DIFFICULTIES = "difficulties", pgettext_lazy("section", "Shortcomings and difficulties")
    PLANS = "plans", pgettext_lazy("section", "Plans for the next period")
    PROPOSALS = "proposals", pgettext_lazy("section", "Proposals")


class FileFormat(models.TextChoices):
    """What a report can be written as."""

    DOCX = "docx", _("Word document (DOCX)")
    PDF = "pdf", _("PDF")
    XLSX = "xlsx", _("Excel annex (XLSX)")
