"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a question asks for. Names as in QTI where it has one."""

    SINGLE = "single", _("one answer")
    SEVERAL = "several", _("several answers")
    TRUE_FALSE = "true_false", _("true or false")
    ORDER = "order", _("put in order")
    MATCH = "match", _("match")
    NUMERIC = "numeric", _("a number")
    SHORT_TEXT = "short_text", _("short answer")
    GAP = "gap", _("gap text")
    HOTSPOT = "hotspot", _("place on a picture")
    ESSAY = "essay", _("essay")
    FILE = "file", _("file to hand in")
    CASE = "case", _("short case")


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("submitted")
    EXPIRED = "expired", _("time is up")


class Shuffle(models.TextChoices):
    """What stands in another order for everybody."""

    ALL = "all", _("questions and options")
    QUESTIONS = "questions", _("questions only")
    OPTIONS = "options", _("options only")
    NOTHING = "nothing", _("nothing: everything stands as it was written")

    @property
    def questions(self) -> bool:
        return self in (Shuffle.ALL, Shuffle.QUESTIONS)

    @property
    def options(self) -> bool:
        return self in (Shuffle.ALL, Shuffle.OPTIONS)


class Passage(models.TextChoices):
    """How one goes through a test."""

    FREE = "free", _("freely: to and fro until it is handed in")
    SECTIONS = "sections", _("part after part: a part that is left stays closed")
    QUESTIONS = "questions", _("question after question: none can be gone back to")


class Feedback(models.TextChoices):
    """What a learner is told about each answer, once it may be told."""

    EXPLAINED = "explained", _("right or wrong, with key and explanation")
    MARKS = "marks", _("right or wrong, without the key")


class Afterwards(models.TextChoices):
    """What of an attempt can be looked at once the quiz has closed."""

    SAME = "same", _("the same as before")
    EXPLAINED = "explained", _("everything, with keys and explanations")
    CLOSED = "closed", _("the mark alone: the questions are kept for another time")


class Access(models.TextChoices):
    """Who of those who learn the course may take the quiz."""

    LEARNERS = "learners", _("everybody who has begun the course")
    OBLIGED = "obliged", _("only who must learn it: assigned, or asked for by a target")


class ReviewPolicy(models.TextChoices):
    """When a learner is told."""

    AT_ONCE = "at_once", _("after each answer")
    AFTER_SUBMIT = "after_submit", _("after each attempt")
    AFTER_PASS = "after_pass", _("after passing, or when no attempt is left")
    AFTER_WINDOW = "after_window", _("after the quiz has closed")
    NEVER = "never", _("never")


class Decision(models.TextChoices):
    """What the second person said."""

    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class RulingKind(models.TextChoices):
    """How the answers to a question with a wrong key count."""

    NEW_KEY = "new_key", _("marked again by the right key")
    FULL_MARKS = "full_marks", _("everybody gets the point")
    LEFT_OUT = "left_out", _("the question does not count")


class AppealOutcome(models.TextChoices):
    """How an appeal ended; a mark changes only by what two persons then decide."""

    STANDS = "stands", _("the mark stands")
    GRANTED = "granted", _("granted: a change is under way")


class HandState(models.TextChoices):
    """How far an answer that persons mark has come."""

    WAITING = "waiting", _("to be marked")
    DIFFERS = "differs", _("the two markers differ")
    DONE = "done", _("marked")
