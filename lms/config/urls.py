"""Where everything lives; CONTRACT.md names the addresses that stay put."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import URLPattern, URLResolver, include, path

from lms.config import machines

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
    path("accounts/", include("lms.accounts.urls")),
    path("", include("lms.portal.urls")),
    path("", include("lms.notices.urls")),
    path("", include("lms.coverage.urls")),
    path("", include("lms.reports.urls")),
    path("", include("lms.roster.urls")),
    path("", include("lms.learning.urls")),
    path("", include("quizzes.urls")),
    path("", include("certificates.urls")),
    path("", include("content.urls")),
]
if settings.DEBUG:
    urlpatterns = [*static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT), *urlpatterns]
