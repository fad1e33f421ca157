"""What the pages of the register ask for."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.kernel.folding import fold
from lms.kernel.tables import LARGEST_FILE

from .enums import AbsenceReason, Role, UnitKind
from .models import Audience, Person, Posting, Unit, UnitSpan


class DayField(forms.DateField):
    """A day, by the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitField(forms.CharField):
    """A unit by its code or its name, among those that are offered."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Unit"))
        options.setdefault("help_text", _("Its code, or its name as it is today."))
        options.setdefault("max_length", 200)
        super().__init__(**options)
        self.among: QuerySet[Unit] = Unit.objects.none()

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        return find_unit(text, self.among) if text else None


class UnitsField(UnitField):
    """Several units, one a line or separated by semicolons."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[Unit]:  # type: ignore[override]
        text = forms.CharField.clean(self, value)
        wanted = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
        return list(dict.fromkeys(find_unit(part, self.among) for part in wanted))


def find_unit(text: str, among: QuerySet[Unit]) -> Unit:
    """The unit that is meant, or a ValidationError that says which it could be."""
    unit = among.filter(code=text.strip()).first()
    if unit is not None:
        return unit
    spans = UnitSpan.objects.current().on(timezone.localdate()).filter(unit__in=among)
    named: list[UnitSpan] = list(spans.filter(folded_name=fold(text)).select_related("unit")[:6])
    if not named:
        named = list(spans.filter(folded_name__endswith=fold(text)).select_related("unit")[:6])
    if len(named) == 1:
        return named[0].unit
    if named:
        choices = "; ".join(f"{span.unit.code} {span.name}" for span in named)
        raise forms.ValidationError(
            _("Several units are called so; write the code: {choices}.").format(choices=choices)
        )
    raise forms.ValidationError(_("No unit that you keep has this code or name: {text}.").format(text=text))


class UploadForm(forms.Form):
    """A file of one kind."""

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


class MendedForm(UploadForm):
    """The faulty lines of a file, mended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.label, field.help_text = _("The mended lines"), _("The file above, as CSV or Excel (.xlsx).")


class RosterUploadForm(UploadForm):
    """A list of staff: some lines, or everybody of a unit."""

    ADD, WHOLE = "add", "whole"
    mode = forms.ChoiceField(
        label=_("What does the file hold?"),
        choices=[
            (ADD, _("Some people: whoever is not in the file stays as they are")),
            (WHOLE, _("The whole staff of a unit: whoever is missing has left")),
        ],
        initial=ADD,
        widget=forms.RadioSelect,
    )
    unit = UnitField(required=False, label=_("Whole staff of this unit and everything below it"))
    on = DayField(required=False, label=_("on this day"))

    def __init__(self, *args: Any, among: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].among = among  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("mode") == self.WHOLE:
            for name in ("unit", "on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Say which, since the file is a whole staff."))
        else:
            data["unit"] = data["on"] = None
        return data


class MoveForm(forms.Form):
    """To another unit, from a day on."""

    to = UnitField(label=_("New unit"))
    on = DayField(label=_("From"))
    title = forms.CharField(label=_("New position"), max_length=200, required=False)
    decision = forms.CharField(label=_("Number of the decision"), max_length=200, required=False)

    def __init__(self, *args: Any, among: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].among = among  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """No longer here, from a day on."""

    on = DayField(label=_("First day on which the person no longer works here"))
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


class CorrectPostForm(forms.Form):
    """What a post should have said from the beginning."""

    since = DayField(label=_("From"))
    until = DayField(
        label=_("First day on which the person no longer works here"),
        required=False,
        help_text=_("Leave empty if the person still works here."),
    )
    title = forms.CharField(label=_("Position"), max_length=200, required=False)
    audiences = forms.MultipleChoiceField(
        label=_("Audiences"), required=False, widget=forms.CheckboxSelectMultiple
    )
    decision = forms.CharField(label=_("Number of the decision"), max_length=200, required=False)
    reason = forms.CharField(label=_("What was wrong, and how you know"), max_length=300)

    def __init__(self, *args: Any, posting: Posting, **kwargs: Any) -> None:
        audiences = list(Audience.objects.all())
        kwargs["initial"] = {
            "since": posting.since,
            "until": posting.until,
            "title": posting.title,
            "audiences": [audience.code for audience in audiences if posting.audience_mask & audience.mask],
            "decision": posting.decision,
        }
        super().__init__(*args, **kwargs)
        self.masks = {audience.code: audience.mask for audience in audiences}
        self.fields["audiences"].choices = [  # type: ignore[attr-defined]
            (audience.code, f"{audience.code} · {audience.name}") for audience in audiences
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["audience_mask"] = sum(self.masks[code] for code in data.pop("audiences", []))
        return data


class CorrectRecordForm(forms.Form):
    """Who the person is."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    birth_date = DayField(label=_("Day of birth"), required=False)
    reason = forms.CharField(label=_("What was wrong, and how you know"), max_length=300)


class AbsenceForm(forms.Form):
    """Away for a while."""

    reason = forms.ChoiceField(label=_("Reason"))
    since = DayField(label=_("From"))
    until = DayField(
        label=_("First day back"), required=False, help_text=_("Leave empty if nobody knows yet.")
    )
    decision = forms.CharField(label=_("Number of the decision"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(AbsenceReason.choices)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (code, known.get(code, code)) for code in settings.ABSENCE_REASONS
        ]


class UnitMergerForm(forms.Form):
    """Which units end, what goes on, and from when by which paper."""

    NEW, EXISTING = "new", "existing"
    ending = UnitsField(
        label=_("Units that end"),
        help_text=_("Code or name, one a line. Their people move to the successor."),
    )
    successor = forms.ChoiceField(
        label=_("What takes their place?"),
        choices=[(NEW, _("A new unit")), (EXISTING, _("A unit that exists already and goes on"))],
        initial=NEW,
        required=False,
        widget=forms.RadioSelect,
    )
    into = UnitField(label=_("The unit that goes on"), required=False, help_text=_("Its code or its name."))
    code = forms.CharField(
        label=_("Code of the new unit"),
        max_length=32,
        required=False,
        help_text=_("May be the code of a unit that ends: the code then goes on under the new name."),
    )
    name = forms.CharField(label=_("Its name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Its kind"), choices=UnitKind.choices, initial=UnitKind.COMMUNE)
    parent = UnitField(label=_("It stands below"), required=False)
    on = DayField(label=_("From"))
    decision = forms.CharField(label=_("Number of the decision"), max_length=200)

    def __init__(self, *args: Any, among: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("ending", "into", "parent"):
            self.fields[name].among = among  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        existing = data.get("successor") == self.EXISTING
        data["into"] = data.get("into") if existing else None
        for name in ("into",) if existing else ("code", "name", "parent"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Say which unit.") if existing else _("Needed for a new unit."))
        for name in ("code", "name", "parent") if existing else ("into",):
            self.errors.pop(name, None)
        return data


class RoleForm(forms.Form):
    """A role for somebody of my units, for one of my units."""

    person = forms.CharField(label=_("Officer code"), max_length=64)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.UNIT_MANAGER)
    unit = UnitField(label=_("For this unit and everything below it"))
    since = DayField(label=_("From"))
    until = DayField(
        label=_("First day without the role"), required=False, help_text=_("Leave empty if nobody knows yet.")
    )

    def __init__(self, *args: Any, people: QuerySet[Person], among: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["unit"].among = among  # type: ignore[attr-defined]

    def clean_person(self) -> Person:
        code = str(self.cleaned_data["person"]).strip()
        person = self.people.filter(code=code).first()
        if person is None:
            raise forms.ValidationError(_("Nobody in your units has the code “{code}”.").format(code=code))
        return person


class ErasureForm(forms.Form):
    """Somebody who has left my units and works in none."""

    person = forms.CharField(label=_("Officer code"), max_length=64)
    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_person(self) -> Person:
        code = str(self.cleaned_data["person"]).strip()
        person = self.people.filter(code=code).first()
        if person is None:
            raise forms.ValidationError(
                _("Nobody who has left your units has the code “{code}”.").format(code=code)
            )
        return person


class EndRoleForm(forms.Form):
    """The role holds no longer, from a day on."""

    on = DayField(label=_("First day without the role"))
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


class PersonMergerForm(forms.Form):
    """Two codes that are one human being."""

    person = forms.CharField(label=_("Code that is given up"), max_length=64)
    same_as = forms.CharField(label=_("Code that goes on"), max_length=64)
    reason = forms.CharField(label=_("How do you know?"), max_length=300)

    def clean_person(self) -> Person:
        return self._person("person")

    def clean_same_as(self) -> Person:
        return self._person("same_as")

    def _person(self, name: str) -> Person:
        code = str(self.cleaned_data[name]).strip()
        person = Person.objects.filter(code=code).first()
        if person is None:
            raise forms.ValidationError(_("The register knows no code “{code}”.").format(code=code))
        return person
