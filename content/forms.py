"""What trainers send."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lms.kernel.errors import Refused

from .enums import ChangeKind
from .models import Course, CoursePage, SentFile
from .models.pages import CODE
from .policies import courses_to_write_in
from .services import TRAINERS, send_file, start_course


class WritersForm(forms.ModelForm[Course]):
    """Who writes in a course beside the one who began it: any of the trainers."""

    class Meta:
        model = Course
        fields = ("writers",)
        widgets = {"writers": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trainers = get_user_model().objects.filter(groups__name=TRAINERS).order_by("username")
        self.fields["writers"].queryset = trainers  # type: ignore[attr-defined]


class ChangeForm(forms.Form):
    """What a change asks of those who finished an earlier edition."""

    change = forms.ChoiceField(
        choices=ChangeKind.choices,
        widget=forms.RadioSelect,
        label=_("What does the change ask of those who have finished?"),
        initial=ChangeKind.MINOR,
    )
    days = forms.IntegerField(
        label=_("days that they have for it"), min_value=1, max_value=730, initial=60, required=False
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("change") != ChangeKind.MINOR and not given.get("days") and "days" not in self.errors:
            self.add_error("days", _t("Say how many days people have for it."))
        return given


class PackageForm(forms.Form):
    """A course that another installation has exported, and another code where its own is taken."""

    file = forms.FileField(
        label=_("course of another installation"),
        help_text=_("The .zip that Vững has exported. It becomes a draft of your own."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    code = forms.CharField(
        label=_("another code"),
        max_length=32,
        required=False,
        help_text=_("Only where the code of the course is taken here."),
        validators=[RegexValidator(CODE, _("A code is capital letters, digits and hyphens."))],
    )


class SendFileForm(forms.Form):
    """A file, and the course that takes it: one of one's own, or a new one."""

    file = forms.FileField(
        label=_("Word file or slides"),
        help_text=_("A .docx or .pptx without macros and without a password, at most 60 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx,.pptx"}),
    )
    course: forms.ModelChoiceField[CoursePage] = forms.ModelChoiceField(
        CoursePage.objects.none(),
        label=_("into the course"),
        required=False,
        empty_label=_("a new course"),
    )
    title = forms.CharField(label=_("title of the new course"), max_length=255, required=False)
    code = forms.CharField(
        label=_("code of the new course"),
        max_length=32,
        required=False,
        help_text=_("Capital letters and digits. It is for ever: records and targets name it."),
    )

    def __init__(self, *args: Any, by: AbstractBaseUser | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["course"].queryset = courses_to_write_in(by)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("course") and "course" not in self.errors:
            if not given.get("title"):
                self.add_error("title", _t("Say what the new course is called, or choose a course."))
            if not CODE.match(given.get("code") or ""):
                self.add_error("code", _t("A code is capital letters, digits and hyphens."))
        return given

    def send(self) -> SentFile | None:
        """Take the file; None where it is refused, with the reason at the field."""
        assert isinstance(self.by, AbstractBaseUser)
        given = self.cleaned_data
        try:
            course = given["course"] or start_course(title=given["title"], code=given["code"], by=self.by)
        except ValidationError as refusal:
            self.add_error("code", refusal.messages[0])
            return None
        try:
            return send_file(file=given["file"].file, name=given["file"].name, course=course, by=self.by)
        except Refused as refusal:
            self.add_error("file", str(refusal))
            return None
