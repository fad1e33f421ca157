from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    """What is taught: pages and blocks, editions, media. Content knows no learner."""

    name = "content"
    label = "content"
    verbose_name = _("Course content")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
