"""Between signing in and the first page: what is still to be done at the door."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from .register import register
from .sessions import is_choosing, proved_second_factor

_OPEN = ("/accounts/", "/preferences/", "/privacy/", "/static/", "/healthz", "/readyz")


class AtTheDoor:
    """Who came by a one-time code chooses how to come from now on; who sees others shows a second factor.

    The second costs one query at each request of a session that has shown none, so that a role that was given
    meanwhile asks for it at the next request, and nothing where `SECOND_FACTOR` only offers it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not request.path.startswith(_OPEN):
            if is_choosing(request):
                return HttpResponseRedirect(reverse("choose_way"))
            if self._lacks_second_factor(request):
                return self._ask_for_it(request)
        return self.get_response(request)

    def _lacks_second_factor(self, request: HttpRequest) -> bool:
        if settings.SECOND_FACTOR != "required" or proved_second_factor(request):
            return False
        return register().sees_others(request.user.pk, timezone.localdate())  # type: ignore[arg-type]

    def _ask_for_it(self, request: HttpRequest) -> HttpResponse:
        """A page is put off; what a program or a form sends is refused, nothing of it done."""
        if request.method not in {"GET", "HEAD"} or request.path.startswith("/api/"):
            raise PermissionDenied
        return HttpResponseRedirect(
            f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}"
        )
