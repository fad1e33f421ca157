"""Between signing in and the first page: what is still to be done at the door."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from .door import lacking
from .sessions import is_choosing

_OPEN = ("/accounts/", "/preferences/", "/privacy/", "/static/", "/healthz", "/readyz")


class AtTheDoor:
    """Who came by a one-time code chooses how to come from now on; who sees others shows a second factor.

    Where `SECOND_FACTOR` only offers it, a password of 15 characters does as well. A role that was given
    meanwhile asks at the next request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not request.path.startswith(_OPEN):
            if is_choosing(request):
                return HttpResponseRedirect(reverse("choose_way"))
            if lacking(request):
                return self._ask_for_it(request)
        return self.get_response(request)

    def _ask_for_it(self, request: HttpRequest) -> HttpResponse:
        """A page is put off; what a program or a form sends is refused, nothing of it done."""
        if request.method not in {"GET", "HEAD"} or request.path.startswith("/api/"):
            raise PermissionDenied
        return HttpResponseRedirect(
            f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}"
        )
