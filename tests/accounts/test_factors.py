"""Nobody locks themselves out, or sees others without the second factor that their role demands."""

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from lms.accounts.errors import LastWayIn
from lms.accounts.models import User
from lms.accounts.services import require_removable
from lms.accounts.sessionstores.db import SessionStore
from lms.roster.enums import Role
from tests.factories import roster

from .conftest import PASSWORD, officer

pytestmark = pytest.mark.django_db


def passkey(user: User, name: str = "Điện thoại") -> Authenticator:
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


def come_in_by(user: User, browser: Client, settings) -> None:
    """As after a passkey: signed in, and just shown."""
    request = HttpRequest()
    request.session = SessionStore()
    user.backend = "lms.accounts.backends.OneAccountBackend"
    login(request, user)
    record_authentication(request, user, "mfa", type="webauthn", reauthenticated=True)
    request.session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


@pytest.fixture
def who(client, settings):
    person = officer()
    come_in_by(person.user, client, settings)
    return person


def remove(browser: Client, key: Authenticator):
    return browser.post(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))


def test_the_last_passkey_of_an_account_without_a_password_stays_and_the_page_says_what_to_do(client, who):
    key = passkey(who.user)
    page = client.get(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))
    assert page.context["kept"].code == "last_way_in"
    assert reverse("account_set_password") in page.content.decode()
    assert b"button--danger" not in page.content
    assert remove(client, key)["Location"] == reverse("mfa_list_webauthn")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_an_app_is_no_way_into_an_account_without_a_password(client, who):
    key = passkey(who.user)
    TOTP.activate(who.user, generate_totp_secret())
    remove(client, key)
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_of_two_passkeys_one_may_go_and_the_other_stays(client, who):
    first, second = passkey(who.user), passkey(who.user, "Máy tính")
    remove(client, first)
    remove(client, second)
    assert list(Authenticator.objects.all()) == [second]


def test_with_a_password_the_last_passkey_may_go(client, who, settings):
    who.user.set_password(PASSWORD)
    who.user.save()
    come_in_by(who.user, client, settings)
    key = passkey(who.user)
    page = client.get(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))
    assert page.context["kept"] is None
    remove(client, key)
    assert not Authenticator.objects.exists()


def test_anothers_passkey_does_not_exist(client, who):
    key = passkey(officer("HP0002").user)
    assert remove(client, key).status_code == 404
    with pytest.raises(LastWayIn):
        require_removable(key)


@pytest.fixture
def manager(who, settings):
    settings.SECOND_FACTOR = "required"
    roster.posting(who, roster.unit("X01"))
    roster.role(who, roster.unit("X02"), Role.UNIT_MANAGER)
    who.user.set_password(PASSWORD)
    who.user.save()
    return who


def test_who_must_show_a_second_factor_does_not_take_off_the_last(client, manager, settings):
    come_in_by(manager.user, client, settings)
    TOTP.activate(manager.user, generate_totp_secret())
    page = client.get(reverse("mfa_deactivate_totp"))
    assert "Vai trò" in page.content.decode()
    assert b"button--danger" not in page.content
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    key = passkey(manager.user)
    client.post(reverse("mfa_deactivate_totp"))
    assert list(Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)) == [key]
    page = client.get(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))
    assert page.context["kept"].code == "factor_demanded"
    remove(client, key)
    assert Authenticator.objects.filter(pk=key.pk).exists()
