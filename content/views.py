"""Pages of this room inside the CMS."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import services
from .activities import effect_of
from .enums import ChangeKind, SentState
from .forms import ChangeForm, SendFileForm, WritersForm
from .models import CoursePage, Recording, SentFile


@require_http_methods(["GET", "HEAD", "POST"])
def send_file(request: HttpRequest) -> HttpResponse:
    """Send a Word file or slides; what was sent before stands below."""
    form = SendFileForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            sent = form.send()
            if sent is None:
                transaction.set_rollback(True)
        if sent is not None:
            return redirect("content_sent", sent.public_id)
    before = SentFile.objects.filter(sent_by=request.user.pk).select_related("course", "module")
    return render(
        request, "content/send_file.html", {"form": form, "before": before.order_by("-sent_at")[:20]}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def writers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who writes in a course, for those who publish."""
    page = get_object_or_404(CoursePage, pk=pk, course__isnull=False)
    if not request.user.has_perm("content.name_writers"):
        raise PermissionDenied
    form = WritersForm(request.POST or None, instance=page.course)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Who writes in the course was saved."))
        return redirect("wagtailadmin_explore", pk)
    return render(request, "content/writers.html", {"form": form, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing would change, whom it reaches, and what it asks of them: minor, top-up or repeat."""
    page = get_object_or_404(CoursePage, pk=pk, course__isnull=False)
    rights = page.permissions_for_user(request.user)
    if not rights.can_edit():
        raise Http404
    assert page.course is not None
    form = ChangeForm(request.POST if "change" in request.POST else None)
    if request.method == "POST":
        if not rights.can_publish():
            raise PermissionDenied
        if "gather" in request.POST:
            services.gather_changes(code=page.code)
            messages.success(request, _("What is published in this course now waits here."))
            return redirect("content_change", pk)
        if form.is_valid():
            given = form.cleaned_data
            kind = ChangeKind(given["change"])
            edition = services.publish_changes(
                code=page.code, change=kind, days=given["days"] or 0 if kind != ChangeKind.MINOR else 0
            )
            text = (
                _("Edition {number} is published.")
                if edition
                else _("Nothing differs from the last edition.")
            )
            messages.success(request, text.format(number=edition.number if edition else 0))
            return redirect("content_change", pk)
    return render(
        request,
        "content/change.html",
        {
            "page": page,
            "gathering": page.course.gathering,
            "may_publish": rights.can_publish(),
            "since": services.change_since(code=page.code),
            "effect": effect_of(page.code),
            "form": form,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let ffmpeg look at a recording once more; for whoever may change it."""
    recording = get_object_or_404(Recording, pk=pk)
    policy = Recording.snippet_viewset.permission_policy  # type: ignore[attr-defined]
    if not policy.user_has_permission_for_instance(request.user, "change", recording):
        raise PermissionDenied
    if request.method == "POST":
        services.try_again(recording=recording)
    return redirect(Recording.snippet_viewset.get_url_name("edit"), pk)  # type: ignore[attr-defined]


@require_safe
def sent(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What became of a file: being read, a draft with what was not carried over, or refused and why."""
    row = get_object_or_404(SentFile, public_id=public_id, sent_by=request.user.pk)
    context: dict[str, Any] = {
        "sent": row,
        "waiting": row.state == SentState.WAITING,
        "remarks": [_(remark["text"]).format(**remark["details"]) for remark in row.remarks],
        "module_url": reverse("wagtailadmin_explore", args=[row.module_id]) if row.module_id else "",
    }
    response = render(request, "content/sent.html", context)
    if context["waiting"]:
        response["Refresh"] = "3"
    return response
