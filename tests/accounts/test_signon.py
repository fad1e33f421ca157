"""Single sign-on: a provider vouches for an officer code; the register says whose it is."""

import re
from base64 import b64decode, b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from lxml import etree
from oidc_provider_mock import User as Vouched
from oidc_provider_mock import run_server_in_thread

from lms.accounts import services
from lms.accounts.models import User
from lms.accounts.signon import vouched_code
from lms.kernel.models import LedgerEntry
from lms.roster.models import Person
from tests.factories import roster, saml

from .conftest import PASSWORD, officer

pytestmark = pytest.mark.django_db
PEOPLE = {
    "an": {"employee_number": "HP0001", "name": "Nguyễn Văn An", "email": "an@xa.gov.vn"},
    "moi": {"employee_number": " HP0002 ", "name": "Trần Thị Mới"},
    "la": {"employee_number": "XX9999", "name": "Nguyễn Văn An", "email": "an@xa.gov.vn"},
    "trong": {"name": "Nguyễn Văn An", "preferred_username": "HP0001"},
}


@pytest.fixture(scope="module")
def issuer():
    """An OpenID provider on this machine that vouches for whoever is named to it."""
    people = [Vouched(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


def openid(issuer: str, provider_id: str = "tinh", name: str = "Tài khoản tỉnh") -> dict[str, object]:
    return {
        "provider_id": provider_id,
        "name": name,
        "client_id": "vung",
        "secret": "bi-mat",
        "settings": {
            "server_url": issuer,
            "officer_code": "employee_number",
            "scope": ["openid", "profile", "email"],
        },
    }


@pytest.fixture
def providers(settings, issuer):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [openid(issuer), openid(issuer, "nganh", "Tài khoản ngành")],
            "OAUTH_PKCE_ENABLED": True,
        },
        **saml.provider(),
    }


def vouched(browser: Client, sub: str, provider: str = "tinh", query: str = ""):
    """Go to the provider, be vouched for as `sub`, and come back: what our callback answers."""
    away = browser.post(reverse("openid_connect_login", args=[provider]) + query)
    assert away.status_code == 302, away.content.decode()
    back = requests.post(away["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    return browser.get(urlsplit(back.headers["Location"])._replace(scheme="", netloc="").geturl())


def nothing_was_made() -> bool:
    return not SocialAccount.objects.exists() and not User.objects.exclude(username="HP0001").exists()


# Who comes in ------------------------------------------------------------------------------------------


def test_whom_a_provider_vouches_for_by_officer_code_is_signed_in(client, providers):
    who = officer()
    answer = vouched(client, "an")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(who.user_id)
    assert client.get("/learn/record/").status_code == 200


def test_each_of_several_providers_has_its_button_and_its_way(client, providers):
    who = officer()
    page = client.get(reverse("account_login")).content.decode()
    assert [page.count(name) for name in ("Tài khoản tỉnh", "Tài khoản ngành", "Tài khoản Bộ")] == [1, 1, 1]
    vouched(client, "an", "nganh")
    assert client.session["_auth_user_id"] == str(who.user_id)


def test_without_providers_the_sign_in_page_shows_no_button_and_their_addresses_do_not_exist(client):
    assert b"/oidc/" not in client.get(reverse("account_login")).content
    assert client.post(reverse("openid_connect_login", args=["tinh"])).status_code == 404
    assert client.post(reverse("saml_login", args=["bo"])).status_code == 404


def test_who_is_in_service_and_has_no_account_yet_gets_one_under_the_officer_code(client, providers):
    who = roster.person("HP0002", "Trần Thị Mới")
    roster.posting(who, roster.unit("A"))
    assert vouched(client, "moi")["Location"] == "/"
    who.refresh_from_db()
    assert (who.user.username, who.user.display_name) == ("HP0002", "Trần Thị Mới")
    assert not who.user.has_usable_password()
    assert LedgerEntry.objects.filter(type="roster.account.opened", subject=who.public_id).count() == 1


def test_who_left_service_before_ever_signing_in_gets_no_account(client, providers):
    who = roster.person("HP0002")
    roster.posting(who, roster.unit("A"), until=roster.LONG_AGO.replace(year=2021))
    assert vouched(client, "moi").status_code == 403
    assert Person.objects.get(pk=who.pk).user_id is None


def test_a_code_that_was_merged_into_another_leads_to_that_persons_account(client, providers):
    from lms.roster.services import merge_people

    who, other = officer(), roster.person("HP0002")
    merge_people(person=other, same_as=who, reason="một người", by="operator", today=roster.LONG_AGO)
    vouched(client, "moi")
    assert client.session["_auth_user_id"] == str(who.user_id)


# Who does not ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sub", ["la", "trong", "nguoi-khac"])
def test_an_unknown_code_or_none_opens_nothing_whatever_the_name_or_e_mail(client, providers, sub):
    who = officer(email="an@xa.gov.vn")
    User.objects.filter(pk=who.user_id).update(email="an@xa.gov.vn")
    answer = vouched(client, sub)
    assert answer.status_code == 403
    assert "Tài khoản tỉnh" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert nothing_was_made()


def test_a_closed_account_stays_closed(client, providers):
    who = officer()
    services.close_account(user_id=who.user_id)
    assert vouched(client, "an")["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_f10_being_vouched_for_does_not_skip_the_second_factor(client, providers):
    who = officer()
    TOTP.activate(who.user, generate_totp_secret())
    assert vouched(client, "an")["Location"] == reverse("mfa_authenticate")
    assert client.get("/learn/record/").status_code == 302


def test_who_holds_a_role_sets_a_second_factor_up_before_seeing_others(client, providers, settings):
    settings.SECOND_FACTOR = "required"
    roster.role(officer(), roster.unit("P", kind="province"))
    vouched(client, "an")
    assert client.get("/desk/")["Location"].startswith(reverse("second_factor"))


def test_somebody_elses_session_in_the_same_browser_ends(client, providers):
    client.force_login(officer("HP0007").user)
    who = officer()
    vouched(client, "an")
    assert client.session["_auth_user_id"] == str(who.user_id)


# What the way there and back withstands ----------------------------------------------------------------


def test_f14_a_way_back_that_this_browser_did_not_begin_signs_nobody_in(client, providers):
    officer()
    away = Client().post(reverse("openid_connect_login", args=["tinh"]))
    back = requests.post(away["Location"], data={"sub": "an"}, allow_redirects=False, timeout=10)
    answer = client.get(urlsplit(back.headers["Location"])._replace(scheme="", netloc="").geturl())
    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


def test_f14_a_link_to_the_provider_asks_before_it_leaves(client, providers):
    answer = client.get(reverse("openid_connect_login", args=["tinh"]))
    assert answer.status_code == 200
    assert b'<form class="card" method="post"' in answer.content


def test_the_way_there_is_bound_to_the_answer_by_state_and_proof_key(client, providers):
    away = client.post(reverse("openid_connect_login", args=["tinh"]))
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 8


def test_who_turns_back_at_the_provider_is_told_that_nothing_was_done(client, providers):
    away = client.post(reverse("openid_connect_login", args=["tinh"]))
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    back = {"error": "access_denied", "state": state}
    answer = client.get(reverse("openid_connect_callback", args=["tinh"]), back)
    assert (answer.status_code, answer["Location"]) == (302, reverse("socialaccount_login_cancelled"))
    assert client.get(answer["Location"]).status_code == 200


def test_a_provider_that_does_not_answer_is_told_politely(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [openid("http://localhost:1")]}}
    answer = client.post(reverse("openid_connect_login", args=["tinh"]))
    assert answer.status_code == 502
    assert reverse("account_login") in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "expected"), [("/learn/record/", "/learn/record/"), ("https://nguoi-khac.example/", "/")]
)
def test_the_page_that_was_wanted_is_shown_if_it_is_ours(client, providers, asked, expected):
    officer()
    assert vouched(client, "an", query=f"?next={asked}")["Location"] == expected


def test_nothing_of_what_the_provider_told_is_kept(client, providers):
    officer()
    vouched(client, "an")
    assert nothing_was_made()
    assert "an@xa.gov.vn" not in str(dict(client.session.items()))
    assert User.objects.get().email == ""


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"userinfo": {"sub": "1", "ma": "HP1"}, "id_token": {"sub": "1"}}, "HP1"),
        ({"id_token": {"sub": "1", "ma": "HP1"}}, "HP1"),
        ({"userinfo": {"sub": "2", "ma": "HP2"}, "id_token": {"sub": "1", "ma": "HP1"}}, ""),
        ({"ma": ["HP1"]}, "HP1"),
        ({"ma": ["HP1", "HP2"]}, ""),
        ({"ma": []}, ""),
        ({"ma": 42}, "42"),
        ({"ma": True}, ""),
        ({"ma": {"x": 1}}, ""),
        ({"ma": "  HP\u200b1 "}, "HP1"),
        ({"ma": "H" * 65}, ""),
        ({}, ""),
    ],
)
def test_the_code_is_read_from_what_each_kind_of_provider_tells(told, code):
    assert vouched_code("ma", told) == code


# SAML --------------------------------------------------------------------------------------------------


HOST = {"HTTP_HOST": "localhost"}
"""SAML wants a host that could be one on the Internet, which `testserver` could not."""


def asked_of(browser: Client) -> str:
    """The number of the question with which our page sends the browser to the provider."""
    import zlib

    away = browser.post(reverse("saml_login", args=["bo"]), **HOST)
    sent = parse_qs(urlsplit(away["Location"]).query)["SAMLRequest"][0]
    return etree.fromstring(zlib.decompress(b64decode(sent), -15)).get("ID")


def brought(browser: Client, response: str):
    """The browser brings the provider's answer: as from another site, without our session's cookie."""
    answer = browser.post(
        reverse("saml_acs", args=["bo"]), {"SAMLResponse": response, "RelayState": ""}, **HOST
    )
    return browser.get(answer["Location"], **HOST)


def test_a_signed_assertion_with_an_officer_code_signs_in(client, providers):
    who = officer()
    answer = brought(client, saml.answer({"employeeNumber": "HP0001"}, asked=asked_of(client)))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(who.user_id)
    assert nothing_was_made()


def test_an_assertion_about_an_unknown_code_opens_nothing(client, providers):
    officer()
    told = {"employeeNumber": "XX9999", "displayName": "Nguyễn Văn An"}
    assert brought(client, saml.answer(told, asked=asked_of(client))).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"signed": False}, 401),
        ({"signer": "another.example"}, 401),
        ({"minutes": -6}, 401),
        ({"audience": "https://another.example/metadata/"}, 401),
        ({"asked": "_another-question"}, 403),
    ],
    ids=lambda changed: next(iter(changed)) if isinstance(changed, dict) else "",
)
def test_an_assertion_that_is_not_meant_for_this_question_opens_nothing(client, providers, changed, status):
    officer()
    response = saml.answer({"employeeNumber": "HP0001"}, **{"asked": asked_of(client), **changed})
    assert brought(client, response).status_code == status
    assert "_auth_user_id" not in client.session


def test_an_assertion_that_was_altered_opens_nothing(client, providers):
    officer("HP0002")
    response = saml.answer({"employeeNumber": "HP0001"}, asked=asked_of(client))
    altered = re.sub(rb"HP0001", b"HP0002", b64decode(response))
    assert brought(client, b64encode(altered).decode()).status_code == 401
    assert "_auth_user_id" not in client.session


def test_an_assertion_is_taken_once_and_in_the_browser_that_asked(client, providers):
    officer()
    response = saml.answer({"employeeNumber": "HP0001"}, asked=asked_of(client))
    assert brought(Client(), response).status_code == 403
    assert brought(client, response).status_code == 302
    client.post(reverse("account_logout"))
    assert brought(client, response).status_code == 403


@pytest.mark.parametrize(
    "response", [b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', b"<x", b"", b"\xff"]
)
def test_what_is_no_plain_xml_is_refused_politely(client, providers, response):
    asked_of(client)
    assert brought(client, b64encode(response).decode()).status_code == 401


def test_the_metadata_that_a_provider_registers_names_our_addresses(client, providers):
    page = client.get(reverse("saml_metadata", args=["bo"]), **HOST)
    assert page.status_code == 200
    assert b"http://localhost/accounts/saml/bo/acs/" in page.content


def test_f14_a_request_to_sign_out_that_anybody_could_write_ends_no_session(client, providers):
    client.force_login(officer().user)
    for answer in (client.get, client.post):
        assert answer(reverse("saml_sls", args=["bo"]))["Location"] == reverse("account_logout")
    assert "_auth_user_id" in client.session


def test_a_password_still_opens_the_account_of_who_is_vouched_for(client, providers, sign_in):
    officer(password=PASSWORD)
    assert sign_in("HP0001", PASSWORD).status_code == 302
