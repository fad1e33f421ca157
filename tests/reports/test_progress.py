"""The files of a report are written behind its page, which says how far they are; without any script."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from lms.kernel.jobs import work_all
from lms.kernel.models import Job
from lms.reports import services
from lms.reports.enums import FileFormat

from .conftest import report_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(client: Client, province, period) -> str:
    """Of a report that has just been signed, as its signer sees it."""
    signer = province.signers[0]
    signer.user = get_user_model().objects.create_user(signer.code)
    signer.save()
    client.force_login(signer.user)
    return f"/desk/reports/{send(period, 'X1', province.managers[0], signer).public_id}/"


def shown(client: Client, address: str) -> tuple[list[str], int]:
    """How far the page says that the files are, and how many of them it offers."""
    page = client.get(address).content.decode()
    return re.findall(r'<progress [^>]*value="(\d+)"', page), len(re.findall(r"/file/\w+/", page))


def test_the_page_says_how_far_the_files_are_and_offers_them_when_all_are_there(
    client, period, address
) -> None:
    assert shown(client, address) == (["0"], 0)
    report = report_of(period, "X1")
    for format_, told in ((FileFormat.DOCX, "33"), (FileFormat.PDF, "66")):
        services.write_files(report=report, formats=[format_])
        assert shown(client, address) == ([told], 0)
    services.write_files(report=report, formats=[FileFormat.XLSX])
    assert shown(client, address) == ([], 3)


def test_the_worker_writes_all_three_and_a_look_again_needs_no_script(client, period, address) -> None:
    page = client.get(address).content.decode()
    assert re.search(r'<a class="[^"]*" href="">', page), "the button that opens the page again"
    assert work_all()["failed"] == 0
    assert not Job.objects.filter(kind="reports.write", state="waiting").exists()
    assert shown(client, address) == ([], 3)
    for format_ in FileFormat:
        assert client.get(f"{address}file/{format_}/").status_code == 200
