"""Courses that go to another installation, and come from one."""

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.kernel.errors import Refused

from . import services
from .forms import PackageForm
from .models import CoursePage


@require_safe
def take_along(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole course as one file, for whoever writes in it: drafts are in it."""
    page = get_object_or_404(CoursePage, pk=pk, alias_of=None)
    if not page.permissions_for_user(request.user).can_edit():
        raise Http404
    response = HttpResponse(services.export_course(code=page.code), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{page.code}.zip"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """A course of another installation → a draft; what is wrong with the file is told at the file."""
    form = PackageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        assert isinstance(request.user, AbstractBaseUser)
        try:
            page, left = services.import_course(file=given["file"].file, by=request.user, code=given["code"])
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The course is here as a draft of your own."))
            if left:
                text = ngettext(
                    "One quiz was here already and stays as it is: {codes}.",
                    "{n} quizzes were here already and stay as they are: {codes}.",
                    len(left),
                )
                messages.warning(request, text.format(n=len(left), codes=", ".join(left)))
            return redirect("wagtailadmin_explore", page.pk)
    return render(request, "content/bring_course.html", {"form": form})
