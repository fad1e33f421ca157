"""Everything about me: no model that names a person is forgotten, and no row of anybody else is told."""

import json
import time

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey
from django.urls import reverse

from lms.portal import personaldata
from lms.portal.personaldata import everything_about, ways
from lms.portal.personalwords import TITLES
from lms.roster import services
from lms.roster.models import Person
from lms.roster.vault import fingerprint, seal
from tests.factories import certificates as make_certificates
from tests.factories import content, learning, quizzes, roster

pytestmark = pytest.mark.django_db
OURS = {"roster", "coverage", "learning", "quizzes", "certificates", "reports"}


@pytest.fixture
def me(client):
    who = make_certificates.graduate("Nguyễn Thị Hồng Vân")
    who.user = get_user_model().objects.create_user(who.code, password="mật khẩu của tôi")
    who.save()
    client.force_login(who.user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(who.user.pk)
    session.save()
    return who


def found(who: Person) -> str:
    return json.dumps([section.rows for section in everything_about(who)], ensure_ascii=False)


def test_every_key_to_a_person_or_a_sign_in_in_any_model_is_a_way_to_their_data():
    anchors = {Person, get_user_model()}
    keys = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and field.related_model in anchors and model not in anchors
    }
    children = {model._meta.label for model in apps.get_models() if any(model._meta.parents.values())}
    walked = {way.label for way in ways()}
    assert {key for key in keys if key.rpartition(".")[0] not in children} - walked == set()


def test_what_hangs_on_a_row_of_mine_is_mine_too():
    labels = {way.label for way in ways() if way.own}
    assert labels >= {
        "learning.FinishedStep.enrolment__person",
        "quizzes.AttemptItem.attempt__person",
        "quizzes.MarkRevision.attempt__person",
        "certificates.RegisterCopy.certificate__person",
    }


def test_every_kind_of_row_of_ours_that_can_be_a_persons_own_has_a_title():
    own = {way.model._meta.label for way in ways() if way.own and way.model._meta.app_label in OURS}
    assert own - set(TITLES) == set()


def test_my_own_rows_are_told_whole(me):
    paper = make_certificates.certificate(me)
    text = found(me)
    for value in ("Nguyễn Thị Hồng Vân", me.code, paper.number_text, "1988-03-09"):
        assert value in text


def test_rows_of_another_code_of_mine_are_told_too(me):
    twin = roster.person("CB-CU", "Nguyễn Thị Hồng Vân cũ")
    services.merge_people(person=twin, same_as=me, reason="", by="operator", today=make_certificates.DAY)
    assert "CB-CU" in found(me)


def test_nothing_of_whom_i_acted_for_is_told(me):
    unit = roster.unit("A")
    roster.role(me, unit, "administrator")
    other = roster.person("BI-MAT", "Đỗ Bí Mật")
    services.grant_role(
        person=other, unit=roster.unit("A1", unit, kind="school"), role="trainer",
        since=make_certificates.DAY, by=me, today=make_certificates.DAY,
    )  # fmt: skip
    text = found(me)
    assert "BI-MAT" not in text
    assert "Bí Mật" not in text
    assert any(
        section.kind == "roster.RoleGrant" and section.by == "granted_by" for section in everything_about(me)
    )


def test_no_key_to_a_question_and_no_secret_of_the_sign_in_is_told(me):
    course = content.edition("P1", quiz=quizzes.quiz(quizzes.single(stem="Ai?", keys="b")).quiz.code)
    from quizzes import services as hall
    from quizzes.models import QuizVersion

    assert course
    hall.start_attempt(person_id=me.pk, version=QuizVersion.objects.get(), device="máy bí mật")
    text = found(me)
    assert '"correct"' not in text
    assert "máy bí mật" not in text
    assert me.user.password not in text


def test_the_file_for_programs_holds_the_national_id_in_full_for_its_owner(client, me):
    from lms.roster.models import NationalId

    number = "031088001234"
    NationalId.objects.create(person=me, sealed=seal(number, me.public_id), fingerprint=fingerprint(number))
    answer = client.get(reverse("portal:my_data_json"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    document = json.loads(answer.content)
    assert document["code"] == me.code
    assert [s["rows"] for s in document["sections"] if s["kind"] == "roster.NationalId"] == [
        [{"national_id": number}]
    ]


def test_the_paper_is_a_pdf(client, me):
    make_certificates.certificate(me)
    answer = client.get(reverse("portal:my_data_paper"))
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 10_000


def test_whoever_has_not_just_signed_in_is_asked_to(client, me):
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    for name in ("portal:my_data_json", "portal:my_data_paper"):
        assert client.get(reverse(name))["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("size", [1, 3])
def test_it_costs_the_same_for_one_row_and_for_three(me, size, django_assert_num_queries):
    for _ in range(size):
        learning.completion(me, learning.course(), on=make_certificates.DAY)
    personaldata.ways()
    with django_assert_num_queries(2 + len(ways())):
        everything_about(me)
