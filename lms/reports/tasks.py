"""Work behind the page."""

from lms.kernel.jobs import handler

from .models import UnitReport
from .services import write_files


@handler("reports.write")
def write(*, report: int) -> None:
    """Write a report that was sent into its files; again, if it was sent again meanwhile."""
    rows = UnitReport.objects.select_related("period__unit", "period__station", "unit")
    write_files(report=rows.get(pk=report))
