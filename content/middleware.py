"""The door of the CMS: who enters has, at this request, the groups of the roles that he holds today."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from .services import follow_roles

CMS = "/cms/"


class RolesAtTheDoor:
    """Roles begin and end on days when nobody sends a signal; what is lost is lost at the next request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(CMS) or not request.user.is_authenticated:
            return self.get_response(request)
        if not request.user.is_superuser:
            follow_roles(user_id=request.user.pk, on=timezone.localdate())
        response = self.get_response(request)
        # Wagtail sends who may not enter to sign in, where signing in sends him back: for ever.
        if response.get("Location", "").startswith(settings.WAGTAILADMIN_LOGIN_URL):
            return redirect("/")
        return response
