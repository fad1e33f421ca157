"""The way in: who asks, and which report they reach; beyond that nothing exists."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from lms.kernel.errors import Refused
from lms.reports.models import UnitReport
from lms.reports.policies import reports_within_reach
from lms.roster import policies
from lms.roster.enums import Permit
from lms.roster.queries import Person, person_of

P = ParamSpec("P")


def permitted(
    permit: Permit,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Person, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Hand the view the person who asks; 403 for whoever holds the permit nowhere today."""

    def wrap(
        view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        def fetch(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            me = person_of(request.user)
            if me is None or not policies.may_anywhere(me, permit, timezone.localdate()):
                raise PermissionDenied
            return view(request, me, *args, **kwargs)

        return fetch

    return wrap


def report_within(me: Person, public_id: UUID) -> UnitReport:
    return get_object_or_404(reports_within_reach(me, timezone.localdate()), public_id=public_id)


def said(request: HttpRequest, done: str, act: Callable[[], object]) -> bool:
    """Do it and say so; or say why not."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True
