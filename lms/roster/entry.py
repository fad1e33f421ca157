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
from .policies import Standing, people_within_reach, standing_of, units_within_reach
from .queries import unit_on
from .records import UnitOnDay

P = ParamSpec("P")
Response = TypeVar("Response", bound=HttpResponseBase)


_KEPT = "_standing"


def standing_here(request: HttpRequest) -> Standing | None:
    """Who asks for this page, and what they may today: read once, for the view and for the frame around it.

    None for a visitor, and for a sign-in without a place in the register.
    """
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, standing_of(request.user, timezone.localdate()))
    standing: Standing | None = getattr(request, _KEPT)
    return standing


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
            standing = standing_here(request)
            if standing is None or permit not in standing.permits():
                raise PermissionDenied
            return view(request, standing.person, *args, **kwargs)

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
