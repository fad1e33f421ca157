"""A person's own notices, and what they want to get beside the page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.roster.queries import person_of

from . import queries, services


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What I was told, new things marked; POST says by which ways I want letters."""
    person = person_of(request.user)
    if person is None:
        return render(request, "portal/nobody.html")
    if request.method == "POST":
        services.choose_ways(
            person_id=person.pk,
            by_mail="by_mail" in request.POST,
            by_message="by_message" in request.POST,
        )
        messages.success(request, _("Your choice is kept."))
        return redirect("notices:mine")
    lines = queries.notices_of(person.pk)
    if any(line.new for line in lines):
        services.mark_seen(person_id=person.pk, at=timezone.now())
    by_mail, by_message = queries.wish_of(person.pk)
    return render(
        request,
        "notices/mine.html",
        {
            "lines": lines,
            "by_mail": by_mail,
            "by_message": by_message,
            "has_gateway": bool(queries.gateways()),
        },
    )
