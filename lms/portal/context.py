"""What the frame of every page needs."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .demonstration import PASSWORD, SIGN_INS, DemonstrationSignIn
from .navigation import navigation


class Frame:
    """Computed only when a template asks: a page without a rail pays nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def navigation(self) -> SafeString:
        """The rail, which stands twice on a page: beside it, and in the menu of a telephone."""
        return render_to_string("components/nav.html", {"items": navigation(self.request)})

    @property
    def large_text(self) -> bool:
        return self.request.COOKIES.get("vung-large-text") == "1"

    @property
    def demonstration(self) -> tuple[DemonstrationSignIn, ...]:
        """The made-up people to sign in as; nobody on a real installation."""
        return SIGN_INS if settings.DEMONSTRATION else ()

    @property
    def demonstration_password(self) -> str:
        return PASSWORD if settings.DEMONSTRATION else ""


def frame(request: HttpRequest) -> dict[str, object]:
    """The page frame: navigation and switches."""
    return {"frame": Frame(request)}
