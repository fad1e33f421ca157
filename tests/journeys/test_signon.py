"""Single sign-on in a browser: the button leaves for the provider under our Content-Security-Policy."""

from typing import Any

from tests.accounts.conftest import officer
from tests.accounts.test_signon import issuer, openid

from .conftest import Visitor

__all__ = ["issuer"]


def test_the_button_of_a_provider_leads_there_and_back_signed_in(
    visitor: Visitor, issuer: str, settings: Any
) -> None:
    officer()
    policy = settings.CONTENT_SECURITY_POLICY
    ways = {"form-action": [*policy["DIRECTIVES"]["form-action"], issuer]}
    settings.CONTENT_SECURITY_POLICY = policy | {"DIRECTIVES": policy["DIRECTIVES"] | ways}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [openid(issuer)], "OAUTH_PKCE_ENABLED": True}
    }
    visitor.goes_to("/accounts/login/").finds_no_barrier().presses("Tài khoản tỉnh")
    visitor.page.wait_for_url(f"{issuer}/**")
    visitor.page.locator("input[name=sub]").first.fill("an")
    visitor.page.locator("input[name=sub]").first.press("Enter")
    visitor.page.wait_for_url(f"{visitor.address}/**")
    visitor.goes_to("/accounts/").reads("HP0001")
