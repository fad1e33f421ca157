"""Work that nobody will do unless somebody looks: what failed again and again, why, and trying again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.kernel import jobs, queries
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.queries import Person

from ..failedwork import SHOWN, told


@require_safe
@permitted(Permit.MANAGE_ACCOUNTS)
def work(request: HttpRequest, me: Person) -> HttpResponse:
    """What was set aside, the newest first. It names no person: a job holds ids alone."""
    rows = list(queries.jobs_set_aside()[: SHOWN + 1])
    context = {
        "jobs": [told(row) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "overdue": queries.jobs_overdue().count(),
    }
    return render(request, "portal/work.html", context)


@require_POST
@permitted(Permit.MANAGE_ACCOUNTS)
def try_again(request: HttpRequest, me: Person, pk: int) -> HttpResponse:
    """Let one be tried again."""
    if jobs.retry(get_object_or_404(queries.jobs_set_aside(), pk=pk)):
        messages.success(request, _("It will be tried again within a minute."))
    else:
        messages.info(request, _("The same work waits already; it will be done once."))
    return redirect("portal:work")
