"""Refusals, each with a code; the text is for people."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lms.kernel.errors import Refused

from .blueprint import Rule


class QuizRefusal(Exception):
    """Something about a quiz cannot be done now; nothing was changed."""

    code = "refused"


class NoAttemptLeft(QuizRefusal):
    code = "no_attempt_left"

    def __init__(self) -> None:
        super().__init__(_("No attempt is left. Ask the trainer of the course."))


class AlreadyPassed(QuizRefusal):
    code = "already_passed"

    def __init__(self) -> None:
        super().__init__(_("You have passed this quiz already."))


class AttemptIsOver(QuizRefusal):
    code = "attempt_is_over"

    def __init__(self) -> None:
        super().__init__(_("This attempt has been submitted. Answers can no longer be changed."))


class AnotherDevice(QuizRefusal):
    code = "another_device"

    def __init__(self) -> None:
        super().__init__(
            _("This attempt goes on in another browser. Open the question again to go on in this one.")
        )


class QuestionIsClosed(QuizRefusal):
    code = "question_is_closed"

    def __init__(self) -> None:
        super().__init__(
            _("This question is not open now: the test goes on in one direction, or you have been told.")
        )


class NotObliged(QuizRefusal):
    code = "not_obliged"

    def __init__(self) -> None:
        super().__init__(_("This test is for those who must learn the course. If you must, ask its trainer."))


class NotForYou(QuizRefusal):
    code = "not_for_you"

    def __init__(self) -> None:
        super().__init__(_("This quiz belongs to a course that you have not begun."))


class BankTooSmall(QuizRefusal):
    code = "bank_too_small"

    def __init__(self, rule: Rule, found: int) -> None:
        super().__init__(
            _("{what}: {wanted} questions are to be drawn, the bank has {found}.").format(
                what=rule_in_words(rule), wanted=rule.draw, found=found
            )
        )


class RulesShareQuestions(QuizRefusal):
    code = "rules_share_questions"

    def __init__(self) -> None:
        super().__init__(
            _("The lines draw from the same questions; together they ask for more than the bank has.")
        )


def rule_in_words(rule: Rule) -> str:
    """Which questions a line of the blueprint draws."""
    said = []
    if rule.objectives:
        said.append(_("objective {numbers}").format(numbers=", ".join(map(str, rule.objectives))))
    if rule.difficulties:
        said.append(_("difficulty {numbers}").format(numbers=", ".join(map(str, rule.difficulties))))
    if rule.tags:
        said.append(_("tag {tags}").format(tags=", ".join(rule.tags)))
    return capfirst("; ".join(said)) if said else _("Any question")


class NotYourself(QuizRefusal):
    code = "not_yourself"

    def __init__(self) -> None:
        super().__init__(_("A second person must decide: neither who asked nor whom it concerns."))


class AlreadyDecided(QuizRefusal):
    code = "already_decided"

    def __init__(self) -> None:
        super().__init__(_("Somebody has decided about this already. Nothing was changed."))


class WaitsForDecision(QuizRefusal):
    code = "waits_for_decision"

    def __init__(self) -> None:
        super().__init__(_("Somebody has asked for a change here already; a second person decides first."))


class NothingChanges(QuizRefusal):
    code = "nothing_changes"

    def __init__(self) -> None:
        super().__init__(_("This is no key, or it is the key that holds already. Nothing was asked for."))


class NotOver(QuizRefusal):
    code = "not_over"

    def __init__(self) -> None:
        super().__init__(_("The attempt is still open; its answers have no mark yet."))


class PointsOutOfRange(QuizRefusal):
    code = "points_out_of_range"

    def __init__(self) -> None:
        super().__init__(_("An answer is worth from 0 to 1 point, such as 0, 0.5, 2/3 or 1."))


class AppealedAlready(QuizRefusal):
    code = "appealed_already"

    def __init__(self) -> None:
        super().__init__(_("You have asked about this question already. The answer stands on this page."))


class TooLateToAppeal(QuizRefusal):
    code = "too_late_to_appeal"

    def __init__(self, days: int) -> None:
        super().__init__(_("Marks may be questioned within {days} days.").format(days=days))


class QuestionFileRefused(Refused):
    """A file of questions cannot be read at all; nothing was changed."""

    code = "file_refused"


class NoSuchBank(Refused):
    code = "no_such_bank"

    def __init__(self, bank: str) -> None:
        super().__init__(_("There is no question bank {bank}.").format(bank=bank))


class NotOpenNow(QuizRefusal):
    code = "not_open_now"

    def __init__(self, opens: datetime | None) -> None:
        super().__init__(
            _("This quiz opens on {when}.").format(when=_moment(opens))
            if opens
            else _("This quiz has closed. Ask the trainer of the course.")
        )


class WaitFirst(QuizRefusal):
    code = "wait_first"

    def __init__(self, until: datetime) -> None:
        super().__init__(
            _("Between two attempts there is time to learn: the next one may begin on {when}.").format(
                when=_moment(until)
            )
        )


def _moment(when: datetime) -> str:
    return date_format(localtime(when), "H:i d/m/Y")


class BankIsThere(Refused):
    code = "bank_is_there"

    def __init__(self, bank: str) -> None:
        super().__init__(_("There is a question bank {bank} already.").format(bank=bank))


class QuestionIsWrong(Refused):
    """A question that cannot be asked so; `faults` says all that is wrong with it."""

    code = "question_is_wrong"

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class PictureRefused(Refused):
    code = "picture_refused"


class WaitsForMark(QuizRefusal):
    code = "waits_for_mark"

    def __init__(self) -> None:
        super().__init__(_("Your last attempt is still being marked by a person. Wait for its result."))


class MarkedAlready(QuizRefusal):
    code = "marked_already"

    def __init__(self) -> None:
        super().__init__(_("This answer is marked already, or you have marked it. Nothing was changed."))


class FileRefused(QuizRefusal):
    """A file that was handed in is not taken; the answer stays what it was."""

    code = "file_not_taken"
