"""Public pages: search, library, counselling lines."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.forms import modelformset_factory
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.kernel.folding import fold
from lms.roster import policies as roster_policies
from lms.roster import queries as roster
from lms.roster.enums import Permit

from . import library
from .activities import course_address
from .enums import LibraryKind, LibraryLanguage
from .finding import excerpt, words_of
from .models import CoursePage, HotLine, LibraryItem


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is taught and what can be taken along, found without tones."""
    query = request.GET.get("q", "")[:200].strip()
    found = library.find(query)
    pages = {page.code: page.url for page in CoursePage.objects.live().filter(alias_of=None)} if found else {}
    signed_in = request.user.is_authenticated
    words = words_of(query)
    lines = [
        {
            "found": one,
            "title": excerpt(one.title, words, whole=True),
            "url": _address(one.course_code, one.slug, pages, learn=signed_in and one.position > 0),
        }
        for one in found
    ]
    return render(
        request, "content/search.html", {"query": query, "lines": lines, "most": library.MOST_FOUND}
    )


def _address(code: str, slug: str, pages: dict[str, str], *, learn: bool) -> str:
    if not code:
        return f"/library/{slug}/"
    return course_address(code) if learn else pages.get(code, "")


@login_not_required
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """The library, by kind, language and topic."""
    given = {name: request.GET.get(name, "") for name in ("kind", "language", "topic")}
    everything = library.items()
    used = {row.language for row in everything}
    return render(
        request,
        "content/library.html",
        {
            "items": library.items(**given) if any(given.values()) else everything,
            "everything": len(everything),
            "kinds": [kind for kind in LibraryKind.choices if kind[0] in {row.kind for row in everything}],
            "languages": [one for one in LibraryLanguage.choices if one[0] in used],
            "topics": library.topics(everything),
            "given": given,
        },
    )


@login_not_required
@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """One item: what it is, whom it is for, what one may do with it, the file."""
    row = get_object_or_404(LibraryItem.objects.select_related("document", "cover"), slug=slug, live=True)
    names = dict(roster.audience_choices()) if row.audiences else {}
    audiences = [names[code] for code in row.audiences if code in names]
    return render(request, "content/library_item.html", {"item": row, "audiences": audiences})


@login_not_required
@require_safe
def take(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The file of an item, counted; nothing is kept about who took it."""
    row = get_object_or_404(LibraryItem.objects.select_related("document"), slug=slug, live=True)
    if row.document is None:
        raise Http404
    try:
        file = row.document.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    if request.method == "GET":
        LibraryItem.objects.filter(pk=row.pk).update(downloads=F("downloads") + 1)
    ending = row.document.filename.rsplit(".", 1)[-1]
    name = f"{slugify(fold(row.title))}.{ending}"
    return FileResponse(file, as_attachment=True, filename=name)


@login_not_required
@require_safe
def hot_lines(request: HttpRequest) -> HttpResponse:
    """Whom to call: numbers that an administrator has entered and confirmed."""
    return render(
        request, "content/hot_lines.html", {"lines": library.hot_lines(), "keeper": _keeps(request)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def keep_hot_lines(request: HttpRequest) -> HttpResponse:
    """All lines in one form, with one empty to add; for administrators."""
    if not _keeps(request):
        raise PermissionDenied
    lines = modelformset_factory(
        HotLine,
        fields=("name", "number", "area", "hours", "cost", "source", "checked_on", "position"),
        extra=1,
        can_delete=True,
    )
    forms = lines(request.POST or None, queryset=HotLine.objects.all())
    if request.method == "POST" and forms.is_valid():
        for line in forms.save(commit=False):
            line.changed_by_id = request.user.pk
            line.save()
        for line in forms.deleted_objects:
            line.delete()
        messages.success(request, _("The counselling lines were saved."))
        return redirect("hot_lines")
    return render(request, "content/keep_hot_lines.html", {"forms": forms})


def _keeps(request: HttpRequest) -> bool:
    person: Any = roster.person_of(request.user) if request.user.is_authenticated else None
    return person is not None and roster_policies.may_anywhere(
        person, Permit.MANAGE_ACCOUNTS, timezone.localdate()
    )
