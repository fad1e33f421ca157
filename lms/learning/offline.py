"""Learning without a network: a course in one page for the phone, and the queue of what was read there."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from content import queries as content
from lms.roster.queries import person_of

from . import queries, services
from .records import QueuedLesson

MOST_QUEUED = 500


@require_safe
def pack(request: HttpRequest, code: str) -> HttpResponse:
    """All lessons of my edition in one page that is kept on the phone; it names nobody."""
    enrolment = queries.enrolment_of(request.user, code)
    if enrolment is None:
        return redirect("learning:course", code)
    outline = content.outline(content.listed(enrolment.edition))
    lessons = [content.lesson(outline.edition, lesson.position) for lesson in outline.lessons]
    context = {"edition": outline.edition, "lessons": lessons, "enrolment": enrolment}
    return render(request, "learning/pack.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> JsonResponse:
    """GET: a token to send with. POST: lessons read without a network; the answer names those now stored."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    if request.method != "POST":
        return JsonResponse({"token": get_token(request)})
    try:
        lessons = _read(json.loads(request.body))
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"error": "bad_queue"}, status=400)
    taken = services.take_queue(person_id=person.pk, lessons=lessons, on=timezone.localdate())
    return JsonResponse(
        {"stored": [str(key) for key in taken.stored], "refused": [str(key) for key in taken.refused]}
    )


def _read(sent: Any) -> list[QueuedLesson]:
    items = sent["lessons"]
    if not isinstance(items, list) or len(items) > MOST_QUEUED:
        raise ValueError("too many")
    return [QueuedLesson(UUID(one["enrolment"]), UUID(one["lesson"])) for one in items]


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may answer for every address."""
    path = finders.find("js/worker.js")
    if path is not None:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - a path that Django found
            script = file.read()
    else:
        with staticfiles_storage.open("js/worker.js") as stored:
            script = stored.read().decode()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to know so as to install this as an app."""
    return JsonResponse(
        {
            "name": _("Vững: training for officers"),
            "short_name": "Vững",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0a6164",
            "lang": "vi",
            "icons": [{"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )
