"""What people read when something is not there, not theirs, too late or broken."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from lms.config.urls import urlpatterns as real

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [path("broken/", broken), path("refused/", refused), *real]


@pytest.fixture
def reader(client: Client, django_user_model) -> Client:
    client.force_login(django_user_model.objects.create_user(username="an"))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/khong-co/", 404, "Không có trang này"),
        ("/refused/", 403, "Vai trò của anh/chị không mở được trang này"),
        ("/broken/", 500, "Hệ thống đang gặp lỗi"),
    ],
)
@override_settings(ROOT_URLCONF="tests.portal.test_problems")
def test_a_problem_is_told_in_words_with_a_way_on(
    reader: Client, address: str, status: int, said: str
) -> None:
    answer = reader.get(address, HTTP_ACCEPT_LANGUAGE="vi")
    page = answer.content.decode()
    assert (answer.status_code, said in page, 'href="/"' in page) == (status, True, True)


def test_a_form_that_was_open_too_long_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/preferences/", HTTP_ACCEPT_LANGUAGE="vi")
    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.content.decode()
