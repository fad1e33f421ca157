"""Refusals at the door. What they say never depends on whether an account exists."""

from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused


class CodeRefused(Refused):
    """Unknown, used, withdrawn, expired, or somebody else's: one answer for all."""

    code = "code_refused"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This code does not open an account under this name. It may have been used or replaced, "
                "or its time is over. Nothing is broken: ask your unit's administrator for a new one."
            )
        )


class TooManyTries(Refused):
    code = "too_many_tries"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Too many tries that failed. Wait a quarter of an hour and try again; nothing is lost. On a "
                "device from which you have signed in before, you can go on at once."
            )
        )


class DigitsUsed(Refused):
    code = "digits_used"

    def __init__(self) -> None:
        super().__init__(_("These digits were used already. Wait for the next ones: half a minute at most."))


class AlreadyAsked(Refused):
    code = "already_asked"

    def __init__(self) -> None:
        super().__init__(_("Somebody has asked for this already; a second person must decide."))


class NothingAsked(Refused):
    code = "nothing_asked"

    def __init__(self) -> None:
        super().__init__(_("Nobody has asked for this, or it has been decided."))


class SecondAccountNeeded(Refused):
    code = "second_account_needed"

    def __init__(self) -> None:
        super().__init__(_("A second person must decide this: neither who asked nor whose account it is."))


class AlreadyClosed(Refused):
    code = "already_closed"

    def __init__(self) -> None:
        super().__init__(_("The account is closed already."))


class NotClosed(Refused):
    code = "not_closed"

    def __init__(self) -> None:
        super().__init__(_("The account is not closed."))


class LastWayIn(Refused):
    code = "last_way_in"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This passkey is the only way into your account: it has no password. Set a password or add "
                "another passkey first; then this one can be removed."
            )
        )


class FactorDemanded(Refused):
    code = "factor_demanded"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your role shows you what belongs to others, so one passkey or an app must stay set up. Set "
                "another one up first; then this one can be taken away."
            )
        )
