from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """Enrolment, progress and completion over frozen editions of courses."""

    name = "lms.learning"
    label = "learning"
    verbose_name = _("Learning")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
        from .players import plug_in

        plug_in()
