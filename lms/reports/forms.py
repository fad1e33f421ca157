"""What the pages of reports ask for."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.coverage.records import TargetListed
from lms.roster.records import UnitOnDay

from .enums import PeriodKind
from .models import Letterhead


class DayField(forms.DateField):
    """A day, by the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """A period: its name and days, its targets, and the units that are asked."""

    name = forms.CharField(label=_("Name of the period"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of period"), choices=PeriodKind.choices)
    since = DayField(label=_("First day of the period"))
    on = DayField(label=_("Day on which is counted"), help_text=_("Figures are closed as of this day."))
    due = DayField(label=_("Report due"))
    targets = forms.MultipleChoiceField(
        label=_("Targets to report"), widget=forms.CheckboxSelectMultiple, required=True
    )
    units = forms.MultipleChoiceField(
        label=_("Units that report"), widget=forms.CheckboxSelectMultiple, required=True
    )
    station = forms.ChoiceField(
        label=_("By way of"),
        required=False,
        help_text=_("A body that checks the reports and sends them on; leave empty if there is none."),
    )

    def __init__(
        self, *args: Any, targets: Sequence[TargetListed], units: Sequence[UnitOnDay], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose = {name: self.fields[name] for name in ("targets", "units", "station")}
        listed = [(unit.code, unit.name) for unit in units]
        kinds: dict[str, list[tuple[str, str]]] = {}
        for unit in units:
            kinds.setdefault(unit.kind_label, []).append((unit.code, unit.name))
        choose["targets"].choices = [(t.code, f"{t.code} · {t.demand} · {t.name}") for t in targets]  # type: ignore[attr-defined]
        choose["units"].choices = list(kinds.items())  # type: ignore[attr-defined]
        choose["station"].choices = [("", "–"), *listed]  # type: ignore[attr-defined]


def presets(today: date) -> list[tuple[str, PeriodKind, date, date, date]]:
    """(name, kind, since, on, due) that are offered: half-year and year, the nearer first.

    A preset, not a rule: the dates stand in fields that can be changed.
    """
    half, whole = (_year_that_ends(month, today) for month in (6, 12))
    offered = [
        (f"06 tháng đầu năm {half}", PeriodKind.HALF_YEAR, *_days(half, 6)),
        (f"năm {whole}", PeriodKind.YEAR, *_days(whole, 12)),
    ]
    return sorted(offered, key=lambda one: one[3])


LATE = timedelta(days=45)
"""So long after its day a period is still the one that is asked for."""


def _year_that_ends(month: int, today: date) -> int:
    return today.year if today <= date(today.year, month, 14) + LATE else today.year + 1


def _days(year: int, month: int) -> tuple[date, date, date]:
    return date(year - 1, 12, 15), date(year, month, 14), date(year, month, 20)


class LetterheadForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a unit's letters look."""

    class Meta:
        model = Letterhead
        fields = (
            "superior",
            "issuer",
            "symbol",
            "place",
            "recipients",
            "authority",
            "signatory_title",
            "signatory",
            "copies",
            "filing",
        )
        widgets = {
            "recipients": forms.Textarea(attrs={"rows": 2}),
            "copies": forms.Textarea(attrs={"rows": 3}),
        }
