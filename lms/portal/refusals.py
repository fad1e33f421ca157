"""One line for each refusal, and for each form that brought fields for which nobody asked.

A line names the address by its name, never by its path, and whoever asked by the random number of their
sign-in: no officer code, name or value of a field (TRUST.md §4).
"""

import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Self

from django.http import HttpRequest, HttpResponse, QueryDict

_log = logging.getLogger(__name__)
_REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
COVETED = frozenset(
    {
        *("role", "is_staff", "is_superuser", "is_active", "groups", "user_permissions"),
        *("unit", "person", "user", "owner", "granted_by", "approved_by"),
        *("score", "points", "mark", "status", "username"),
    }
)
"""Fields by which somebody would raise themselves; what else a browser adds to a form is no news."""


class ReadFields(QueryDict):
    """A sent form that remembers which of its fields were looked at; whoever walks it looks at all."""

    read: set[str]

    @classmethod
    def of(cls, sent: QueryDict) -> Self:
        fields = cls(mutable=True, encoding=sent.encoding)
        for name, values in sent.lists():
            fields.setlist(name, values)
        fields._mutable = False
        fields.read = set()
        return fields

    def unasked(self) -> set[str]:
        """Coveted fields that were sent and that nothing has looked at."""
        return (COVETED & dict.keys(self)) - self.read

    def __getitem__(self, name: str) -> Any:
        self._look(name)
        return super().__getitem__(name)

    def _getlist(self, name: str, default: Any = None, force_list: bool = False) -> Any:
        self._look(name)
        return super()._getlist(name, default, force_list)  # type: ignore[misc]

    def __contains__(self, name: object) -> bool:
        self._look(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self._look(*dict.keys(self))
        return super().__iter__()

    def lists(self) -> Any:
        self._look(*dict.keys(self))
        return super().lists()

    def _look(self, *names: object) -> None:
        """Not yet while the form is being copied together."""
        if "read" in self.__dict__:
            self.read.update(map(str, names))


class Refusals:
    """Stands behind the sign-in and in front of every page; the CMS asks by forms of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = None
        if request.method == "POST" and not request.path.startswith("/cms/") and request.POST:
            sent = request.POST = ReadFields.of(request.POST)  # type: ignore[assignment]
        response = self.get_response(request)
        if response.status_code in _REFUSED and request.resolver_match and request.user.is_authenticated:
            _log.warning("%s for %s %s", response.status_code, request.method, _place(request))
        elif sent is not None and (unasked := sent.unasked()):
            _log.warning("fields nobody asked for (%s) in %s", ", ".join(sorted(unasked)), _place(request))
        return response


def _place(request: HttpRequest) -> str:
    """The address by its name, and who asked."""
    match = request.resolver_match
    who = request.user.public_id if request.user.is_authenticated else "nobody signed in"
    return f"{match.view_name if match else 'an unknown address'}, by {who}"
