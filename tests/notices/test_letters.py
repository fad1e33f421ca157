"""The day's letter: one a person, by day, in their language, by the ways that they want."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from lms.kernel.models import Job
from lms.kernel.services import correct_fact
from lms.notices import queries, services
from lms.notices.enums import Subject
from lms.notices.errors import NotTaken
from lms.notices.hours import in_the_day, next_morning
from lms.notices.models import Delivery, Letter
from lms.notices.records import About
from tests.factories import roster

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)  # 12:00 in Hà Nội
NIGHT = datetime(2026, 11, 20, 16, tzinfo=UTC)  # 23:00


@pytest.fixture
def officer():
    who = roster.person(full_name="Lê Thị Hoa")
    write(who, email="hoa@example.vn", phone="")
    who.user = get_user_model().objects.create(username=who.code)
    who.save()
    return who


def write(who, **changes) -> None:
    correct_fact(who.records.current().get(), changes, by="operator")


def tell(who, key="course:A", subject=Subject.DEADLINE, on=DAY) -> None:
    services.tell([who.pk], subject=subject, about=About(key, "Kỹ năng tư vấn", "/learn/A/", DAY), on=on)


def send(who, on=DAY, at=NOON) -> None:
    letter = services.compose_letter(person_id=who.pk, on=on)
    if letter:
        for delivery in letter.deliveries.all():
            services.deliver(delivery_id=delivery.pk, at=at)


def test_everything_new_goes_into_one_letter(officer) -> None:
    tell(officer)
    tell(officer, "course:B")
    send(officer)
    [letter] = mail.outbox
    assert letter.to == ["hoa@example.vn"]
    assert letter.subject == "Vững: 2 thông báo cho anh/chị, hạn gần nhất 20/11/2026."
    assert letter.body.count("/learn/A/") == 2


def test_what_comes_after_the_letter_waits_for_the_next_day(officer) -> None:
    tell(officer)
    send(officer)
    tell(officer, "course:B")
    send(officer)
    assert len(mail.outbox) == 1
    send(officer, on=DAY + timedelta(days=1))
    assert len(mail.outbox) == 2
    send(officer, on=DAY + timedelta(days=2))
    assert len(mail.outbox) == 2


def test_a_delivery_that_runs_twice_sends_once(officer) -> None:
    tell(officer)
    send(officer)
    services.deliver(delivery_id=Delivery.objects.get().pk, at=NOON)
    assert len(mail.outbox) == 1


def test_at_night_it_is_put_off_to_the_morning(officer) -> None:
    tell(officer)
    services.compose_letter(person_id=officer.pk, on=DAY)
    assert services.deliver(delivery_id=Delivery.objects.get().pk, at=NIGHT) is False
    assert mail.outbox == []
    morning = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    assert Job.objects.filter(kind="notices.deliver", run_after=morning).count() == 1


@pytest.mark.parametrize(("hour", "day"), [(0, False), (7, False), (8, True), (19, True), (20, False)])
def test_the_day_is_from_half_past_seven_to_eight(hour, day) -> None:
    at = datetime(2026, 11, 20, hour, tzinfo=UTC) - timedelta(hours=7)
    assert in_the_day(at) is day
    assert in_the_day(next_morning(at))


def test_the_letter_speaks_the_language_of_its_reader(officer) -> None:
    officer.user.language = "en"
    officer.user.save()
    tell(officer)
    send(officer)
    assert "is to be done by 20/11/2026" in mail.outbox[0].body


def test_who_declined_letters_has_the_page_alone(officer) -> None:
    services.choose_ways(person_id=officer.pk, by_mail=False, by_message=True)
    tell(officer)
    send(officer)
    assert mail.outbox == []
    assert len(queries.new_notices(officer.pk)) == 1


def test_an_answer_that_the_law_asks_for_goes_out_nevertheless(officer) -> None:
    services.choose_ways(person_id=officer.pk, by_mail=False, by_message=False)
    tell(officer, "contest:1", Subject.ANSWER)
    send(officer)
    assert len(mail.outbox) == 1


def test_a_mail_server_that_refuses_is_tried_again_and_quoted_nowhere(officer, monkeypatch) -> None:
    def broken(self, messages):
        raise ConnectionRefusedError("hoa@example.vn")

    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    tell(officer)
    services.compose_letter(person_id=officer.pk, on=DAY)
    with pytest.raises(NotTaken, match=r"^ConnectionRefusedError$"):
        services.deliver(delivery_id=Delivery.objects.get().pk, at=NOON)
    assert Delivery.objects.get().accepted_at is None


def test_only_people_with_something_new_and_no_letter_today_are_written_to(officer) -> None:
    other = roster.person()
    tell(officer)
    tell(other)
    Letter.objects.create(person=other, day=DAY)
    assert queries.people_to_write_to(DAY, limit=10) == [officer.pk]
