from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RosterConfig(AppConfig):
    """People, units and their history, postings, absences, roles, and who may see whom on a day."""

    name = "lms.roster"
    label = "roster"
    verbose_name = _("Staff register")

    def ready(self) -> None:
        from lms.accounts.services import answer_for_people

        from .holders import Holders

        answer_for_people(Holders())
