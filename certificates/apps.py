from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    """Certificates: issued, printed, signed, verified, revoked."""

    name = "certificates"
    label = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from quizzes import policies as quiz_doors

        from . import receivers  # noqa: F401
        from .queries import papers_on_quiz

        quiz_doors.add_papers(papers_on_quiz)
