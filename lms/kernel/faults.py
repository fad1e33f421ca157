"""What is wrong with a file that came in: all of it, gathered, and said at once."""

from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lms.kernel.errors import Refused

_IN_WORDS = 1_000


class ValueFault(ValueError):
    """One cell cannot be read; the argument is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file. ``line`` counts from 1, the header included."""

    line: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        if self.line is None:
            return self.message
        if self.column is None:
            return _("line %(line)d: %(message)s") % {"line": self.line, "message": self.message}
        return _("line %(line)d, column %(column)s: %(message)s") % {
            "line": self.line,
            "column": self.column,
            "message": self.message,
        }


class Faults:
    """All that is wrong with one file: the first thousand in words, the rest counted."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.listed: list[Fault] = []
        self.count = 0

    def add(self, line: int | None, column: str | None, message: object) -> None:
        """``message`` is a sentence, lazily translated or not."""
        self.count += 1
        if len(self.listed) < _IN_WORDS:
            self.listed.append(Fault(line, column, str(message)))

    def __bool__(self) -> bool:
        return self.count > 0

    def refuse(self, message: object) -> NoReturn:
        """Add what makes the whole file unreadable, and stop here."""
        self.add(None, None, message)
        raise FileRefused(self)

    def check(self) -> None:
        """Raise FileRefused if there is any fault."""
        if self.count:
            raise FileRefused(self)


class FileRefused(Refused):
    """A file was refused and nothing of it was written; ``faults`` says all that is wrong with it."""

    code = "file_refused"

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self.faults = faults

    def __str__(self) -> str:
        """One line a fault, in the order of the file, the uncounted rest on a last line."""
        faults = self.faults
        listed = sorted(faults.listed, key=lambda fault: fault.line or 0)
        lines = [f"{faults.file}: {fault}" if faults.file else str(fault) for fault in listed]
        if more := faults.count - len(faults.listed):
            lines.append(
                ngettext("… and %(count)d more fault", "… and %(count)d more faults", more) % {"count": more}
            )
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        listed = sorted(self.faults.listed, key=lambda fault: fault.line or 0)
        return {
            "file": self.faults.file,
            "count": self.faults.count,
            "faults": [{"line": f.line, "column": f.column, "message": f.message} for f in listed],
        }
