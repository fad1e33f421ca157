"""Refusals of coverage: each has a code for programs and a sentence for people."""

from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused


class UnknownTarget(Refused):
    code = "unknown_target"

    def __init__(self, target: str) -> None:
        super().__init__(_("There is no target {target}.").format(target=target))


class NoSuchUnit(Refused):
    """The unit does not exist on the day, as far as was known then."""

    code = "no_such_unit"

    def __init__(self, unit: str, on: object) -> None:
        super().__init__(_("The unit {unit} does not exist on {day}.").format(unit=unit, day=on))


class LedgerShorter(Refused):
    """Asked for what will be known some day."""

    code = "ledger_shorter"

    def __init__(self, asked: int, size: int) -> None:
        super().__init__(
            _("The ledger has {size} entries; nothing is known at {asked}.").format(size=size, asked=asked)
        )


class UnknownCourse(Refused):
    code = "unknown_course"

    def __init__(self, course: str) -> None:
        super().__init__(_("There is no course {course}.").format(course=course))


class UnknownReference(Refused):
    code = "unknown_reference"

    def __init__(self, reference: str) -> None:
        super().__init__(_("No evidence has the reference {reference}.").format(reference=reference))


class ReferenceOfSeveral(Refused):
    """One paper proves the training of several people; who is meant must be said."""

    code = "reference_of_several"

    def __init__(self, reference: str, people: int) -> None:
        super().__init__(
            _(
                "{reference} is the reference of {people} people's evidence. Name the person "
                "(--person CODE), or say that all are meant (--all)."
            ).format(reference=reference, people=people)
        )


class OnlyThePlatform(Refused):
    code = "only_the_platform"

    def __init__(self) -> None:
        super().__init__(_("Online evidence is written by the platform alone."))


class NotYetCompleted(Refused):
    code = "not_yet_completed"

    def __init__(self) -> None:
        super().__init__(_("The day of completion lies ahead."))


class TooManyProofs(Refused):
    code = "too_many_proofs"

    def __init__(self, most: int) -> None:
        super().__init__(_("At most {most} files prove one thing.").format(most=most))


class UnknownActivityKind(Refused):
    code = "unknown_activity_kind"

    def __init__(self, kind: str) -> None:
        super().__init__(_("There is no kind of activity {kind}.").format(kind=kind))


class NotYetHeld(Refused):
    code = "not_yet_held"

    def __init__(self) -> None:
        super().__init__(_("The day of the activity lies ahead."))


class AlreadyContested(Refused):
    code = "already_contested"

    def __init__(self) -> None:
        super().__init__(_("You have asked for this already; your unit has not answered yet."))


class TooManyContests(Refused):
    code = "too_many_contests"

    def __init__(self, most: int) -> None:
        super().__init__(
            _("{most} of your requests wait for an answer. Wait for one, or take one back.").format(most=most)
        )


class NothingOfYours(Refused):
    """What is contested is not recorded about this person, or no longer."""

    code = "nothing_of_yours"

    def __init__(self) -> None:
        super().__init__(_("This is not recorded about you, or no longer. Look at your record again."))


class NoUnitToAsk(Refused):
    """Never on any list: nobody can be asked."""

    code = "no_unit_to_ask"

    def __init__(self) -> None:
        super().__init__(_("No unit has ever had you on its list; ask the administrator."))


class WordsNeeded(Refused):
    code = "words_needed"

    def __init__(self) -> None:
        super().__init__(_("Say what is wrong, and what is right."))


class AlreadyAnswered(Refused):
    code = "already_answered"

    def __init__(self) -> None:
        super().__init__(_("This has been answered already."))


class NothingCorrected(Refused):
    """The answer says that the record was corrected, and nothing of it has changed since."""

    code = "nothing_corrected"

    def __init__(self) -> None:
        super().__init__(
            _("Nothing of it has changed since it was asked. Correct the record first, then answer.")
        )


class NobodyCalled(Refused):
    """A list of a class is decided about by who has asked those that were drawn."""

    code = "nobody_called"

    def __init__(self) -> None:
        super().__init__(_("Say whom you asked, and what they said."))
