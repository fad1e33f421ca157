"""Refusals: a service that says no raises one; it never returns None for "no"."""

from typing import ClassVar


class Refused(Exception):
    """Base of all refusals: a stable code for programs, a sentence for people.

    The sentence may be lazily translated; it is resolved when it is shown.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
