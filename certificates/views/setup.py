"""Setting up an issuer: who signs, how numbers are written, for how long papers hold, and how they look."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from content.queries import course_anchors
from lms.roster.enums import Permit
from lms.roster.policies import may_anywhere
from lms.roster.queries import Person, person_of

from .. import services
from ..forms import DesignForm, IssuerForm, RuleForm
from ..layouts import Layout
from ..models import Issuer
from ..policies import issuers_within_reach
from ..preview import sample
from ..printing import pdf, picture_of
from ..signing import load_key

LONGEST = (
    "Nguyễn Hoàng Phương Trần Thị Bích Nguyệt Minh Châu",
    "Công Tằng Tôn Nữ Thị Diệu Huyền Khánh Ngọc",
    "Lê An",
)
"""What a preview shows, so that nobody is surprised later."""
FIELD_WORDS = {
    "holder": gettext_lazy("the holder's name"),
    "course": gettext_lazy("the course"),
    "issuer": gettext_lazy("the issuer"),
    "number": gettext_lazy("the number in the register"),
    "unit": gettext_lazy("the holder's unit"),
}


def setter(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view who asks, for those who set up some issuer."""

    @wraps(view)
    def fetch(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        me = person_of(request.user)
        if me is None or not may_anywhere(me, Permit.SET_UP_CERTIFICATES, on=timezone.localdate()):
            raise PermissionDenied
        return view(request, me, **kwargs)

    return fetch


@require_safe
@setter
def issuers(request: HttpRequest, me: Person) -> HttpResponse:
    mine = _mine(me).order_by("name")
    return render(request, "certificates/issuers.html", {"issuers": mine})


@require_http_methods(["GET", "HEAD", "POST"])
@setter
def issuer(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """Who signs, and how numbers are written."""
    row = get_object_or_404(_mine(me), code=code)
    form = IssuerForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        services.save_issuer(issuer=form.save(commit=False), by=me)
        messages.success(request, _("Saved. Papers issued from now on say so."))
        return redirect("certificates:issuer", code)
    return render(
        request,
        "certificates/issuer.html",
        {
            "issuer": row,
            "form": form,
            "rules": row.rules.select_related("course").order_by("course__code"),
            "rule_form": RuleForm(courses=course_anchors()),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["POST"])
@setter
def rule(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """For how long papers of a course hold."""
    row = get_object_or_404(_mine(me), code=code)
    anchors = course_anchors()
    form = RuleForm(request.POST, courses=anchors)
    if form.is_valid():
        services.set_rule(
            course_id=anchors[form.cleaned_data["course"]].id,
            issuer=row,
            validity_months=form.cleaned_data["validity_months"],
            outside=form.cleaned_data["outside"],
        )
        messages.success(request, _("Saved. Papers issued from now on say so."))
    else:
        messages.error(request, _("Choose a course and a number of months from 1 to 240, or none."))
    return redirect("certificates:issuer", code)


@require_http_methods(["GET", "HEAD", "POST"])
@setter
def design(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """How the papers look. «Preview» makes a PDF and keeps nothing; «save» makes the next version."""
    row = get_object_or_404(_mine(me), code=code)
    last = row.designs.order_by("-version").first()
    now = last.layout() if last else Layout()
    form = DesignForm(request.POST or None, request.FILES or None, layout=now)
    if request.method == "POST" and form.is_valid():
        chosen = form.layout()
        if "preview" in request.POST:
            return _preview(row, chosen, request.POST.get("preview", ""))
        services.save_design(issuer=row, layout=chosen, by=me, on=timezone.localdate())
        messages.success(request, _("Saved. Papers issued from now on look so; earlier ones stay."))
        return redirect("certificates:design", code)
    return render(
        request,
        "certificates/design.html",
        {"issuer": row, "form": form, "version": last.version if last else 0, "fields": FIELD_WORDS},
        status=422 if form.errors else 200,
    )


@require_safe
@setter
def design_picture(request: HttpRequest, me: Person, code: str) -> HttpResponse:
    """How papers look now, as a picture beside the form."""
    row = get_object_or_404(_mine(me), code=code)
    last = row.designs.order_by("-version").first()
    made = picture_of(sample(row, LONGEST[0]), layout=last.layout() if last else Layout())
    return HttpResponse(made, content_type="image/png")


def _preview(issuer: Issuer, layout: Layout, which: str) -> HttpResponse:
    name = LONGEST[int(which)] if which.isascii() and which.isdigit() and int(which) < 3 else LONGEST[0]
    made = pdf(sample(issuer, name), key=load_key(settings.KEY_DIR), layout=layout)
    return HttpResponse(made, content_type="application/pdf")


def _mine(me: Person) -> Any:
    return issuers_within_reach(me, Permit.SET_UP_CERTIFICATES, timezone.localdate())
