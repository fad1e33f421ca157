"""What is to be looked at again, and the documents on which everything rests."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from .grounds import Cited, document_key, documents_cited, due_for_review
from .models import ReplacedDocument
from .policies import courses_to_write_in

AHEAD = timedelta(days=60)


class ReplacedForm(forms.ModelForm[ReplacedDocument]):
    """One of the documents that are cited, what replaces it, since when."""

    class Meta:
        model = ReplacedDocument
        fields = ("document", "replaced_by", "since")
        widgets = {"since": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, cited: list[Cited], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("choose a document")), *((one.document, one.document) for one in cited)]
        self.fields["document"] = forms.ChoiceField(
            choices=choices, label=pgettext_lazy("of law", "document")
        )

    def note(self, by: Any) -> None:
        """Keep it; a second note of the same document takes the place of the first."""
        given = self.cleaned_data
        ReplacedDocument.objects.update_or_create(
            key=document_key(given["document"]), defaults={**given, "noted_by": by}
        )


@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """For a trainer his own courses, for a reviewer all: by day, then by document."""
    today = timezone.localdate()
    until = _day(request.GET.get("until", "")) or today + AHEAD
    courses = courses_to_write_in(request.user)
    due = [
        (page, (page.review_due - today).days, (today - page.review_due).days)
        for page in due_for_review(courses, until)
    ]
    replaced = [cited for cited in documents_cited(courses) if cited.replaced]
    return render(request, "content/review_list.html", {"due": due, "until": until, "replaced": replaced})


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest) -> HttpResponse:
    """Every document cited; whoever publishes notes that one was replaced."""
    cited = documents_cited(courses_to_write_in(request.user))
    may_note = request.user.has_perm("content.name_writers")
    if request.method == "POST" and not may_note:
        raise PermissionDenied
    form = ReplacedForm(request.POST or None, cited=cited) if may_note else None
    if request.method == "POST" and form is not None and form.is_valid():
        form.note(request.user)
        messages.success(request, _t("Noted. What rests on it now stands in the list."))
        return redirect("content_review")
    return render(request, "content/documents.html", {"documents": cited, "form": form})


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
