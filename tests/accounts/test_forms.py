from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView
from django.utils.translation import override

from lms.accounts.forms import AddSecurityKeyForm, EditSecurityKeyForm


def test_the_key_forms_are_the_ones_that_allauth_shows():
    assert AddWebAuthnView().get_form_class() is AddSecurityKeyForm
    assert EditWebAuthnView().get_form_class() is EditSecurityKeyForm


def test_a_key_is_named_in_the_readers_language():
    with override("vi"):
        labels = [str(form.base_fields["name"].label) for form in (AddSecurityKeyForm, EditSecurityKeyForm)]

    assert labels == ["Tên của khóa này", "Tên của khóa này"]
