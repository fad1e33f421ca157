"""Who may write, who may publish, what the editor is told at the field."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from content.enums import Level
from content.models import CourseIndexPage, CoursePage, LessonPage, Picture
from content.queries import latest_edition
from content.services import ensure_groups, follow_roles
from content.tasks import publish_scheduled
from lms.accounts.models import User
from lms.roster.models import Person
from tests.factories import content as make
from tests.factories import roster
from tests.factories.files import png_that_claims

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground() -> None:
    ensure_groups()


ROLES = {"Giảng viên": "trainer", "Thẩm định": "reviewer"}


def user(name: str, *groups: str) -> User:
    """Somebody who holds, since long, the roles that these groups stand for."""
    made = User.objects.create(username=name)
    who = roster.person()
    who.user = made
    who.save()
    for group in groups:
        roster.role(who, roster.unit(), ROLES[group])
    follow_roles(user_id=made.pk, on=date(2026, 6, 1))
    return made


def lesson_form(title: str, action: str = "", **more: object) -> dict[str, object]:
    data = {
        "title": title,
        "slug": "bai-moi",
        "summary": "Một câu.",
        "objectives": "1",
        "minutes": 5,
        "reviewer": "",
        "review_due": "",
        "legal_ground": streamfield([]),
        "body": streamfield([("text", rich_text("<p>Nội dung.</p>"))]),
        "sources": streamfield(
            [("source", {"key": "a", "title": "Nguồn", "publisher": "", "url": "", "year": ""})]
        ),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
    }
    data.update(more)
    flat: dict[str, object] = nested_form_data(data)
    if action:
        flat[action] = "1"
    return flat


def add_url(module: object) -> str:
    return reverse("wagtailadmin_pages:add", args=["content", "lessonpage", module.pk])


def test_groups_and_workflow_are_made_once() -> None:
    ensure_groups()
    assert set(Group.objects.values_list("name", flat=True)) == {"Giảng viên", "Thẩm định"}
    assert list(Workflow.objects.values_list("name", flat=True)) == ["Thẩm định"]
    assert CourseIndexPage.objects.get().get_workflow().name == "Thẩm định"


def test_a_trainer_writes_and_sends_to_review_but_does_not_publish(client) -> None:
    trainer = user("gv", "Giảng viên")
    module = make.module_page(make.course_page("P1", owner=trainer))
    client.force_login(trainer)
    client.post(add_url(module), lesson_form("Bài của tôi", "action-publish"))
    lesson = LessonPage.objects.get(title="Bài của tôi")
    assert lesson.live is False
    lesson_rights = lesson.permissions_for_user(trainer)
    assert (lesson_rights.can_edit(), lesson_rights.can_publish()) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_a_lesson_goes_from_trainer_over_reviewer_to_an_edition(client) -> None:
    trainer, reviewer = user("gv", "Giảng viên"), user("td", "Thẩm định")
    module = make.module_page(make.course_page("P1", owner=trainer))
    client.force_login(trainer)
    client.post(add_url(module), lesson_form("Bài của tôi", "action-submit"))
    lesson = LessonPage.objects.get(title="Bài của tôi")
    state = lesson.current_workflow_task_state
    assert state is not None
    url = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", state.pk])
    client.post(url, {"comment": ""})
    lesson.refresh_from_db()
    assert lesson.live is False
    client.force_login(reviewer)
    client.post(url, {"comment": ""})
    lesson.refresh_from_db()
    assert lesson.live is True
    assert latest_edition("P1").rules["lessons"] == 1


def test_a_reviewer_does_not_approve_what_he_asked_for_himself() -> None:
    reviewer = user("td", "Thẩm định")
    lesson = make.lesson_page(make.module_page(make.course_page("P1")), live=False)
    lesson.save_revision(user=reviewer)
    lesson.get_workflow().start(lesson, reviewer)
    lesson = LessonPage.objects.get(pk=lesson.pk)
    task = lesson.current_workflow_task
    assert task.get_actions(lesson, reviewer) == []
    assert task.get_actions(lesson, user("td2", "Thẩm định")) != []


def test_a_reviewer_does_not_publish_what_only_he_has_written(client) -> None:
    reviewer = user("td", "Thẩm định")
    module = make.module_page(make.course_page("P1"))
    client.force_login(reviewer)
    client.post(add_url(module), lesson_form("Tự viết", "action-publish"))
    assert LessonPage.objects.get(title="Tự viết").live is False


def test_a_trainer_does_not_edit_what_another_wrote() -> None:
    module = make.module_page(make.course_page("P1"))
    lesson = make.lesson_page(module)
    lesson.owner = user("khac", "Giảng viên")
    lesson.save()
    assert lesson.permissions_for_user(user("gv", "Giảng viên")).can_edit() is False


@pytest.mark.parametrize("name", ["wagtailusers_users:index", "wagtailusers_groups:index"])
@pytest.mark.parametrize("group", ["Giảng viên", "Thẩm định"])
def test_accounts_are_not_in_the_cms(name: str, group: str, client) -> None:
    client.force_login(user("x", group))
    assert client.get(reverse(name)).status_code in {302, 403, 404}


def test_whoever_holds_no_role_stays_outside(client) -> None:
    client.force_login(user("x"))
    assert client.get("/cms/").status_code in {302, 403}


# Told at the field ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("objectives", {"objectives": ""}),
        ("objectives", {"objectives": "một"}),
        ("summary", {"summary": ""}),
        ("body", {"body": streamfield([])}),
        ("sources", {"sources": streamfield([])}),
    ],
)
def test_sending_an_incomplete_lesson_to_review_is_refused_at_the_field(
    field: str, change: dict[str, object], client
) -> None:
    trainer = user("gv", "Giảng viên")
    module = make.module_page(make.course_page("P1", owner=trainer))
    client.force_login(trainer)
    response = client.post(add_url(module), lesson_form("Thiếu", "action-submit", **change))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]


def test_a_module_without_an_objective_is_not_sent_to_review_and_the_field_says_so(client) -> None:
    trainer = user("gv", "Giảng viên")
    course = make.course_page("P1", owner=trainer)
    client.force_login(trainer)
    data = {
        "title": "Chuyên đề",
        "slug": "chuyen-de",
        "code": "M1",
        "hours": "",
        "introduction": rich_text("<p>Vì sao.</p>"),
        "objectives": streamfield([]),
        "activities": streamfield([]),
        "sheet_title": "",
        "sheet": streamfield([]),
        "legal_ground": streamfield([]),
        "reviewer": "",
        "review_due": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
    }
    url = reverse("wagtailadmin_pages:add", args=["content", "modulepage", course.pk])
    response = client.post(url, {**nested_form_data(data), "action-submit": "1"})
    assert list(response.context["form"].errors) == ["objectives"]


def course_form(**more: object) -> dict[str, object]:
    data = {
        "title": "Khóa học",
        "slug": "khoa-hoc",
        "code": "P1",
        "level": Level.BASIC,
        "hours": "2",
        "introduction": rich_text("<p>Vì sao.</p>"),
        "admission": "open",
        "scenarios_needed": 0,
        "reviewer": "",
        "review_due": "",
        "legal_ground": streamfield([]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
    }
    data.update(more)
    return dict(nested_form_data(data))


def test_a_course_that_nobody_could_finish_is_not_sent_to_review_and_the_field_says_so(client) -> None:
    trainer = user("gv", "Giảng viên")
    page = make.course_page("P1", owner=trainer)
    value = {"scenario": make.scenario().pk, "required": False}
    make.module_page(page, activities=json.dumps([{"type": "scenario", "value": value}]))
    client.force_login(trainer)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    draft = client.post(url, course_form(scenarios_needed=2))
    assert draft.status_code == 302, draft.context["form"].errors
    refused = client.post(url, {**course_form(scenarios_needed=2), "action-submit": "1"})
    assert dict(refused.context["form"].errors) == {
        "scenarios_needed": ["Khóa học chỉ có 1 tình huống: đòi nhiều hơn thì không ai hoàn thành được."]
    }
    assert client.post(url, {**course_form(scenarios_needed=1), "action-submit": "1"}).status_code == 302


def test_an_edition_asks_for_no_more_scenarios_than_it_holds() -> None:
    assert make.edition("P1", with_scenario=True, needed=3).rules["scenarios"] == 1
    assert make.edition("P2", needed=1).rules["scenarios"] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (png_that_claims(6_000, 6_000), "quá nhiều điểm ảnh"),
        (png_that_claims(50_000, 50_000), "quá nhiều điểm ảnh"),
        (png_that_claims(600, 600), "hỏng"),
        (b"%PDF-1.7 renamed", "hỏng"),
    ],
    ids=["6000", "50000", "cut", "pdf"],
)
def test_a_picture_that_cannot_be_taken_is_refused_at_its_field_in_words(
    content: bytes, words: str, client
) -> None:
    client.force_login(user("gv", "Giảng viên"))
    sent = {"title": "Ảnh", "file": ContentFile(content, name="anh.png")}
    (text,) = client.post(reverse("wagtailimages:add"), sent).context["form"].errors["file"]
    assert words in text
    several = client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Ảnh", "files[]": ContentFile(content, name="anh.png")},
    )
    assert words in several.json()["error_message"]
    assert Picture.objects.count() == 0


@pytest.mark.parametrize("year", ["", "2021"])
@pytest.mark.parametrize("day", ["", "2026-07-01", "01/07/2026"])
def test_opening_a_page_and_approving_it_is_no_change(year: str, day: str) -> None:
    """Otherwise it would have to be approved again, for ever."""
    for name, kind, value in (
        ("sources", "source", {"key": "a", "title": "T", "publisher": "", "url": "", "year": year}),
        ("legal_ground", "ground", {"document": "L", "article": "", "in_force": day}),
    ):
        field = LessonPage._meta.get_field(name).formfield()
        posted = nested_form_data({name: streamfield([(kind, value)])}) | {f"{name}-0-id": "x"}
        first = field.clean(field.widget.value_from_datadict(posted, {}, name))
        assert field.has_changed(first, field.widget.value_from_datadict(posted, {}, name)) is False, name


def test_a_picture_without_words_is_refused() -> None:
    from content.blocks import PictureBlock

    block = PictureBlock().child_blocks["alternative"]
    with pytest.raises(ValidationError):
        block.clean("")


def test_a_code_that_another_course_has_is_told_at_the_field() -> None:
    make.course_page("P1")
    page = CoursePage(title="Hai", slug="hai", code="P1", hours=1, introduction="<p>x</p>")
    with pytest.raises(ValidationError) as refusal:
        page.clean()
    assert list(refusal.value.message_dict) == ["code"]


def test_the_code_of_a_course_stays() -> None:
    page = make.course_page("P1")
    page.code = "P2"
    with pytest.raises(ValidationError) as refusal:
        page.clean()
    assert list(refusal.value.message_dict) == ["code"]


# Roles open the CMS ---------------------------------------------------------------------------------


@pytest.fixture
def me() -> Person:
    who = roster.person()
    who.user = User.objects.create(username=who.code)
    who.save()
    return who


def groups_of(who: Person) -> list[str]:
    return sorted(who.user.groups.values_list("name", flat=True))


def test_a_role_puts_its_holder_into_the_group_and_its_end_takes_him_out(me: Person) -> None:
    where = roster.unit()
    roster.role(me, where, "trainer", until=date(2026, 6, 1))
    follow_roles(user_id=me.user_id, on=date(2026, 5, 31))
    assert groups_of(me) == ["Giảng viên"]
    follow_roles(user_id=me.user_id, on=date(2026, 6, 1))
    assert groups_of(me) == []


def test_a_role_held_for_two_units_ends_only_with_the_second(me: Person) -> None:
    roster.role(me, roster.unit(), "reviewer", until=date(2026, 6, 1))
    roster.role(me, roster.unit(), "reviewer")
    follow_roles(user_id=me.user_id, on=date(2026, 6, 1))
    assert groups_of(me) == ["Thẩm định"]


def test_a_role_that_ended_in_the_night_is_lost_at_the_next_request(me: Person, client) -> None:
    roster.role(me, roster.unit(), "trainer", until=date(2026, 6, 1))
    follow_roles(user_id=me.user_id, on=date(2026, 5, 31))
    client.force_login(me.user)
    assert client.get("/cms/").status_code in {302, 403}
    assert groups_of(me) == []


def test_somebody_without_a_role_is_sent_home_and_not_round_in_circles(me: Person, client) -> None:
    client.force_login(me.user)
    assert client.get("/cms/")["Location"] == "/"


@pytest.mark.django_db(transaction=True)
def test_what_has_a_time_set_is_published_when_the_time_has_come() -> None:
    ensure_groups()
    lesson = make.lesson_page(make.module_page(make.course_page("P1")), live=False)
    lesson.go_live_at = timezone.now() - timedelta(minutes=1)
    lesson.save_revision(approved_go_live_at=lesson.go_live_at)
    publish_scheduled()
    assert LessonPage.objects.get().live is True
    assert latest_edition("P1").rules["lessons"] == 1


def test_other_roles_open_nothing(me: Person) -> None:
    roster.role(me, roster.unit(), "unit_manager")
    follow_roles(user_id=me.user_id, on=date(2026, 6, 1))
    assert groups_of(me) == []


def test_the_first_page_begins_with_ones_own_courses_and_what_waits_in_them(client) -> None:
    trainer = user("gv", "Giảng viên")
    client.force_login(trainer)
    assert "chưa có khóa học nào" in client.get("/cms/").content.decode()
    make.course_page("P0", title="Khóa của người khác")
    mine = make.course_page("P1", title="Khóa của tôi", owner=trainer)
    module = make.module_page(mine)
    make.lesson_page(module, live=False)
    html = client.get("/cms/").content.decode()
    panel = html[html.index("cms-home__courses") : html.index("cms-home__ways")]
    assert ("Khóa của tôi" in panel, "1 trang chưa xuất bản" in panel) == (True, True)
    assert "Khóa của người khác" not in panel


def test_the_first_page_costs_the_same_for_one_course_as_for_three(
    client, django_assert_max_num_queries
) -> None:
    trainer = user("gv", "Giảng viên")
    client.force_login(trainer)
    counts = []
    for number in range(2):
        for _time in range(1 + number):
            make.course_page(owner=trainer)
        client.get("/cms/")
        with django_assert_max_num_queries(60) as asked:
            client.get("/cms/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
