"""The door of the CMS: who enters has, at this request, the groups of the roles that he holds today."""

from collections.abc import Callable

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
        if request.path.startswith(CMS) and request.user.is_authenticated and not request.user.is_superuser:
            follow_roles(user_id=request.user.pk, on=timezone.localdate())
            if not request.user.has_perm("wagtailadmin.access_admin"):
                return redirect("/")  # Wagtail would send him to sign in, and signing in sends him back
        return self.get_response(request)
