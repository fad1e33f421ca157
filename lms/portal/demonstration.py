"""The demonstration's sign-ins: shown on the sign-in page and by `make run`, never on a real installation."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "vung-trinh-dien-2026"  # noqa: S105 - made-up people on a developer's machine


@dataclass(frozen=True)
class DemonstrationSignIn:
    """One made-up person to try the platform as."""

    username: str
    who: str | Promise


SIGN_INS = (
    DemonstrationSignIn("can-bo", _("commune officer: learns")),
    DemonstrationSignIn("hieu-truong", _("school leader: learns")),
    DemonstrationSignIn("giang-vien", _("trainer: writes courses")),
    DemonstrationSignIn("tham-dinh", _("reviewer: publishes courses")),
    DemonstrationSignIn("lanh-dao", _("unit manager: keeps the list, sees the figures")),
    DemonstrationSignIn("bao-cao", _("reporting officer: closes the figures")),
    DemonstrationSignIn("kiem-toan", _("auditor: reads everything")),
    DemonstrationSignIn("quan-tri", _("administrator: accounts and units")),
)
