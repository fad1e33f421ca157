"""manage.py doctor: what is wrong, and what to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.kernel.enums import JobState
from lms.kernel.models import Job
from lms.portal.management.commands.doctor import _work

pytestmark = pytest.mark.django_db


def told():
    return [(finding.what, finding.well, finding.advice) for finding in _work() if not finding.well]


def test_nothing_is_said_of_work_that_waits_a_moment():
    Job.objects.create(kind="test.mark")
    assert told() == []


def test_work_that_nobody_does_is_told_with_what_to_do():
    Job.objects.create(kind="test.mark", run_after=timezone.now() - timedelta(hours=1))
    assert told() == [("work is done in time", False, "1 jobs wait: start `manage.py work`.")]


def test_work_that_was_set_aside_is_told():
    Job.objects.create(kind="test.mark", state=JobState.SET_ASIDE)
    assert told() == [("no work was set aside", False, "1 jobs failed again and again: see /desk/failed/.")]
