from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told: on their page at once, in one letter a day."""

    name = "lms.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
