"""The way into a page: who asks, what they may reach today; beyond that nothing exists.

A door of the room: views of the rooms above use the same way in (docs/decisions/0091).
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from lms.kernel.errors import Refused

from .enums import Permit
from .models import Person, Unit
from .policies import may_anywhere, people_within_reach, units_within_reach
from .queries import person_of, unit_on
from .records import UnitOnDay

P = ParamSpec("P")
Response = TypeVar("Response", bound=HttpResponseBase)


def permitted(
    permit: Permit,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Person, P], Response]],
    Callable[Concatenate[HttpRequest, P], Response],
]:
    """Hand the view the person who asks; 403 for whoever holds the permit nowhere today."""

    def wrap(
        view: Callable[Concatenate[HttpRequest, Person, P], Response],
    ) -> Callable[Concatenate[HttpRequest, P], Response]:
        @wraps(view)
        def fetch(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Response:
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
