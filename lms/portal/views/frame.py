"""Switches of the frame, the page on personal data, the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from lms.accounts.services import write_to

from ..retention import rules

YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and text size, kept in cookies so that they work before sign-in too.

    Letters to whoever is signed in go out in the language that was chosen last.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        if request.user.pk:
            write_to(user_id=request.user.pk, language=language)
    size = request.POST.get("large_text")
    if size in {"0", "1"}:
        response.set_cookie(
            "vung-large-text", size, max_age=YEAR, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
        )
    return response


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What this installation keeps about people, and why."""
    return render(request, "portal/privacy.html", {"rules": rules()})


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its states; only on a developer's machine."""
    if not settings.DEBUG:
        raise Http404
    counts = {"trained": 31, "pending": 1, "in_progress": 4, "expired": 2, "not_started": 3}
    return render(request, "portal/gallery.html", {"counts": counts, "nobody": {}})
