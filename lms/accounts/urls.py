from allauth.socialaccount.views import login_cancelled
from allauth.urls import build_provider_urlpatterns
from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from .views import factors, first, security

urlpatterns: list[URLPattern | URLResolver] = []
if apps.is_installed("allauth.socialaccount.providers.saml"):
    from .views import saml

    urlpatterns += [
        path("saml/<organization_slug>/acs/finish/", saml.finish, name="saml_finish_acs"),
        path("saml/<organization_slug>/sls/", saml.sign_out, name="saml_sls"),
    ]
urlpatterns += [
    path("", security.security, name="security"),
    path("first/", first.first_code, name="first_code"),
    path("first/choose/", first.choose_way, name="choose_way"),
    path("first/passkey/", first.ChoosePasskeyView.as_view(), name="choose_passkey"),
    path("first/done/", first.first_done, name="first_done"),
    path("second-factor/", security.second_factor, name="second_factor"),
    # One page for all of it, in place of allauth's; an address comes from the register, not from here.
    path("2fa/", RedirectView.as_view(pattern_name="security"), name="mfa_index"),
    path("email/", RedirectView.as_view(pattern_name="security"), name="account_email"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/", factors.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"
    ),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    # A provider vouches at each sign-in: nothing is connected to an account, and nobody signs up by one.
    path("turned-back/", login_cancelled, name="socialaccount_login_cancelled"),
    path("", include(build_provider_urlpatterns())),
]
