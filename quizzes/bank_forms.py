"""What the pages of the bank ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .enums import Kind
from .formats import FORMATS
from .models import Bank

NAMES = {
    "word": _("Word list (.docx or text)"),
    "gift": _("GIFT"),
    "moodlexml": _("Moodle XML"),
    "aiken": _("Aiken"),
    "qti": _("QTI 3.0 (reads 2.1 and 2.2 as well)"),
    "qti22": _("QTI 2.2"),
    "qti21": _("QTI 2.1"),
    "csv": _("Table, CSV"),
    "xlsx": _("Table, Excel"),
}
READ = [name for name in NAMES if name not in ("qti21", "qti22")]
"""One reader reads all of QTI."""
assert set(NAMES) == set(FORMATS)


class BankForm(forms.ModelForm[Bank]):
    """A new bank."""

    class Meta:
        model = Bank
        fields = ["code", "title"]
        labels = {"code": _("Code"), "title": _("What it is called")}
        help_texts = {"code": _("Short and for good, such as TV-01: letters, digits and hyphens.")}

    course = forms.ChoiceField(label=_("Course"), required=False)

    def __init__(self, *args: Any, courses: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("none yet")), *((code, code) for code in courses)]
        self.fields["course"].choices = choices  # type: ignore[attr-defined]
        self.fields["code"].validators.append(
            forms.fields.RegexField(r"^[A-Za-z0-9][A-Za-z0-9._-]*$").validators[-1]
        )


class FilterForm(forms.Form):
    """Which questions to show."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    objective = forms.IntegerField(label=_("Objective"), required=False, min_value=1, max_value=999)
    difficulty = forms.IntegerField(label=_("Difficulty"), required=False, min_value=1, max_value=99)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    retired = forms.BooleanField(label=_("Retired ones"), required=False)

    def __init__(self, *args: Any, tags: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("all")), *Kind.choices]  # type: ignore[attr-defined]
        self.fields["tag"].choices = [("", _("all")), *((tag, tag) for tag in tags)]  # type: ignore[attr-defined]


class QuestionFileForm(forms.Form):
    """A file of questions."""

    form = forms.ChoiceField(label=_("Format"), choices=[(name, NAMES[name]) for name in READ])
    file = forms.FileField(label=_("File"), help_text=_("At most 20 MB."))


class LabelsForm(forms.Form):
    """What a question asks, and what it is filed under."""

    stem = forms.CharField(
        label=_("The question"), widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000, required=False
    )
    explanation = forms.CharField(
        label=_("Explanation, shown with the key"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        required=False,
    )
    name = forms.CharField(label=pgettext_lazy("question", "Name"), max_length=255, required=False)
    objective = forms.IntegerField(label=_("Objective"), min_value=1, max_value=999, initial=1)
    difficulty = forms.IntegerField(label=_("Difficulty"), min_value=1, max_value=99, initial=1)
    tags = forms.CharField(
        label=_("Tags"), help_text=_("Separated by semicolons."), max_length=500, required=False
    )
    law = forms.CharField(label=_("Legal ground"), max_length=1_000, required=False)
    source = forms.CharField(label=_("Source"), max_length=1_000, required=False)
