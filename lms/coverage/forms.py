"""What the pages of coverage ask for."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.kernel.scans import ACCEPT, LARGEST, Scan, ScanRefused, scan_of
from lms.kernel.tables import LARGEST_FILE
from lms.roster.records import UnitOnDay

from .enums import About, Outcome, Source, activity_kinds
from .errors import TooManyProofs
from .models.proofs import MOST_PROOFS
from .records import Contestable

LONGEST = 1000


class ContestForm(forms.Form):
    """What is wrong, and what is right."""

    fact = forms.ChoiceField(label=_("Which of these is wrong?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What is wrong, and what is right"),
        help_text=_(
            "For example: the class of 15–16 September is missing, certificate no. 12; or: the decision says "
            "June, not August. Name nobody whom you advise."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, facts: Sequence[Contestable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {
            About.RECORD: _("My name and day of birth"),
            About.POSTING: _("My posts"),
            About.ABSENCE: _("My absences"),
            About.EVIDENCE: _("My training"),
        }
        groups: list[Any] = [
            (title, [(fact.key, fact.words) for fact in facts if fact.about == about])
            for about, title in titles.items()
        ]
        self.fields["fact"].choices = [  # type: ignore[attr-defined]
            (About.MISSING.value, _("Something is missing: a class, a certificate, a post")),
            *((title, choices) for title, choices in groups if choices),
        ]


class AnswerForm(forms.Form):
    """The manager's answer."""

    outcome = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            ("corrected", _("The record was wrong, and is corrected now")),
            ("confirmed", _("The record is right and stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("In words, to the person"),
        help_text=_("What was corrected, or by which paper the record is right."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DayField(forms.DateField):
    """A day, by the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ProofsField(forms.FileField):
    """Scans and photographs, each made anew; cleaned, they are a list of `Scan`."""

    widget = FilesInput(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Scan]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"])
        if len(files) > MOST_PROOFS:
            raise forms.ValidationError(str(TooManyProofs(MOST_PROOFS)))
        try:
            return [scan_of(file.name, file.read(LARGEST + 1)) for file in files]
        except ScanRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def proofs_field(*, required: bool = False) -> ProofsField:
    return ProofsField(
        label=_("Papers that prove it"),
        required=required,
        help_text=format_lazy(
            _(
                "Photograph or scan of the certificate, decision or minutes: JPEG, PNG or PDF, at most "
                "{most} files of {size} MB. Place and time of a photograph are taken out."
            ),
            most=MOST_PROOFS,
            size=LARGEST // 1024 // 1024,
        ),
    )


class RevokeForm(forms.Form):
    """A training that must no longer count."""

    on = DayField(label=_("From this day on it no longer counts"))
    reason = forms.CharField(label=_("Why"), max_length=300)


class DeclareForm(forms.Form):
    """A training elsewhere that was not recorded; it counts once a second person approves it."""

    course = forms.ChoiceField(label=_("Course"))
    source = forms.ChoiceField(
        label=_("Where"), choices=[(Source.CLASS, _("class")), (Source.EXTERNAL, _("outside record"))]
    )
    completed_on = DayField(label=_("Finished on"))
    outcome = forms.ChoiceField(label=pgettext_lazy("of a training", "Result"), choices=Outcome.choices)
    reference = forms.CharField(
        label=_("Number of the certificate or decision"), max_length=120, required=False
    )
    proofs = proofs_field()

    def __init__(self, *args: Any, courses: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = list(courses)  # type: ignore[attr-defined]


class DeclareForForm(DeclareForm):
    """The same, for somebody else."""

    person = forms.CharField(label=_("Officer code"), max_length=64)
    field_order = ("person",)


class AddProofsForm(forms.Form):
    """Files that prove what was declared already."""

    proofs = proofs_field(required=True)


class CorrectActivityForm(forms.Form):
    """What a unit held."""

    kind = forms.ChoiceField(label=_("Kind of activity"), choices=lambda: list(activity_kinds().items()))
    title = forms.CharField(
        label=_("What it was"),
        help_text=_("For example: talk with pupils of class 9 on refusing skills. Name nobody."),
        max_length=200,
    )
    day = DayField(label=_("Held on"))
    place = forms.CharField(label=_("Where it was held"), max_length=200, required=False)
    participants = forms.IntegerField(
        label=_("How many took part"),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reference = forms.CharField(label=_("Number of the plan or decision"), max_length=120, required=False)
    proofs = proofs_field()


class ActivityFileForm(forms.Form):
    """An activity log as a file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 or Excel (.xlsx), at most 100,000 rows and 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 20 MB. Send it in parts."))
        return file


class ActivityForm(CorrectActivityForm):
    """The same, and of which unit."""

    unit = forms.CharField(label=_("Unit"), max_length=32)
    field_order = ("unit",)

    def __init__(self, *args: Any, units: Sequence[UnitOnDay] | None, **kwargs: Any) -> None:
        """`units`: to choose from; None where they are too many, and the code is typed."""
        super().__init__(*args, **kwargs)
        if units is None:
            self.fields["unit"].label = _("Unit code")
        else:
            choices = sorted(((unit.code, unit.name) for unit in units), key=lambda one: one[1])
            first = [] if len(choices) == 1 else [("", _("Choose a unit"))]
            self.fields["unit"].widget = forms.Select(choices=[*first, *choices])
