from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    """Domain-free ground: spans of days, the ledger, job rows, tables that come in."""

    name = "lms.kernel"
    label = "kernel"
    verbose_name = _("Foundations")
