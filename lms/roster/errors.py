"""Refusals of the register: each has a code for programs and a sentence for people."""

from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused


class NoSuchUnitOnDay(Refused):
    code = "no_such_unit_on_day"

    def __init__(self, unit: str, day: object) -> None:
        super().__init__(_("The unit {unit} does not exist on {day}.").format(unit=unit, day=day))


class UnknownCode(Refused):
    code = "unknown_code"

    def __init__(self, code: str) -> None:
        super().__init__(_("The register knows no code “{code}”.").format(code=code))


class NotPermitted(Refused):
    """The person may not do this, for this unit, on this day."""

    code = "not_permitted"

    def __init__(self) -> None:
        super().__init__(_("Your role does not allow this for this unit."))


class SecondPersonNeeded(Refused):
    """Whoever proposed, or whom it concerns, may not be the one who decides — under whatever code."""

    code = "second_person_needed"

    def __init__(self) -> None:
        super().__init__(_("A second person must decide this: neither who proposed it nor whom it concerns."))


class NotAboutYourself(Refused):
    code = "not_about_yourself"

    def __init__(self) -> None:
        super().__init__(_("Nobody grants a role to themselves."))


class PostingNotOpen(Refused):
    code = "posting_not_open"

    def __init__(self) -> None:
        super().__init__(_("The person has no open posting here on that day."))


class SeveralPostings(Refused):
    code = "several_postings"

    def __init__(self) -> None:
        super().__init__(_("The person holds several postings on that day; say which one ends."))


class OutsideUnitLife(Refused):
    code = "outside_unit_life"

    def __init__(self, unit: str) -> None:
        super().__init__(_("The unit {unit} does not exist on all of these days.").format(unit=unit))


class DaysOutOfOrder(Refused):
    code = "days_out_of_order"

    def __init__(self) -> None:
        super().__init__(_("The end must come after the beginning."))


class AlreadyDecided(Refused):
    code = "already_decided"

    def __init__(self) -> None:
        super().__init__(_("This has been decided already."))


class AlreadyThere(Refused):
    code = "already_there"

    def __init__(self) -> None:
        super().__init__(_("This is recorded already."))


class UnknownReason(Refused):
    code = "unknown_reason"

    def __init__(self, reason: str) -> None:
        super().__init__(_("“{reason}” is not a reason for absence here.").format(reason=reason))


class SameCode(Refused):
    code = "same_code"

    def __init__(self) -> None:
        super().__init__(_("These are one and the same code already."))


class ReasonNeeded(Refused):
    code = "reason_needed"

    def __init__(self) -> None:
        super().__init__(_("Say why; the reason is kept."))


class NameNeeded(Refused):
    code = "name_needed"

    def __init__(self) -> None:
        super().__init__(_("Write the name in letters that can be seen."))


class NothingToMerge(Refused):
    code = "nothing_to_merge"

    def __init__(self) -> None:
        super().__init__(_("A unit cannot be merged into itself."))


class UnitGoesOnLater(Refused):
    code = "unit_goes_on_later"

    def __init__(self, unit: str) -> None:
        super().__init__(
            _("The unit {unit} has a span that begins on that day or later; correct that first.").format(
                unit=unit
            )
        )


class StillInService(Refused):
    code = "still_in_service"

    def __init__(self) -> None:
        super().__init__(_("Who holds a posting today is not erased; end the posting first."))


class NoAddress(Refused):
    code = "no_address"

    def __init__(self) -> None:
        super().__init__(_("The register has no e-mail address; print a code instead."))
