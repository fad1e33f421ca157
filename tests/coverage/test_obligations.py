"""Who must take a quiz: whoever was assigned its course, or of whom a target asks for it."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from lms.coverage.models import Target
from lms.kernel.services import record_fact
from lms.learning import services
from lms.learning.enums import Reason
from lms.roster.models import Person
from quizzes import policies
from quizzes import services as hall
from quizzes.errors import NotForYou, NotObliged
from quizzes.models import QuizVersion
from tests.factories import content as make
from tests.factories import quizzes, roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> QuizVersion:
    """A test for those who must learn its course, OB1."""
    monkeypatch.setattr(
        policies, "_doors", [door for door in policies._doors if door is not quizzes.everybody]
    )
    found = quizzes.quiz(open_to_all=False, access="obliged")
    make.edition("OB1", quiz=found.quiz.code)
    return found


def sits(who: Person, version: QuizVersion) -> bool:
    return hall.start_attempt(person_id=who.pk, version=version).number == 1


def test_whoever_is_assigned_the_course_sits_its_test_begun_or_not(version: QuizVersion) -> None:
    who = quizzes.learner()
    with pytest.raises(NotForYou):
        sits(who, version)
    services.assign_course(people=[who.pk], course="OB1", due=None, by="operator", on=timezone.localdate())
    assert sits(who, version)


def test_whoever_learns_it_by_own_wish_does_not_and_by_a_target_does(version: QuizVersion) -> None:
    today = timezone.localdate()
    wishing, asked = quizzes.learner(), quizzes.learner()
    services.enrol(person_id=wishing.pk, course="OB1", on=today)
    with pytest.raises(NotObliged):
        sits(wishing, version)
    services.enrol(person_id=asked.pk, course="OB1", on=today, reason=Reason.TARGET)
    assert sits(asked, version)


def test_whom_a_target_includes_sits_it_before_beginning_the_course(version: QuizVersion) -> None:
    country = roster.unit("VN", kind="country")
    who = quizzes.learner()
    roster.posting(who, country, "QLNN")
    assert policies.must_take(who.pk, version.quiz.code) is False
    target = Target(
        code="CT9",
        name="Chỉ tiêu",
        operator=">",
        value=Decimal(80),
        audience_mask=roster.mask("QLNN"),
        unit=country,
        courses=["OB1"],
        outcome="completed",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )
    record_fact(target, by="operator")
    assert sits(who, version)
