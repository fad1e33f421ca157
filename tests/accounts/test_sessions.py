"""What a sign-in writes, and that a session is whose key the browser holds."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.accounts.models import User
from lms.accounts.sessionstores import cached_db, db

from .conftest import PASSWORD, officer

pytestmark = pytest.mark.django_db
STORES = pytest.mark.parametrize("store", [db.SessionStore, cached_db.SessionStore], ids=["db", "cached_db"])


def statements(seen: CaptureQueriesContext) -> list[str]:
    """What was asked and written, without the marks by which a test can be undone."""
    said = [query["sql"].split()[0] for query in seen.captured_queries]
    return [word for word in said if word not in {"SAVEPOINT", "RELEASE"}]


@pytest.mark.parametrize("before", [0, 30])
def test_a_sign_in_is_seven_statements_however_many_sessions_there_were(sign_in, before):
    who = officer(password=PASSWORD)
    UserSession.objects.bulk_create(
        UserSession(user=who.user, ip="203.0.113.7", session_key=f"cu{n}", user_agent="")
        for n in range(before)
    )
    with CaptureQueriesContext(connection) as seen:
        assert sign_in("HP0001", PASSWORD, Client()).status_code == 302
    # The try is counted, the account found, the try given back, a second factor looked for; then the time of
    # the sign-in, the session for the list, and the session itself.
    assert statements(seen) == ["INSERT", "SELECT", "UPDATE", "SELECT", "UPDATE", "INSERT", "INSERT"]


def test_the_list_notes_address_and_browser_and_the_key_that_the_browser_got(client, sign_in, settings):
    who = officer(password=PASSWORD)
    sign_in("HP0001", PASSWORD, HTTP_USER_AGENT="Mozilla/5.0 " + "x" * 500, REMOTE_ADDR="203.0.113.7")
    [noted] = UserSession.objects.filter(user=who.user_id)
    assert noted.session_key == client.cookies[settings.SESSION_COOKIE_NAME].value
    assert (noted.ip, len(noted.user_agent)) == ("203.0.113.7", 200)
    assert Session.objects.filter(session_key=noted.session_key).exists()
    assert client.get("/learn/record/").status_code == 200


def test_signing_in_over_a_session_that_is_open_ends_it_and_notes_the_other(client, sign_in, settings):
    officer("HP0001", password=PASSWORD)
    second = officer("HP0002", password=PASSWORD)
    sign_in("HP0001", PASSWORD)
    first = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_logout"))
    sign_in("HP0002", PASSWORD)
    assert not Session.objects.filter(session_key=first).exists()
    assert client.session["_auth_user_id"] == str(second.user_id)


@STORES
def test_a_new_key_has_a_row_only_once_it_is_saved(store):
    session = store()
    session["planted"] = 1
    session.create()
    assert not Session.objects.exists()
    session.save()
    assert store(session.session_key)["planted"] == 1
    assert session.modified


@STORES
def test_another_key_leaves_no_row_of_the_one_before(store):
    session = store()
    session["kept"] = 1
    session.save()
    before = session.session_key
    session.cycle_key()
    session["more"] = 2
    session.save()
    session["more"] = 3
    session.save()
    assert list(Session.objects.values_list("session_key", flat=True)) == [session.session_key]
    assert session.session_key != before
    assert dict(store(session.session_key).items()) == {"kept": 1, "more": 3}
    assert not store(before).items()


@STORES
def test_a_session_that_was_emptied_before_it_was_saved_leaves_nothing(store):
    session = store()
    session["planted"] = 1
    session.create()
    session.flush()
    assert session.session_key is None
    session["later"] = 1
    session.save()
    [row] = Session.objects.all()
    assert dict(store(row.session_key).items()) == {"later": 1}


def test_a_session_that_was_ended_elsewhere_is_not_written_again(client, sign_in, settings):
    officer(password=PASSWORD)
    sign_in("HP0001", PASSWORD)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    mine = db.SessionStore(key)
    mine.load()
    Session.objects.all().delete()
    with pytest.raises(db.db.UpdateError):
        mine.save()
    assert not Session.objects.exists()
    assert User.objects.count() == 1
