"""Refusals."""

from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused


class CertificateRefused(Refused):
    """A certificate cannot be issued or changed; nothing was written."""

    code = "certificate_refused"


class NotEarned(CertificateRefused):
    """The conditions do not hold at the moment of issue."""

    code = "not_earned"

    def __init__(self) -> None:
        super().__init__(_("The course is not completed, so no certificate can be issued for it."))


class NotAllowed(CertificateRefused):
    """No issuer certifies what was learned of this course elsewhere."""

    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__(_("No issuer certifies classes and outside records of this course."))


class NoIssuer(CertificateRefused):
    """Nobody is set up to issue."""

    code = "no_issuer"

    def __init__(self) -> None:
        super().__init__(_("No issuer is set up. An administrator adds one first."))


class AlreadyRevoked(CertificateRefused):
    code = "already_revoked"

    def __init__(self) -> None:
        super().__init__(_("The certificate is revoked already."))


class WaitsForDecision(CertificateRefused):
    code = "waits_for_decision"

    def __init__(self) -> None:
        super().__init__(_("A request about this certificate waits for a decision already."))


class NotYourself(CertificateRefused):
    """TRUST.md §1: two persons, and neither of them the holder."""

    code = "not_yourself"

    def __init__(self) -> None:
        super().__init__(
            _("A second person decides about this request, and it is not about their own certificate.")
        )


class NameIsRight(CertificateRefused):
    code = "name_is_right"

    def __init__(self) -> None:
        super().__init__(
            _("The list of staff has the same name and date of birth as the paper. Correct them there first.")
        )


class AlreadyDecided(CertificateRefused):
    code = "already_decided"

    def __init__(self) -> None:
        super().__init__(_("Somebody has decided about this request already."))


class UnprintableName(CertificateRefused):
    """A name in a script that the paper's fonts do not have; better no paper than one with holes."""

    code = "unprintable_name"

    def __init__(self, letters: str) -> None:
        super().__init__(
            _(
                "The name has letters that cannot be printed ({letters}). Write it in Latin letters first."
            ).format(letters=letters)
        )
