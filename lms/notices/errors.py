"""Refusals of this room: each has a code for programs and a sentence for people."""

from lms.kernel.errors import Refused


class NotTaken(Refused):
    """The mail server or a gateway did not take a letter; the job tries again. Its words name nobody."""

    code = "not_taken"
