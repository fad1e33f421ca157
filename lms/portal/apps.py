from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Pages that join rooms: my learning, the manager's desk, the front page, navigation, assets."""

    name = "lms.portal"
    label = "portal"
    verbose_name = _("Pages")
