"""How a unit's letters look, and the files that were written from its reports."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.reports.enums import FileFormat


class Letterhead(models.Model):
    """What stands around a unit's reports: names of bodies, place, title of who signs, recipients."""

    unit = models.OneToOneField("roster.Unit", models.PROTECT, related_name="letterhead")
    superior = models.CharField(_("name of the body above"), max_length=200, blank=True)
    issuer = models.CharField(_("name of the issuing body"), max_length=200)
    symbol = models.CharField(_("sign after the number"), max_length=40, default="BC-UBND")
    place = models.CharField(_("place"), max_length=100)
    recipients = models.TextField(_("to (one a line)"))
    """«Kính gửi»: obligatory on a report to a higher body."""
    authority = models.CharField(_("line above the title"), max_length=200, blank=True)
    """«TM. ỦY BAN NHÂN DÂN»."""
    signatory_title = models.CharField(_("title of who signs"), max_length=200)
    signatory = models.CharField(_("name of who signs"), max_length=200, blank=True)
    copies = models.TextField(_("copies to (one a line)"), blank=True)
    """«Nơi nhận», without the first and the last line, which follow from the rest."""
    filing = models.CharField(_("filed at"), max_length=100, default="VT")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(issuer="") & ~Q(place="") & ~Q(recipients="") & ~Q(signatory_title=""),
                name="letterhead_says_who_where_and_to_whom",
            )
        ]

    def __str__(self) -> str:
        return self.issuer


class WrittenFile(models.Model):
    """A file written from a unit's report. Its SHA-256 tells a file that was altered afterwards."""

    report = models.ForeignKey("reports.UnitReport", models.CASCADE, null=True, related_name="files")
    """Empty for a file that was written from one closed figure alone."""
    format = models.CharField(max_length=8, choices=FileFormat.choices)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.format} {self.sha256[:8]}"
