"""Passwords of who sees others: long, or with a second factor beside them (docs/decisions/0116)."""

from urllib.parse import unquote

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from lms.accounts import services
from lms.accounts.lengths import LongEnough
from lms.accounts.models import User
from lms.roster.enums import Role
from lms.roster.services import end_role
from tests.factories import roster

from .conftest import officer

pytestmark = pytest.mark.django_db
SHORT = "mua rao hom q"
"""13 characters: enough for a learner."""
LONG = "mua rao chieu qua"


@pytest.fixture
def learner():
    who = officer(password=SHORT)
    roster.posting(who, roster.unit("X01"))
    return who


def made_manager(who):
    return roster.role(who, roster.unit("X02"), Role.UNIT_MANAGER)


def where(browser: Client, url: str = "/learn/record/") -> str:
    answer = browser.get(url)
    return answer.get("Location", "") if answer.status_code == 302 else str(answer.status_code)


@pytest.mark.parametrize(
    ("password", "role", "factor", "accepted"),
    [
        ("x" * 11, False, False, False),
        ("x" * 12, False, False, True),
        ("x" * 14, True, False, False),
        ("x" * 15, True, False, True),
        ("x" * 11, True, True, False),
        ("x" * 12, True, True, True),
    ],
)
def test_the_measure_is_12_and_15_for_who_sees_others_without_a_second_factor(
    learner, password, role, factor, accepted
):
    if role:
        made_manager(learner)
    if factor:
        TOTP.activate(learner.user, generate_totp_secret())
    try:
        LongEnough().validate(password, learner.user)
    except ValidationError as refusal:
        assert refusal.code == "password_too_short"
        assert not accepted
    else:
        assert accepted


def test_signs_are_counted_as_they_are_stored():
    decomposed = "e\u0302\u0301" * 11
    assert len(decomposed) == 33
    with pytest.raises(ValidationError):
        LongEnough().validate(decomposed)


def test_the_rule_under_the_field_is_the_one_that_will_be_applied(client, learner, sign_in):
    sign_in("HP0001", SHORT)
    page = client.get(reverse("account_change_password")).content.decode()
    assert "Ít nhất 12 ký tự" in page
    made_manager(learner)
    page = client.get(reverse("account_change_password")).content.decode()
    assert "Ít nhất 15 ký tự" in page


def test_who_is_given_a_role_while_signed_in_by_a_short_password_is_asked_at_the_next_request(
    client, learner, sign_in
):
    sign_in("HP0001", SHORT)
    assert where(client) == "200"
    grant = made_manager(learner)
    assert unquote(where(client)) == f"{reverse('second_factor')}?next=/learn/record/"
    assert client.post("/desk/").status_code == 403
    page = client.get(reverse("second_factor"), {"next": "/learn/record/"}).content.decode()
    assert f"{reverse('account_change_password')}?next=/learn/record/" in page
    end_role(grant=grant, on=roster.LONG_AGO, by="operator", today=roster.LONG_AGO)
    assert where(client) == "200"


def test_a_longer_password_opens_the_door_at_once_and_at_the_next_sign_in(client, learner, sign_in):
    made_manager(learner)
    sign_in("HP0001", SHORT)
    assert where(client).startswith(reverse("second_factor"))
    url = f"{reverse('account_change_password')}?next=/learn/record/"
    refused = client.post(url, {"oldpassword": SHORT, "password1": SHORT + "x", "password2": SHORT + "x"})
    assert refused.context["form"].errors["password1"].as_data()[0].code == "password_too_short"
    answer = client.post(url, {"oldpassword": SHORT, "password1": LONG, "password2": LONG})
    assert answer.status_code == 302
    assert where(client) == "200"
    other = Client()
    sign_in("HP0001", LONG, other)
    assert where(other) == "200"


def test_a_short_password_with_a_second_factor_is_enough(client, learner, sign_in):
    made_manager(learner)
    sign_in("HP0001", SHORT)
    TOTP.activate(learner.user, generate_totp_secret())
    other = Client()
    assert sign_in("HP0001", SHORT, other)["Location"] == reverse("mfa_authenticate")
    assert where(client, reverse("second_factor")).startswith(reverse("account_reauthenticate"))


def test_where_a_second_factor_is_required_a_long_password_alone_does_not_do(
    client, learner, sign_in, settings
):
    settings.SECOND_FACTOR = "required"
    User.objects.filter(pk=learner.user_id).update(password=make_password(LONG))
    made_manager(learner)
    assert sign_in("HP0001", LONG).status_code == 302
    page = client.get(reverse("second_factor")).content.decode()
    assert reverse("account_change_password") not in page
    assert where(client).startswith(reverse("second_factor"))


def test_who_comes_by_a_code_and_sees_others_chooses_a_password_of_15_characters(client, learner, come_in):
    made_manager(learner)
    code = services.issue_codes(user_ids=[learner.user_id], by=None)[learner.user_id].code
    come_in("HP0001", code)
    page = client.get(reverse("choose_way")).content.decode()
    assert "Ít nhất 15 ký tự" in page
    assert client.post(reverse("choose_way"), {"password1": SHORT, "password2": SHORT}).status_code == 200
    assert client.post(reverse("choose_way"), {"password1": LONG, "password2": LONG}).status_code == 302
    assert where(client) == "200"


def test_learners_with_a_short_password_are_asked_nothing(client, learner, sign_in):
    assert sign_in("HP0001", SHORT).status_code == 302
    assert where(client) == "200"
    assert where(client, reverse("second_factor")) == "/"
