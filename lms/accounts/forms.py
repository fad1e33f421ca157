"""Sign-in in the words of those who sign in."""

from typing import Any

from allauth.account import forms as account
from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lms.kernel import jobs

from .codes import Mistyped, read_code
from .digits import use_up
from .errors import CodeRefused, DigitsUsed, TooManyTries
from .identifiers import LONGEST
from .lengths import rule_for
from .limits import counted_second_factor, counted_try
from .models import User
from .services import redeem_code
from .sessions import missed_again

_ADVICE = _("A short sentence that only you think of is easy to type and hard to guess.")
_WORDS = {
    "password": _("Password"),
    "oldpassword": _("Your password now"),
    "password1": _("New password"),
    "password2": _("The same once more"),
    "code": _("Six digits of the app"),
}


class SignInForm(LoginForm):
    """Officer code or e-mail, and the password; labels stand above the fields, nothing inside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("Officer code or e-mail")
        login.max_length = LONGEST
        login.widget.attrs.update(
            {
                "placeholder": "",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autocomplete": "username webauthn",
            }
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields.pop("remember", None)


class FirstCodeForm(forms.Form):
    """Who one is, in whatever way one knows, and the code from the sheet or the letter."""

    name = forms.CharField(
        label=_("Officer code, telephone or e-mail"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Twelve letters and digits, as on your sheet. Capitals and dashes do not matter."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-field",
            }
        ),
    )
    user: User

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_code(self) -> str:
        """Slips of the finger are told apart before a try is counted; they say nothing about any account."""
        try:
            return read_code(self.cleaned_data["code"])
        except Mistyped:
            raise ValidationError(
                _("One of these characters is not as printed. Compare them with your sheet once more."),
                code="mistyped",
            ) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "name" in data and "code" in data:
            try:
                with counted_try(self.request, data["name"]):
                    self.user = redeem_code(name=data["name"], code=data["code"])
            except (CodeRefused, TooManyTries) as refusal:
                raise ValidationError(str(refusal), code=refusal.code) from refusal
        return data


class ResetLetterForm(ResetPasswordForm):
    """Writes no letter itself: the time of an answer would tell whether there is anybody to write to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs["placeholder"] = ""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        for user in self.users:
            jobs.enqueue("accounts.reset_letter", key=f"reset:{user.pk}", user=user.pk)
        return str(self.cleaned_data["email"])


class _Labelled:
    """Our words above the fields, nothing inside them; the rules for a password as one sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = _WORDS[name]
            field.help_text = ""
            field.widget.attrs["placeholder"] = ""
        if "password1" in self.fields:  # type: ignore[attr-defined]
            rule = rule_for(self.user)  # type: ignore[attr-defined]
            self.fields["password1"].help_text = f"{rule} {_ADVICE}"  # type: ignore[attr-defined]


class NewPasswordForm(_Labelled, account.SetPasswordForm):
    """Where there is none yet."""


class ChangePasswordForm(_Labelled, account.ChangePasswordForm):
    """In place of one that is known."""


class ForgottenPasswordForm(_Labelled, account.ResetPasswordKeyForm):
    """In place of one that was forgotten, after a link from a letter."""


class PasswordAgainForm(_Labelled, account.ReauthenticateForm):
    """Before a sensitive act."""


class ActivateAppForm(_Labelled, ActivateTOTPForm):
    """The app shows its first digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "class": "code-field"})


class _CountedCode:
    """Tries at a second factor are counted in the database, digits used up there: for all processes."""

    def clean_code(self) -> str:
        try:
            with counted_second_factor(self.user.pk):  # type: ignore[attr-defined]
                code: str = super().clean_code()  # type: ignore[misc]
                use_up(self.authenticator, code)  # type: ignore[attr-defined]
                return code
        except (TooManyTries, DigitsUsed) as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class _OneCodeField:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = _("Code from your app, or a recovery code")
        field.widget.attrs.update({"placeholder": "", "inputmode": "numeric", "class": "code-field"})


class SecondFactorForm(_OneCodeField, _CountedCode, AuthenticateForm):
    """After the password: the code of the app, or one of those that were put away.

    The third that is wrong ends the sign-in that the password began.
    """

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError:
            if missed_again(context.request):
                messages.error(context.request, _("Three codes were wrong. Begin again with your password."))
                raise ImmediateHttpResponse(redirect("account_login")) from None
            raise
        return code


class SecondFactorAgainForm(_OneCodeField, _CountedCode, ReauthenticateForm):
    """Before a sensitive act."""


class AddSecurityKeyForm(AddWebAuthnForm):
    """The library leaves the field's name as its label, and that in English."""

    name = forms.CharField(label=_("Name of this key"), required=False)


class EditSecurityKeyForm(EditWebAuthnForm):
    """As when it was added."""

    name = forms.CharField(label=_("Name of this key"))
