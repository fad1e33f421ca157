"""Documents that others have replaced."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReplacedDocument(models.Model):
    """A law or guideline that no longer holds since a day: whatever rests on it must be looked at again."""

    key = models.CharField(max_length=120, unique=True)
    """Its number as in 120/2025/QH15, or its name folded (content/grounds.py)."""
    document = models.CharField(pgettext_lazy("of law", "document"), max_length=300)
    replaced_by = models.CharField(
        _("replaced by"), max_length=300, help_text=_("Name and number of the new document.")
    )
    since = models.DateField(_("since"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-since", "document"]

    def __str__(self) -> str:
        return self.document
