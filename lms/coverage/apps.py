from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoverageConfig(AppConfig):
    """Evidence, targets, and the share of people trained as of any day (docs/coverage.md)."""

    name = "lms.coverage"
    label = "coverage"
    verbose_name = _("Coverage")

    def ready(self) -> None:
        from lms.learning.policies import add_duty
        from quizzes.policies import add_obligation

        from . import receivers  # noqa: F401
        from .duties import demanded_of
        from .obligations import targeted_seat

        add_duty(demanded_of)
        add_obligation(targeted_seat)
