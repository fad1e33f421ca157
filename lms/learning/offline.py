"""Learning without a network: a course in one page for the phone, and the queue of what was read there."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from content import queries as content
from content.enums import ERRORS, SKILLS
from content.records.editions import ActivityListed
from lms.roster.queries import person_of

from . import queries, services
from .records import Queued, QueuedCheck, QueuedLesson, QueuedScenario

MOST_QUEUED = 500
MOST_COUNTED = 1000


@require_safe
def pack(request: HttpRequest, code: str) -> HttpResponse:
    """All lessons of my edition in one page that is kept on the phone; it names nobody."""
    enrolment = queries.enrolment_of(request.user, code)
    if enrolment is None:
        return redirect("learning:course", code)
    outline = content.outline(content.listed(enrolment.edition))
    talks = [_talk(enrolment.edition_id, one) for one in outline.activities if one.kind == "scenario"]
    parts = [
        {
            "lesson": content.lesson(outline.edition, lesson.position),
            "html": _apart(content.lesson(outline.edition, lesson.position).html, lesson.position),
            "talks": [talk for talk in talks if talk["place"].after_lesson == lesson.position],
        }
        for lesson in outline.lessons
    ]
    context = {"edition": outline.edition, "parts": parts, "enrolment": enrolment, "talks": talks}
    return render(request, "learning/pack.html", context)


def _apart(html: str, position: int) -> str:
    """One answer of a check is open at a time, in its own lesson: on one page two lessons have a check 1."""
    return html.replace('name="check-', f'name="check-{position}-')


def _talk(edition: int, place: ActivityListed) -> dict[str, Any]:
    """A conversation that the phone plays by itself: the graph, with skills and mistakes in words."""
    _place, graph = content.activity(edition, place.position)
    nodes = {
        key: {**node, "choices": [_in_words(choice) for choice in node["choices"]]}
        for key, node in graph["nodes"].items()
    }
    needs = [
        file["url"] for node in nodes.values() for file in (node.get("picture"), node.get("sound")) if file
    ]
    played = {"start": graph["start"], "nodes": nodes, "endings": graph["endings"]}
    return {
        "place": place,
        "number": str(place.position),
        "graph": played,
        "setting": graph["setting"],
        "role": graph["role"],
        "needs": needs,
    }


def _in_words(choice: Mapping[str, Any]) -> dict[str, Any]:
    skill, error = choice.get("skill", ""), choice.get("error", "")
    return {**choice, "skill": str(SKILLS.get(skill, skill)), "error": str(ERRORS.get(error, error))}


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> JsonResponse:
    """GET: a token to send with. POST: what was done without a network; the answer names what is stored."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    if request.method != "POST":
        return JsonResponse({"token": get_token(request)})
    try:
        items = _read(json.loads(request.body))
    except (ValueError, TypeError, KeyError, AttributeError, RawPostDataException):
        return JsonResponse({"error": "bad_queue"}, status=400)
    taken = services.take_queue(person_id=person.pk, items=items, on=timezone.localdate())
    return JsonResponse({"stored": taken.stored, "refused": taken.refused})


def _read(sent: Any) -> list[Queued]:
    """What a phone sends; a page that was kept before there were any sends no checks or scenarios."""
    lists = [sent["lessons"], sent.get("checks", []), sent.get("scenarios", [])]
    if not all(isinstance(one, list) for one in lists) or sum(map(len, lists)) > MOST_QUEUED:
        raise ValueError("too many")
    return [read(one) for read, found in zip(READERS, lists, strict=True) for one in found]


def _lesson(one: Any) -> QueuedLesson:
    return QueuedLesson(UUID(one["enrolment"]), UUID(one["lesson"]))


def _check(one: Any) -> QueuedCheck:
    number, answer, times = (_count(one[name]) for name in ("check", "answer", "times"))
    return QueuedCheck(UUID(one["enrolment"]), UUID(one["lesson"]), number, answer, times)


def _scenario(one: Any) -> QueuedScenario:
    return QueuedScenario(UUID(one["enrolment"]), str(one["scenario"])[:64], str(one["way"])[:1000])


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST_COUNTED:
        raise ValueError("no count")
    return value


READERS: tuple[Callable[[Any], Queued], ...] = (_lesson, _check, _scenario)


WORKBOX = ("core", "routing", "strategies")


def _script(name: str) -> str:
    path = finders.find(name)
    if path is not None:
        return Path(path).read_text(encoding="utf-8")
    with staticfiles_storage.open(name) as stored:
        return str(stored.read().decode())


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker behind what it uses of Workbox; at the root, to answer for every address."""
    script = "\n".join(_script(f"vendor/workbox/workbox-{part}.prod.js") for part in WORKBOX)
    script += _script("js/worker.js")
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to know so as to install this as an app."""
    return JsonResponse(
        {
            "id": "/",
            "name": _("Vững: training for officers"),
            "short_name": "Vững",
            "description": _("Courses, tests and certificates for officers, also without a network."),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0a6164",
            "lang": get_language(),
            "dir": "ltr",
            "categories": ["education"],
            "icons": [
                {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {
                    "src": static("img/icon-maskable-512.png"),
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
                {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
            "shortcuts": [
                {"name": _("What I have to learn"), "url": "/"},
                {"name": _("My courses"), "url": reverse("learning:mine")},
            ],
        },
        content_type="application/manifest+json",
    )
