"""What somebody types: from a paper, or about one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from content.queries import CourseAnchor
from lms.roster.queries import Person

from . import services
from .enums import Base, RevocationReason
from .layouts import (
    LARGEST_UPLOAD,
    SIZES,
    Layout,
    UnusablePicture,
    picture,
    unknown_fields,
    unprintable,
)
from .models import Amendment, Certificate, Issuer

TEXTS = ("intro", "did", "footnote")

LARGEST_PAPER = 5_000_000
LARGEST_BATCH = 60_000_000


class CheckForm(forms.Form):
    """The number and the code as they stand on the paper."""

    number = forms.CharField(label=_("Register number"), max_length=120)
    code = forms.CharField(
        label=_("Check code"), max_length=20, help_text=_("Eight letters and digits, such as 7K3M-Q2XD.")
    )


class FileForm(forms.Form):
    """The paper itself, as a file."""

    paper = forms.FileField(
        label=_("PDF or JSON of the certificate, or the file of a report"),
        help_text=_("A report as PDF, Excel or JSON. At most 5 MB. The file is looked at and not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.json,.xlsx"}),
    )

    def clean_paper(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["paper"]
        if file.size is None or file.size > LARGEST_PAPER:
            raise forms.ValidationError(_("The file is larger than 5 MB, so it is no certificate of ours."))
        return file


class SignedFileForm(forms.Form):
    """What came back from the agency."""

    file = forms.FileField(
        label=_("ZIP of signed papers, or one signed PDF"),
        help_text=_("At most 60 MB. Names do not matter: each file is matched by its content."),
        widget=forms.FileInput(attrs={"accept": ".zip,.pdf,application/zip,application/pdf"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_BATCH:
            raise forms.ValidationError(_("The file is larger than 60 MB. Upload it in parts."))
        return file


class AmendmentForm(forms.Form):
    """What is asked for, and why."""

    wanted = forms.ChoiceField(
        label=_("What is asked for"),
        choices=[
            (RevocationReason.MISTAKE.value, _("Revoke: issued by mistake")),
            (RevocationReason.FRAUD.value, _("Revoke: obtained by fraud")),
            (
                RevocationReason.REPLACED.value,
                _("Correct the name: a new certificate with the name that the staff list has now"),
            ),
        ],
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For those who keep the register. The public sees the class of reason alone."),
    )

    def ask(self, certificate: Certificate, *, by: Person, on: date) -> Amendment:
        wanted = RevocationReason(self.cleaned_data["wanted"])
        explanation = self.cleaned_data["explanation"]
        if wanted == RevocationReason.REPLACED:
            return services.propose_correction(certificate=certificate, explanation=explanation, by=by, on=on)
        return services.propose_revocation(
            certificate=certificate, reason=wanted, explanation=explanation, by=by, on=on
        )


class IssuerForm(forms.ModelForm[Issuer]):
    class Meta:
        model = Issuer
        fields = (
            "name",
            "parent_name",
            "place",
            "signatory_title",
            "signatory",
            "number_pattern",
            "authorised",
            "authority_document",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("authorised") and not cleaned.get("authority_document", "").strip():
            self.add_error("authority_document", _("Say by which document, with number and date."))
        for name in ("name", "parent_name", "place", "signatory_title", "signatory", "authority_document"):
            if letters := unprintable(cleaned.get(name, "")):
                self.add_error(name, _("These letters cannot be printed: {letters}").format(letters=letters))
        return cleaned


class RuleForm(forms.Form):
    course = forms.ChoiceField(label=_("Course"))
    validity_months = forms.IntegerField(
        label=_("Valid for months"),
        min_value=1,
        max_value=240,
        required=False,
        help_text=_("Empty: for ever. Holders are told 90, 30 and 7 days before the end."),
    )
    outside = forms.BooleanField(
        label=_("Also certify classes and approved outside records"),
        required=False,
        help_text=_("Whoever keeps the register then issues them from a list."),
    )

    def __init__(self, *args: Any, courses: Mapping[str, CourseAnchor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["course"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, f"{code} · {courses[code].title}") for code in sorted(courses)]


WORDS_HINT = _("Empty: the usual words.")
PICTURE_REFUSED = {
    "size": _("The picture is larger than 5 MB."),
    "pixels": _("The picture has more than 25 million pixels."),
    "kind": _("This is no PNG, JPEG or WebP picture."),
}


class DesignForm(forms.Form):
    """An uploaded picture replaces the one that stands; a ticked box takes it away."""

    base = forms.ChoiceField(label=_("Form"), choices=Base.choices, widget=forms.RadioSelect)
    accent = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$", label=_("Colour"), widget=forms.TextInput(attrs={"type": "color"})
    )
    intro = forms.CharField(label=_("Words above the name"), max_length=200, required=False)
    did = forms.CharField(label=_("Words above the course"), max_length=200, required=False)
    footnote = forms.CharField(label=_("Last line"), max_length=200, required=False)
    emblem = forms.FileField(label=_("Emblem"), required=False)
    drop_emblem = forms.BooleanField(label=_("take the emblem away"), required=False)
    background = forms.FileField(label=_("Background"), required=False)
    drop_background = forms.BooleanField(label=_("take the background away"), required=False)
    signature = forms.FileField(
        label=_("Picture of the signature"),
        required=False,
        help_text=_("A picture is no digital signature in the sense of the law."),
    )
    drop_signature = forms.BooleanField(label=_("take the picture of the signature away"), required=False)

    def __init__(self, *args: Any, layout: Layout, **kwargs: Any) -> None:
        self.now = layout
        kwargs["initial"] = {name: getattr(layout, name) for name in ("base", "accent", *TEXTS)}
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name].help_text = WORDS_HINT
        for name in SIZES:
            self.fields[name].widget.attrs["accept"] = "image/png,image/jpeg,image/webp"
            if not getattr(layout, name):
                del self.fields[f"drop_{name}"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in TEXTS:
            text = cleaned.get(name, "")
            if unknown := unknown_fields(text):
                self.add_error(name, _("There is no field {name}.").format(name=", ".join(unknown)))
            if letters := unprintable(text):
                self.add_error(name, _("These letters cannot be printed: {letters}").format(letters=letters))
        for use in SIZES:
            file = cleaned.get(use)
            if file is None:
                continue
            try:
                if file.size > LARGEST_UPLOAD:
                    raise UnusablePicture("size")
                cleaned[use] = picture(file.read(), use)
            except UnusablePicture as error:
                self.add_error(use, PICTURE_REFUSED[str(error)])
        return cleaned

    def layout(self) -> Layout:
        cleaned = self.cleaned_data
        pictures = {
            use: "" if cleaned.get(f"drop_{use}") else cleaned[use] or getattr(self.now, use) for use in SIZES
        }
        texts = {name: cleaned[name] for name in TEXTS}
        return Layout(base=cleaned["base"], accent=cleaned["accent"], **texts, **pictures)
