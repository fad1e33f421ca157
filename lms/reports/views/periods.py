"""What is asked for, by whom, and who has reported."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lms.coverage.queries import targets_listed
from lms.kernel.errors import Refused
from lms.reports import services
from lms.reports.enums import SENT, PeriodKind, ReportStatus, StepKind
from lms.reports.forms import PeriodForm, presets
from lms.reports.models import Period, ReportStep, UnitReport
from lms.reports.policies import periods_within_reach, reports_within_reach
from lms.roster import policies, queries
from lms.roster.entry import permitted
from lms.roster.enums import Permit
from lms.roster.queries import Person

SHOWN = 30


@dataclass(frozen=True)
class PeriodLine:
    """A period as the list shows it."""

    period: Period
    asked: int
    sent: int


@dataclass(frozen=True)
class ReportLine:
    """One unit's report as the period's page shows it."""

    report: UnitReport
    name: str
    late: bool
    figures: str
    reminded: bool


KIND = {
    ReportStatus.OPEN: "",
    ReportStatus.RETURNED: "bad",
    ReportStatus.PREPARED: "now",
    ReportStatus.SIGNED: "good",
    ReportStatus.FORWARDED: "good",
    ReportStatus.ACCEPTED: "good",
}
"""How a status looks; its word always stands beside it."""


OF_OTHERS = ~Q(reports__unit=F("unit"))
"""The reports that were asked for; the one that consolidates them is the asking body's own."""


@require_safe
@permitted(Permit.SEE_FIGURES)
def home(request: HttpRequest, me: Person) -> HttpResponse:
    """What my own units owe, and the periods that they opened."""
    today = timezone.localdate()
    tops = list(policies.tops_within_reach(me, Permit.SEE_FIGURES, today))
    owed = list(
        reports_within_reach(me, today)
        .filter(unit__in=tops)
        .exclude(status__in=SENT)
        .order_by("period__due", "pk")[:SHOWN]
    )
    names = queries.last_names(report.unit.code for report in owed)
    periods = (
        periods_within_reach(me, today)
        .filter(Q(unit__in=tops) | Q(station__in=tops))
        .annotate(
            asked=Count("reports", filter=OF_OTHERS),
            sent=Count("reports", filter=OF_OTHERS & Q(reports__status__in=SENT)),
        )
        .order_by("-on", "-pk")
    )
    sent = reports_within_reach(me, today).filter(unit__in=tops, status__in=SENT)
    return render(
        request,
        "reports/home.html",
        {
            "owed": [
                ReportLine(
                    report,
                    names.get(report.unit.code, report.unit.code),
                    report.period.due < today,
                    "",
                    False,
                )
                for report in owed
            ],
            "periods": [PeriodLine(period, period.asked, period.sent) for period in periods[:SHOWN]],
            "sent": sent.order_by("-period__on", "-pk")[:SHOWN],
            "may_open": policies.may_anywhere(me, Permit.CLOSE_PERIOD, today) and bool(_openers(me, today)),
            "kinds": KIND,
        },
    )


def _openers(me: Person, today: date) -> list[str]:
    """Units of mine that have others below them, and so may ask."""
    tops = policies.tops_within_reach(me, Permit.CLOSE_PERIOD, today)
    return [unit.code for unit in tops if queries.children_of(unit, today)]


@permitted(Permit.CLOSE_PERIOD)
def open_period(request: HttpRequest, me: Person) -> HttpResponse:
    """Ask units below mine for their reports; the dates of the next half-year and year are offered."""
    today = timezone.localdate()
    openers = _openers(me, today)
    if not openers:
        raise PermissionDenied
    code = request.GET.get("unit", openers[0])
    unit = get_object_or_404(policies.tops_within_reach(me, Permit.CLOSE_PERIOD, today), code=code)
    below = sorted(queries.children_of(unit, today), key=lambda one: one.name)
    offered = presets(today)
    wanted = request.GET.get("preset")
    chosen = next((one for one in offered if one[1] == wanted), offered[0])
    initial = {
        **dict(zip(("name", "kind", "since", "on", "due"), chosen, strict=True)),
        "units": [one.code for one in below],
        "targets": [target.code for target in targets_listed()],
    }
    form = PeriodForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        targets=targets_listed(),
        units=below,
    )
    if form.is_valid():
        data = form.cleaned_data
        asked = services.PeriodAsked(**{**data, "kind": PeriodKind(data["kind"])})
        try:
            period = services.open_period(unit=unit.code, asked=asked, by=me, today=today)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("The period is open. {count} units see it on their desk.").format(count=len(data["units"])),
            )
            return redirect("reports:period", period.public_id)
    return render(
        request,
        "reports/open_period.html",
        {"form": form, "unit": queries.unit_on(unit, today), "kind": chosen[1]},
    )


@require_POST
@permitted(Permit.CLOSE_PERIOD)
def remind_all(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Remind every unit that has not reported."""
    today = timezone.localdate()
    found = get_object_or_404(periods_within_reach(me, today), public_id=public_id)
    if not policies.may(me, Permit.CLOSE_PERIOD, found.unit, today):
        raise PermissionDenied
    reminded = services.remind_units(period=found, by=me, today=today)
    messages.success(
        request,
        ngettext("Reminded: {count} unit.", "Reminded: {count} units.", reminded).format(count=reminded),
    )
    return redirect("reports:period", found.public_id)


@require_safe
@permitted(Permit.SEE_FIGURES)
def period(request: HttpRequest, me: Person, public_id: UUID) -> HttpResponse:
    """Who has reported and who has not; the way into each report."""
    today = timezone.localdate()
    found = get_object_or_404(periods_within_reach(me, today), public_id=public_id)
    reports = list(
        found.reports.select_related("period__unit", "period__station", "unit").prefetch_related(
            "figures__closed__document"
        )
    )
    names = queries.last_names(report.unit.code for report in reports)
    reminded = set(
        ReportStep.objects.filter(report__in=reports, kind=StepKind.REMINDED).values_list("report", flat=True)
    )
    lines = [
        ReportLine(
            report,
            names.get(report.unit.code, report.unit.code),
            found.due < today and report.status not in SENT,
            _figures(report),
            report.pk in reminded,
        )
        for report in reports
    ]
    own = [line for line in lines if line.report.consolidates]
    below = sorted((line for line in lines if not line.report.consolidates), key=_still_to_do)
    return render(
        request,
        "reports/period.html",
        {
            "period": found,
            "own": own[0] if own else None,
            "lines": below,
            "sent": sum(line.report.status in SENT for line in below),
            "counts": _counts(below),
            "kinds": KIND,
            "unit": queries.last_names([found.unit.code]).get(found.unit.code, found.unit.code),
            "station": queries.last_names([found.station.code]).get(found.station.code, "")
            if found.station
            else "",
            "may_remind": policies.may(me, Permit.CLOSE_PERIOD, found.unit, today),
        },
    )


def _counts(lines: Sequence[ReportLine]) -> list[tuple[str, str, int]]:
    """Word, look and number of each state in which a report is."""
    found = Counter(ReportStatus(line.report.status) for line in lines)
    return [(str(status.label), KIND[status], found[status]) for status in KIND if found[status]]


def _still_to_do(line: ReportLine) -> tuple[int, str]:
    """Those that wait for a step first, then by name."""
    order = (
        ReportStatus.RETURNED,
        ReportStatus.OPEN,
        ReportStatus.PREPARED,
        ReportStatus.SIGNED,
        ReportStatus.FORWARDED,
        ReportStatus.ACCEPTED,
    )
    return order.index(ReportStatus(line.report.status)), line.name


def _figures(report: UnitReport) -> str:
    """«T1: 31/40 · T2: 5/6» of what was closed."""
    told = []
    for one in report.figures.all():
        figure = one.closed.document.content["figures"]
        told.append(f"{one.target}: {figure['trained']}/{figure['required']}")
    return " · ".join(told)
