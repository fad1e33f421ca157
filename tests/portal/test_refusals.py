"""What was refused, and what nobody asked for, stands in the log (A1, A7)."""

import logging

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from lms.portal.refusals import COVETED, ReadFields
from lms.roster.enums import Role
from tests.accounts.conftest import officer
from tests.factories import roster

pytestmark = pytest.mark.django_db
LOGGER = "lms.portal.refusals"


@pytest.fixture
def who(client):
    person = officer()
    roster.posting(person, roster.unit("A"))
    client.force_login(person.user)
    return person


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.WARNING, LOGGER)
    return lambda: [record.getMessage() for record in caplog.records if record.name == LOGGER]


def test_a7_a_field_that_was_added_to_a_form_is_told_by_name_and_not_by_value(client, who, log):
    added = {"role": "administrator", "is_staff": "1", "harmless": "x", "unit": "bí mật"}
    answer = client.post(reverse("portal:preferences"), {"language": "en", "next": "/", **added})
    assert answer.status_code == 302
    assert log() == [
        f"fields nobody asked for (is_staff, role, unit) in portal:preferences, by {who.user.public_id}"
    ]


def test_a7_an_honest_form_is_no_news(client, who, log):
    client.post(reverse("portal:preferences"), {"language": "en", "large_text": "1", "next": "/"})
    assert log() == []


def test_a7_a_stranger_is_told_as_one(log):
    Client().post(reverse("account_login"), {"login": "HP0001", "password": "sai-roi-day", "owner": "HP0002"})
    assert log() == ["fields nobody asked for (owner) in account_login, by nobody signed in"]


@pytest.mark.parametrize(("role", "status"), [(None, 403), (Role.UNIT_MANAGER, 404)])
def test_a1_who_asks_for_what_they_may_not_have_stands_in_the_log(client, who, log, role, status):
    foreign = roster.person("HP0002", "Trần Bí Mật")
    roster.posting(foreign, roster.unit("B"))
    if role:
        roster.role(who, roster.unit("C"), role)
    answer = client.get(reverse("roster:person", kwargs={"public_id": foreign.public_id}))
    assert answer.status_code == status
    assert log() == [f"{status} for GET roster:person, by {who.user.public_id}"]


def test_a_form_that_is_copied_or_walked_was_looked_at():
    sent = QueryDict("role=a&role=b&unit=c")
    for walk in (
        dict,
        list,
        QueryDict.dict,
        QueryDict.urlencode,
        QueryDict.copy,
        lambda form: [*form.items()],
    ):
        fields = ReadFields.of(sent)
        assert fields.unasked() == {"role", "unit"}
        walk(fields)
        assert fields.unasked() == set()
    fields = ReadFields.of(sent)
    assert (fields.getlist("role"), fields.get("unit"), fields.get("owner")) == (["a", "b"], "c", None)
    assert fields.unasked() == set()
    assert {"role", "unit", "owner"} <= COVETED
    with pytest.raises(AttributeError):
        fields["role"] = "c"
