"""What crosses the door: finished rows, without a way back into the database."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .enums import Subject


@dataclass(frozen=True, slots=True)
class About:
    """What somebody is reminded of, and where it is done."""

    key: str
    """One thing, for ever: "course:B1", "target:CT-2026". The same key is told once a person and day."""
    title: str
    url: str = "/"
    """A path of ours."""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of a reminder to several people."""

    told: int
    """Have a new notice; the day's letter takes it along."""
    before: int
    """Were told of the same today already."""
    away: int
    """Are away with approval and are left in peace."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as its reader sees it."""

    subject: str
    title: str
    url: str
    due: date | None
    asked_by: str
    day: date
    new: bool

    @property
    def words(self) -> str:
        """One sentence in the reader's language."""
        day = date_format(self.due, "d/m/Y") if self.due else ""
        if self.subject == Subject.CONTEST and self.due is not None and self.due < self.day:
            return _("A request for review was to be answered by {day} and still waits.").format(day=day)
        return _sentence(self.subject, bool(day), bool(self.asked_by)).format(
            title=self.title, day=day, name=self.asked_by
        )


def _sentence(subject: str, dated: bool, named: bool) -> str:
    if subject == Subject.REMINDER:
        if named:
            return (
                _("{name} reminds you: {title}, to be done by {day}.")
                if dated
                else _("{name} reminds you: {title}.")
            )
        return _("A reminder: {title}, to be done by {day}.") if dated else _("A reminder: {title}.")
    if subject == Subject.ASSIGNED:
        if dated:
            return _("{name} asks you to learn “{title}” by {day}.")
        return _("{name} asks you to learn “{title}”.")
    if subject == Subject.CERTIFICATE:
        return _("Your certificate for “{title}” is valid until {day}. Learn the course again to renew it.")
    if subject == Subject.CONTEST:
        return _("A request for review waits for your answer until {day}.")
    if subject == Subject.ANSWER:
        return _("Your request for review has been answered.")
    return _("“{title}” is to be done by {day}.")
