"""Faulty lines of a file on the page: taken as a file, mended, and put back before anything is written."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lms.roster.enums import Role
from lms.roster.models import Absence, Posting, Upload
from tests.factories import roster

from .test_uploads import HEAD, send, signed_in

pytestmark = pytest.mark.django_db
FILE = HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\nCB2,Lê B,ZZ,31/02/2026\nCB3,Trần C,ZZ,01/01/2026\n"


@pytest.fixture
def commune(client):
    commune = roster.unit("A", roster.unit("31", kind="province"), name="Phường Kiến An")
    signed_in(client, commune)
    return commune


def kept() -> Upload:
    return Upload.objects.get()


def taken(client, form: str = "csv") -> list[list[str]]:
    answer = client.get(reverse("roster:faulty", args=[kept().public_id, form]))
    content = b"".join(answer.streaming_content)
    if form == "csv":
        return [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def put_back(client, text: str, name: str = "da-sua.csv"):
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("roster:mend", args=[kept().public_id]), {"file": file}, follow=True)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_faulty_lines_alone_come_as_a_file_with_what_is_wrong(client, commune, form) -> None:
    send(client, FILE)
    header, *lines = taken(client, form)
    assert header[2:] == HEAD.strip().split(",")
    assert [(int(line[0]), line[2]) for line in lines] == [(3, "CB2"), (4, "CB3")]
    assert "31/02/2026" in lines[0][1]
    assert "ZZ" in lines[1][1]


def test_mended_lines_make_the_whole_file_which_is_then_applied(client, commune) -> None:
    send(client, FILE)
    (header, *_lines) = taken(client)
    page = put_back(client, ",".join(header) + "\n3,,CB2,Lê B,A,28/02/2026\n4,,,,,\n")
    assert page.context["faults"].count == 0
    assert [count for _word, count in page.context["counts"]] == [2, 0, 0, 0]
    assert not Posting.objects.exists()
    client.post(reverse("roster:apply", args=[kept().public_id]), {"act": "apply"})
    assert sorted(Posting.objects.values_list("person__code", flat=True)) == ["CB1", "CB2"]


def test_a_whole_staff_stays_whole_when_its_faulty_lines_are_mended(client, commune) -> None:
    for code in ("CB1", "CB2"):
        roster.posting(roster.person(code), commune)
    text = HEAD + "CB1,Cán bộ,A,01/01/2020\nCB2,Cán bộ,ZZ,01/01/2020\n"
    send(client, text, mode="whole", unit="A", on="2026-11-01")
    header, *_lines = taken(client)
    page = put_back(client, ",".join(header) + "\n3,,CB2,Cán bộ,A,01/01/2020\n")
    left = dict(zip(["in", "moved", "out"], [count for _word, count in page.context["counts"]], strict=False))
    assert (page.context["faults"].count, left["out"]) == (0, 0)


def test_a_file_that_does_not_fit_is_refused_with_every_reason_and_changes_nothing(client, commune) -> None:
    send(client, FILE)
    before = bytes(kept().sealed)
    page = put_back(client, "dòng,mã cán bộ,họ và tên,mã đơn vị,từ ngày\n2,CB1,An,A,01/01/2026\n")
    said = [str(message) for message in page.context["messages"]]
    assert [one.split(": ")[0] for one in said] == ["da-sua.csv"] * 3
    assert bytes(kept().sealed) == before


def test_where_the_header_is_wrong_the_file_itself_is_to_be_corrected(client, commune) -> None:
    page = send(client, "mã cán bộ,lương\nCB1,1\n")
    assert "mended" not in page.context
    assert client.get(reverse("roster:faulty", args=[kept().public_id, "csv"])).status_code == 404
    page = put_back(client, "dòng,mã cán bộ\n2,CB1\n")
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_a_sound_file_has_no_faulty_lines_and_no_other_form_of_file_is_given(client, commune) -> None:
    send(client, HEAD + "CB1,Nguyễn Văn An,A,01/01/2026\n")
    for form in ("csv", "exe"):
        assert client.get(reverse("roster:faulty", args=[kept().public_id, form])).status_code == 404


def test_lines_of_absences_are_mended_too(client, commune) -> None:
    roster.posting(roster.person("CB1"), commune)
    send(client, "mã cán bộ,lý do,từ ngày\nCB1,nghỉ mát,01/11/2026\n", kind="absences")
    header, *lines = taken(client)
    page = put_back(client, ",".join(header) + "\n2,,CB1,thai_san,01/11/2026\n")
    assert (len(lines), page.context["faults"].count) == (1, 0)
    client.post(reverse("roster:apply", args=[kept().public_id]), {"act": "apply"})
    assert Absence.objects.get().reason == "thai_san"


def test_somebody_elses_faulty_lines_do_not_exist(client, commune) -> None:
    send(client, FILE)
    other = kept().public_id
    signed_in(client, commune, Role.ADMINISTRATOR)
    assert client.get(reverse("roster:faulty", args=[other, "csv"])).status_code == 404
    assert client.post(reverse("roster:mend", args=[other])).status_code == 404
