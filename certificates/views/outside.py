"""Classes held in a room and approved outside records: papers for them from a list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lms.kernel.errors import Refused
from lms.roster.queries import Person

from .. import queries, services
from .register import keeper

BATCH = 200
"""Papers in one go: about two seconds."""


@require_http_methods(["GET", "HEAD", "POST"])
@keeper
def outside(request: HttpRequest, me: Person) -> HttpResponse:
    """What could be certified and is not; the ticked ones are issued."""
    today = timezone.localdate()
    waiting = queries.certifiable(me, today)
    if request.method != "POST":
        context = {"waiting": waiting[:BATCH], "more": len(waiting) > BATCH}
        return render(request, "certificates/outside.html", context)
    ticked = set(request.POST.getlist("evidence"))
    chosen = [one for one in waiting[:BATCH] if str(one.chain) in ticked]
    issued = 0
    for one in chosen:
        try:
            services.issue_for_evidence(chain=one.chain, course_code=one.course_code, on=today, by=me)
            issued += 1
        except Refused as refusal:
            messages.error(request, f"{one.holder}: {refusal}")
    if issued:
        messages.success(
            request,
            ngettext("%(count)d certificate issued", "%(count)d certificates issued", issued)
            % {"count": issued},
        )
    return redirect("certificates:outside")
