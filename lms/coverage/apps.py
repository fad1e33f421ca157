from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoverageConfig(AppConfig):
    """Evidence, targets, and the share of people trained as of any day (docs/coverage.md)."""

    name = "lms.coverage"
    label = "coverage"
    verbose_name = _("Coverage")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
