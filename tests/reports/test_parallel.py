"""Closed once, however many ask at the same moment, each on a connection of its own."""

from datetime import date

from content.models import Course
from lms.coverage.models import Target
from lms.kernel.services import record_fact
from lms.reports import services
from lms.reports.errors import AlreadyClosed
from lms.reports.models import ClosedReport
from tests.certificates.test_parallel import Run, at_once
from tests.factories import roster as make

__all__ = ["at_once"]
DAY = date(2026, 6, 14)


def close(_n: int) -> str:
    try:
        asked = {"target": "T1", "unit": "X1", "on": DAY, "name": "6 tháng", "today": DAY}
        return services.close_period(**asked, by="operator").sha256
    except AlreadyClosed:
        return "closed already"


def test_of_eight_who_close_at_once_one_does_and_the_others_are_told(at_once: Run) -> None:
    commune = make.unit("X1", kind="commune")
    make.posting(make.person("CB1"), commune, "TTCN")
    Course.objects.create(code="B5", title="B5")
    target = Target(
        code="T1",
        name="T1",
        audience_mask=make.mask("TTCN"),
        unit=commune,
        courses=["B5"],
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )
    record_fact(target, by="operator")
    answers = at_once(close, 8)
    assert answers.count("closed already") == 7
    assert at_once(lambda _n: ClosedReport.objects.count()) == [1]
