"""Other papers that the page for checking knows: rooms above plug in what reads their own files."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Checker = Callable[[HttpRequest, bytes], HttpResponse | None]
"""Given a file that is no certificate: the page that answers, or None if it is none of theirs either."""
_CHECKERS: list[Checker] = []


def plug_checker(checker: Checker) -> None:
    """From `AppConfig.ready()` of the room whose papers they are."""
    if checker not in _CHECKERS:
        _CHECKERS.append(checker)


def answered_by_another(request: HttpRequest, content: bytes) -> HttpResponse | None:
    """The first page that knows the file."""
    return next((page for checker in _CHECKERS if (page := checker(request, content))), None)
