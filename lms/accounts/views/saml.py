"""What a provider answers by SAML; loaded only where a provider speaks it."""

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml.utils import get_app_or_404
from allauth.socialaccount.providers.saml.views import finish_acs
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """allauth would end the session at anybody's link; here its holder is asked."""
    return redirect("account_logout")


@login_not_required
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """allauth's, which lets what is no XML, or declares entities, fall through as an error of ours."""
    try:
        answer: HttpResponse = finish_acs(request, organization_slug)
    except (ValueError, SyntaxError):
        provider = get_app_or_404(request, organization_slug).get_provider(request)
        answer = render_authentication_error(request, provider)
    return answer
