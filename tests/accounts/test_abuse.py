"""What strangers try at the door (docs/abuse.md, A and F)."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from lms.accounts import services
from lms.accounts.models import FirstCode, User
from lms.accounts.services import close_account
from lms.kernel import jobs
from lms.kernel.models import Job
from lms.roster.enums import Role
from lms.roster.models import PersonRecord, RoleGrant
from lms.roster.services import end_role, invite_people
from tests.factories import roster

from .conftest import PASSWORD, officer

pytestmark = pytest.mark.django_db
SHARED = "van-thu@xa.vi-du.vn"
HASHED: list[str] = []


class CountedHasher(MD5PasswordHasher):
    """Notes each time that a password is hashed: what a sign-in costs, and so what its time tells."""

    def encode(self, password, salt, iterations=None):
        HASHED.append(password)
        return super().encode(password, salt)


@pytest.fixture
def several_kinds(settings):
    """One account of each kind that an answer could give away."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    officer("HP0001", password=PASSWORD, phone="0912345678")
    officer("HP0002")
    close_account(user_id=officer("HP0003", password=PASSWORD).user_id)
    for code in ("HP0004", "HP0005"):
        User.objects.filter(pk=officer(code, password=PASSWORD).user_id).update(email=SHARED)
    User.objects.filter(username="HP0001").update(email="an@xa.vi-du.vn")


KINDS = {
    "with a password": "HP0001",
    "without a password": "HP0002",
    "closed": "HP0003",
    "unknown": "HP9999",
    "by telephone": "0912345678",
    "by its own address": "an@xa.vi-du.vn",
    "by an address of two": SHARED,
    "by an unknown address": "ai-do@xa.vi-du.vn",
    "signs that nobody sees": "\u202e\u200b",
}


def answer_to(browser: Client, url: str, fields: dict[str, str]) -> tuple[int, str, str]:
    """Status, place and page, without what was typed and what differs at every answer."""
    answer = browser.post(url, fields)
    page = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), page


@pytest.mark.usefixtures("several_kinds")
def test_f5_a_wrong_password_is_answered_with_one_page_and_one_hash_whoever_is_named():
    url, answers, hashes = reverse("account_login"), {}, {}
    for kind, name in KINDS.items():
        HASHED.clear()
        answers[kind] = answer_to(Client(), url, {"login": name, "password": "sai-het-ca-roi-day"})
        hashes[kind] = len(HASHED)
    assert set(answers.values()) == {answers["unknown"]}
    assert hashes == dict.fromkeys(KINDS, 1)


@pytest.mark.usefixtures("several_kinds")
def test_f5_a_forgotten_password_is_answered_alike_and_no_letter_is_written_before_the_answer():
    url = reverse("account_reset_password")
    names = [name for name in KINDS.values() if "@" in name]
    answers = {answer_to(Client(), url, {"email": name}) for name in names}
    assert answers == {(302, reverse("account_reset_password_done"), "")}
    assert mail.outbox == []


@pytest.mark.usefixtures("several_kinds")
def test_f5_signing_up_is_closed_whoever_is_named():
    url = reverse("account_signup")
    fields = {"password1": PASSWORD, "password2": PASSWORD}
    answers = {answer_to(Client(), url, {"username": name, **fields}) for name in KINDS.values()}
    assert len(answers) == 1
    assert User.objects.count() == 5


@pytest.mark.usefixtures("several_kinds")
def test_f6_no_page_of_the_door_sends_anything_to_a_telephone():
    for number in ("0912345678", "+84912345678", "1900123456", "+882161234567"):
        browser = Client()
        browser.post(reverse("first_code"), {"name": number, "code": "0000-0000-0000"})
        browser.post(reverse("account_login"), {"login": number, "password": PASSWORD})
        browser.post(reverse("account_reset_password"), {"email": number})
    assert list(Job.objects.values_list("kind", flat=True)) == []
    assert mail.outbox == []


@pytest.mark.usefixtures("several_kinds")
def test_f3_a_forged_forwarding_header_does_not_stand_in_a_letter(client, settings):
    forged = {"HTTP_X_FORWARDED_HOST": "xau.example", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}
    client.post(reverse("account_reset_password"), {"email": "an@xa.vi-du.vn"}, **forged)
    jobs.work_all()
    [letter] = mail.outbox
    assert "xau.example" not in letter.body
    assert f"{settings.BASE_URL}/accounts/password/reset/" in letter.body
    assert client.get(reverse("account_login"), HTTP_HOST="xau.example").status_code == 400


def test_a_letter_goes_out_in_the_language_that_its_reader_chose(client):
    who = officer("HP0001", email="an@xa.vi-du.vn")
    client.post(reverse("portal:preferences"), {"language": "en", "next": "/"})
    assert User.objects.get(pk=who.user_id).language == "vi"
    client.force_login(who.user)
    client.post(reverse("portal:preferences"), {"language": "en", "next": "/"})
    services.invite(user_ids=[who.user_id], by=None)
    jobs.work_all()
    assert mail.outbox[0].body.startswith("Good day,")
    client.post(reverse("portal:preferences"), {"language": "xx", "next": "/"})
    assert User.objects.get(pk=who.user_id).language == "en"


MORE = {
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "1",
    "role": Role.ADMINISTRATOR,
    "unit": "P",
    "username": "quan-tri",
    "user": "1",
    "pk": "1",
    "groups": "1",
    "email": "cua-toi@vi-du.vn",
    "score": "100",
    "owner": "1",
}


def test_a7_what_is_added_to_a_form_of_the_account_changes_nothing(client, come_in):  # A7
    who = officer()
    roster.unit("P", kind="province")
    code = services.issue_codes(user_ids=[who.user_id], by=None)[who.user_id].code
    client.post(reverse("first_code"), {"name": "HP0001", "code": code, **MORE})
    client.post(reverse("choose_way"), {"password1": PASSWORD, "password2": PASSWORD, **MORE})
    changed = {"oldpassword": PASSWORD, "password1": "x" + PASSWORD, "password2": "x" + PASSWORD}
    for name, fields in (
        ("portal:preferences", {"language": "en", "large_text": "1", "next": "/"}),
        (
            "account_change_password",
            changed,
        ),
        ("usersessions_list", {}),
        ("account_email", {"action_add": ""}),
    ):
        assert client.post(reverse(name), {**fields, **MORE}).status_code in {200, 302, 405}
    user = User.objects.get(pk=who.user_id)
    assert (user.username, user.email, user.is_staff, user.is_superuser) == ("HP0001", "", False, False)
    assert user.check_password("x" + PASSWORD)
    assert not RoleGrant.objects.exists()
    assert not user.groups.exists()


def test_a16_a_letter_is_not_written_for_who_may_not_ask_for_it_any_more():
    unit = roster.unit("A", roster.unit("P", kind="province"))
    keeper, who = officer("QT01"), officer("HP0001", email="an@xa.vi-du.vn")
    for one in (keeper, who):
        roster.posting(one, unit)
    grant = roster.role(keeper, unit, Role.ADMINISTRATOR)
    today = roster.LONG_AGO.replace(year=2026)
    invite_people(people=[who], by=keeper, today=today)
    end_role(grant=grant, on=today, by="operator", today=today)
    jobs.work_all()
    assert mail.outbox == []
    assert not FirstCode.objects.exists()


def test_a16_a_job_that_names_somebody_elses_account_writes_no_letter():
    own, elsewhere = roster.unit("A"), roster.unit("B")
    keeper, who = officer("QT01"), officer("HP0001", email="an@xa.vi-du.vn")
    roster.posting(keeper, own)
    roster.posting(who, elsewhere)
    roster.role(keeper, own, Role.ADMINISTRATOR)
    jobs.enqueue("accounts.invite", key="forged", user=who.user_id, by=keeper.user_id)
    jobs.work_all()
    assert mail.outbox == []
    assert PersonRecord.objects.current().get(person=who).email == "an@xa.vi-du.vn"


def test_f11_sessions_are_listed_and_the_others_ended(client, sign_in):
    officer(password=PASSWORD)
    stolen = Client()
    sign_in("HP0001", PASSWORD, stolen)
    sign_in("HP0001", PASSWORD)
    assert client.get(reverse("usersessions_list")).content.decode().count("<tr>") == 3
    client.post(reverse("usersessions_list"))
    assert client.get("/learn/record/").status_code == 200
    assert stolen.get("/learn/record/").status_code == 302


def test_f11_a_stolen_session_changes_no_key_without_the_password(client, sign_in):
    who = officer(password=PASSWORD)
    sign_in("HP0001", PASSWORD)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "portal:my_data_json"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("account_reauthenticate")), name
    assert not Authenticator.objects.filter(user=who.user_id).exists()
    assert configured.ACCOUNT_REAUTHENTICATION_TIMEOUT == 900
