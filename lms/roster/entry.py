"""The way in: who asks, what they may reach today; beyond that nothing exists."""

from collections.abc import Callable
from datetime import date
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from lms.kernel.errors import Refused
from lms.roster.enums import Permit
from lms.roster.models import Person, Unit
from lms.roster.policies import may_anywhere, people_within_reach, units_within_reach
from lms.roster.queries import person_of, unit_on
from lms.roster.records import UnitOnDay

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
            if me is None or not may_anywhere(me, permit, timezone.localdate()):
                raise PermissionDenied
            return view(request, me, *args, **kwargs)

        return fetch

    return wrap


def unit_within(me: Person, permit: Permit, code: str, today: date) -> tuple[Unit, UnitOnDay]:
    """The unit and what it is today, if I reach it; else it does not exist."""
    unit = get_object_or_404(units_within_reach(me, permit, today), code=code)
    return unit, unit_on(unit, today)


def person_within(me: Person, permit: Permit, public_id: object, today: date) -> Person:
    return get_object_or_404(people_within_reach(me, permit, today), public_id=public_id)


def said(request: HttpRequest, done: str, act: Callable[[], object]) -> bool:
    """Do it and say so; or say why not."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True
