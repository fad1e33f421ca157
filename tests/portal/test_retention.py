"""What is kept how long: the page says what the night does, and the night does what the page says."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone, translation

from lms.kernel import jobs
from lms.portal.personaldata import ways
from lms.portal.retention import _rule, delete_what_is_due, rules
from lms.roster.enums import LookedAt
from lms.roster.models import Look
from tests.factories import roster

pytestmark = pytest.mark.django_db
OURS = {"roster", "coverage", "learning", "quizzes", "certificates", "reports", "content", "accounts"}


def look(days_ago):
    day = timezone.now().date() - timedelta(days=days_ago)
    return Look.objects.create(
        person=roster.person(), looker=roster.person(), page=LookedAt.TRAINING, day=day
    )


def test_a_look_of_a_year_ago_stays_and_an_older_one_goes():
    kept = look(365)
    look(366)
    assert delete_what_is_due(timezone.now())["roster.Look"] == 1
    assert Look.objects.get() == kept


def test_the_night_deletes_by_itself():
    look(400)
    jobs.plan_periodic()
    jobs.work_all()
    assert not Look.objects.exists()


def test_every_table_of_ours_that_names_people_has_a_line():
    tables = {way.model._meta.label for way in ways() if way.model._meta.app_label in OURS}
    assert sorted(table for table in tables if not any(rule.covers(table) for rule in rules())) == []


def test_what_is_deleted_is_a_table_of_the_line_and_a_column_of_the_table():
    for rule in rules():
        if rule.model:
            assert rule.covers(rule.model)
            apps.get_model(rule.model)._meta.get_field(rule.column)


def test_no_line_may_delete_facts():
    words = {name: {"vi": "x", "en": "x"} for name in ("what", "how_long", "law")}
    line = {"tables": ["roster.Posting"], "delete": {"model": "roster.Posting", "column": "since", "days": 1}}
    with pytest.raises(ValueError, match="fact"):
        _rule({**line, **words})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_public_page_shows_every_line(client, language):
    client.cookies["vung-language"] = language
    page = client.get("/privacy/")
    assert page.status_code == 200
    with translation.override(language):
        for rule in rules():
            assert rule.what in page.text.replace("&#x27;", "'")
            assert rule.how_long in page.text
