"""The page of failed work: what was set aside, why, and trying again."""

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from lms.accounts.models import User
from lms.kernel import jobs
from lms.kernel.enums import JobState
from lms.kernel.models import Job
from lms.portal.failedwork import KINDS, SHOWN
from lms.roster.enums import Role
from tests.factories import roster as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    who = make.person("QT")
    who.user = User.objects.create_user("qt", password="mot-mat-khau-du-dai-2026")
    who.save()
    unit = make.unit("C")
    make.posting(who, unit)
    make.role(who, unit, Role.ADMINISTRATOR)
    client = Client()
    client.force_login(who.user)
    return client


def set_aside(
    kind: str = "accounts.invite", error: str = "SMTPServerDisconnected at a.py:1", **values
) -> Job:
    job = Job.objects.create(kind=kind, payload={"user": 7}, attempts=8, error=error)
    Job.objects.filter(pk=job.pk).update(state=JobState.SET_ASIDE, finished=Now(), **values)
    return job


def test_every_kind_of_work_has_words():
    rooms = ("kernel", "accounts", "learning", "notices", "portal", "content", "quizzes", "certificates")
    assert {kind for kind in jobs.kinds() if kind.startswith(rooms)} == set(KINDS)


def test_it_says_what_failed_why_and_where(administrator):
    set_aside()
    page = administrator.get(reverse("portal:work")).content.decode()
    assert str(KINDS["accounts.invite"]) in page
    assert "Máy chủ bên ngoài không trả lời" in page
    assert "SMTPServerDisconnected at a.py:1" in page


def test_what_killed_its_worker_is_told_from_what_failed(administrator):
    set_aside("content.read_file", error="worker died", kills=jobs.MOST_KILLS)
    assert "làm dừng" in administrator.get(reverse("portal:work")).content.decode()


def test_work_that_waits_runs_or_is_done_is_not_listed(administrator):
    Job.objects.create(kind="accounts.invite", payload={"user": 1})
    job = set_aside()
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    page = administrator.get(reverse("portal:work")).content.decode()
    assert str(KINDS["accounts.invite"]) not in page


def test_trying_again_lets_it_wait_with_all_its_attempts_before_it(administrator):
    job = set_aside()
    answer = administrator.post(reverse("portal:try_again", args=[job.pk]), follow=True)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.kills) == (JobState.WAITING, 0, 0)
    assert "thử lại" in answer.content.decode()


def test_where_its_like_waits_already_it_is_left_alone(administrator):
    job = set_aside("kernel.checkpoint", key="periodic")
    Job.objects.create(kind="kernel.checkpoint", key="periodic")
    administrator.post(reverse("portal:try_again", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.SET_ASIDE


def test_what_is_not_set_aside_cannot_be_tried_again(administrator):
    job = Job.objects.create(kind="accounts.invite", payload={"user": 1})
    assert administrator.post(reverse("portal:try_again", args=[job.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_one_and_with_three(administrator, django_assert_max_num_queries, count):
    for _job in range(count):
        set_aside()
    administrator.get(reverse("portal:work"))
    with django_assert_max_num_queries(8):
        administrator.get(reverse("portal:work"))


def test_no_more_than_a_page_is_shown(administrator):
    for _job in range(SHOWN + 1):
        set_aside()
    page = administrator.get(reverse("portal:work")).content.decode()
    assert page.count(f"<h2>{KINDS['accounts.invite']}</h2>") == SHOWN
