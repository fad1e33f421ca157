"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    BASIC = "co_ban", _("basic")
    ADVANCED = "nang_cao", _("advanced")
    SPECIAL = "chuyen_sau", _("specialised")


class Admission(models.TextChoices):
    """Who may begin a course. Each takes in whom the next one does."""

    OPEN = "open", _("open: everybody by themselves")
    UNIT = "unit", _("by the unit: whom a unit assigns it to, or a target demands it of")
    DUTY = "duty", _("by obligation: whom a target demands it of")


class ChangeKind(models.TextChoices):
    """What an edition asks of those who finished an earlier one."""

    MINOR = "minor", _("minor: nothing to be done again")
    TOPUP = "topup", _("top-up: the new part is to be learned")
    REPEAT = "repeat", _("repeat: the whole course is to be learned again")


class ActivityKind(models.TextChoices):
    QUIZ = "quiz", _("quiz")
    SCENARIO = "scenario", _("scenario")


class SentState(models.TextChoices):
    """What became of a file that a trainer has sent."""

    WAITING = "waiting", _("being read")
    DONE = "done", _("read")
    REFUSED = "refused", _("not taken")


class RecordingState(models.TextChoices):
    """What became of a film or a sound that a trainer has sent."""

    WAITING = "waiting", _("waits for its turn")
    WORKING = "working", _("is being made smaller")
    DONE = "done", _("ready")
    REFUSED = "refused", _("not taken")


class LibraryKind(models.TextChoices):
    LEAFLET = "leaflet", _("leaflet")
    POSTER = "poster", _("poster")
    BOOKLET = "booklet", _("booklet")
    HANDBOOK = "handbook", _("handbook")
    FILM = "film", _("film")


class LibraryLanguage(models.TextChoices):
    """Languages in which communes hand things out."""

    VIETNAMESE = "vi", _("Vietnamese")
    TAY = "tyz", _("Tày")
    THAI = "blt", _("Thái")
    MUONG = "mtq", _("Mường")
    KHMER = "km", _("Khmer")
    HMONG = "hmn", _("Hmông")
    EDE = "rad", _("Ê Đê")
    ENGLISH = "en", _("English")


class FoundKind(models.TextChoices):
    COURSE = "course", _("course")
    LESSON = "lesson", pgettext_lazy("found by searching", "lesson")
    ITEM = "item", _("library")


SKILLS = {
    "open_question": _("open question"),
    "affirmation": _("affirmation"),
    "reflection": _("reflection"),
    "summary": _("summing up"),
    "information": _("information with permission"),
    "safety": _("safety"),
    "confidentiality": _("confidentiality"),
    "referral": _("referral"),
    "consent": _("consent"),
}
"""What a choice in a scenario shows (content/starter/README.md)."""

ERRORS = {
    "early_advice": _("advice too early"),
    "interrogation": _("interrogation"),
    "label": _("label"),
    "false_promise": _("a promise that cannot be kept"),
    "threat": _("threat"),
    "missed_risk": _("a danger missed"),
    "argue": _("argument"),
    "lecture": _("lecture"),
    "exposure": _("somebody's privacy given away"),
    "wrong_information": _("wrong information"),
}
"""What a choice in a scenario gets wrong."""
