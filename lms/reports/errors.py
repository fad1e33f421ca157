"""Refusals of reports: each has a code for programs and a sentence for people."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused


class UnknownReport(Refused):
    code = "unknown_report"

    def __init__(self, report: object) -> None:
        super().__init__(_("There is no closed report {report}.").format(report=report))


class AlreadyClosed(Refused):
    """The period is closed; what came later is restated, or enters the next one."""

    code = "already_closed"

    def __init__(self, report: int) -> None:
        super().__init__(
            _("This period is closed already, as report {report}. It can be restated.").format(report=report)
        )


class DayToCome(Refused):
    """What is to be counted has not happened yet."""

    code = "day_to_come"

    def __init__(self, on: date) -> None:
        super().__init__(
            _("{day} has not come yet: a period is closed on its day or later.").format(
                day=on.strftime("%d/%m/%Y")
            )
        )


class AlreadyRestated(Refused):
    code = "already_restated"

    def __init__(self, report: int) -> None:
        super().__init__(_("Report {report} has been restated; restate its successor.").format(report=report))


class RestatementWaits(Refused):
    code = "restatement_waits"

    def __init__(self) -> None:
        super().__init__(_("A restatement of this report waits for approval already."))


class NothingChanged(Refused):
    """What is known now gives the same report."""

    code = "nothing_changed"

    def __init__(self) -> None:
        super().__init__(_("By what is known now the report would say the same."))


class NotAReport(Refused):
    code = "not_a_report"

    def __init__(self, file: str) -> None:
        super().__init__(
            _(
                "{file} is no report that was exported here as JSON, XLSX or PDF. Write it anew with "
                "`manage.py export_report`, or ask who sent it for the file as it was written."
            ).format(file=file)
        )


class NoUnitsToAsk(Refused):
    """A period asks at least one unit, and only units below who asks."""

    code = "no_units_to_ask"

    def __init__(self) -> None:
        super().__init__(_("Choose at least one unit, all of them below your own on that day."))


class NoTargetsToReport(Refused):
    code = "no_targets_to_report"

    def __init__(self) -> None:
        super().__init__(_("Choose at least one target."))


class PeriodExists(Refused):
    code = "period_exists"

    def __init__(self, name: str) -> None:
        super().__init__(_("A period “{name}” has been opened already.").format(name=name))


class DatesOutOfOrder(Refused):
    code = "dates_out_of_order"

    def __init__(self) -> None:
        super().__init__(_("A period begins, then its figures are counted, then it is due."))


class NotNow(Refused):
    """Somebody took a step first, or the report does not stand so that this step can be taken."""

    code = "not_now"

    def __init__(self) -> None:
        super().__init__(
            _("The report has moved on meanwhile. Nothing was changed; look at it again and decide anew.")
        )


class LetterheadNeeded(Refused):
    code = "letterhead_needed"

    def __init__(self) -> None:
        super().__init__(_("First say how the unit's letters look: who issues, where, to whom."))


class CommentNeeded(Refused):
    code = "comment_needed"

    def __init__(self) -> None:
        super().__init__(_("Say at least at one line what has to be corrected."))
