from django.urls import include, path
from django.views.generic import RedirectView

from .views import first, security

urlpatterns = [
    path("", security.security, name="security"),
    path("first/", first.first_code, name="first_code"),
    path("first/choose/", first.choose_way, name="choose_way"),
    path("first/passkey/", first.ChoosePasskeyView.as_view(), name="choose_passkey"),
    path("first/done/", first.first_done, name="first_done"),
    path("second-factor/", security.second_factor, name="second_factor"),
    # One page for all of it, in place of allauth's; an address comes from the register, not from here.
    path("2fa/", RedirectView.as_view(pattern_name="security"), name="mfa_index"),
    path("email/", RedirectView.as_view(pattern_name="security"), name="account_email"),
    path("", include("allauth.urls")),
]
