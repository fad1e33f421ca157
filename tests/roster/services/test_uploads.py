"""Files that come in through the pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lms.kernel.faults import FileRefused
from lms.roster import services
from lms.roster.enums import Role, UploadKind
from lms.roster.errors import NotPermitted
from lms.roster.imports.outcome import Kind
from lms.roster.models import Absence, Person, Posting, UnitSpan, Upload
from tests.factories import roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
HEAD = "person,full_name,birth_date,unit,since,until\n"
IN_A = HEAD + "CB1,Nguyễn Văn An,1980-05-06,A,2023-01-01,\n"


@pytest.fixture
def province():
    return roster.unit("31", kind="province")


@pytest.fixture
def commune(province):
    return roster.unit("A", province)


@pytest.fixture
def manager(commune):
    who = roster.person("QL", "Trần Thị Quản")
    roster.role(who, commune)
    return who


@pytest.fixture
def administrator(province):
    who = roster.person("QT", "Lê Văn Trị")
    roster.role(who, province, Role.ADMINISTRATOR)
    return who


def keep(text, by, kind=UploadKind.ROSTER, **whole):
    return services.keep_upload(kind=kind, name="f.csv", content=text.encode(), by=by, today=TODAY, **whole)


def faults(outcome):
    return [(fault.line, fault.column) for fault in outcome.faults.listed]


def test_a_preview_shows_and_writes_nothing(manager):
    outcome = services.preview_upload(upload=keep(IN_A, manager), today=TODAY)
    assert (outcome.kinds[Kind.IN], faults(outcome)) == (1, [])
    assert not Posting.objects.exists()


def test_a_preview_shows_faults_beside_what_the_sound_lines_change(manager):
    outcome = services.preview_upload(
        upload=keep(IN_A + "CB2,Lê B,1980-01-01,NOPE,2023-01-01,\n", manager), today=TODAY
    )
    assert (outcome.kinds[Kind.IN], faults(outcome)) == (1, [(3, "unit")])


def test_applying_writes_in_the_senders_name_and_throws_the_file_away(manager):
    services.apply_upload(upload=keep(IN_A, manager), today=TODAY)
    assert Posting.objects.get().person.code == "CB1"
    assert not Upload.objects.exists()


def test_applying_a_file_with_a_fault_writes_nothing_and_keeps_the_file(manager):
    upload = keep(IN_A + "CB2,Lê B,1980-01-01,NOPE,2023-01-01,\n", manager)
    with pytest.raises(FileRefused):
        services.apply_upload(upload=upload, today=TODAY)
    assert (Posting.objects.count(), Upload.objects.count()) == (0, 1)


def test_a_list_may_name_no_unit_beyond_its_senders_reach(manager, province):
    roster.unit("B", province)
    outcome = services.preview_upload(upload=keep(IN_A.replace(",A,", ",B,"), manager), today=TODAY)
    assert faults(outcome) == [(2, "unit")]


def test_a_list_may_tell_of_units_below_that_have_ended(administrator, province):
    roster.unit("OLD", province, until=date(2025, 7, 1))
    text = HEAD + "CB1,Nguyễn Văn An,1980-05-06,OLD,2023-01-01,2025-07-01\n"
    assert faults(services.preview_upload(upload=keep(text, administrator), today=TODAY)) == []


def test_who_moves_within_the_whole_staff_is_not_said_to_leave_as_well(manager, commune):
    roster.unit("A2", commune)
    services.apply_upload(upload=keep(IN_A, manager), today=TODAY)
    text = HEAD + f"CB1,Nguyễn Văn An,1980-05-06,A2,{TODAY.isoformat()},\n"
    upload = keep(text, manager, whole_unit=commune, whole_on=TODAY)
    outcome = services.preview_upload(upload=upload, today=TODAY)
    assert (outcome.kinds[Kind.MOVED], outcome.kinds[Kind.OUT], outcome.ended) == (1, 0, 1)


def test_the_whole_staff_ends_those_who_are_missing(manager, commune):
    services.apply_upload(upload=keep(IN_A, manager), today=TODAY)
    other = HEAD + "CB2,Lê B,1980-01-01,A,2026-11-01,\n"
    upload = keep(other, manager, whole_unit=commune, whole_on=TODAY)
    outcome = services.preview_upload(upload=upload, today=TODAY)
    assert (outcome.kinds[Kind.IN], outcome.kinds[Kind.OUT]) == (1, 1)
    services.apply_upload(upload=upload, today=TODAY)
    assert Posting.objects.current().get(person__code="CB1").until == TODAY


def test_absences_that_a_manager_sends_wait_for_a_second_person(manager, commune):
    who = roster.person("CB1")
    roster.posting(who, commune)
    text = "person,reason,since,until\nCB1,thai_san,2026-11-01,2027-05-01\n"
    services.apply_upload(upload=keep(text, manager, UploadKind.ABSENCES), today=TODAY)
    absence = Absence.objects.get()
    assert (absence.status, absence.proposed_by) == ("proposed", manager)


def test_absences_of_people_beyond_reach_are_refused_like_unknown_ones(manager):
    roster.person("CB9")
    text = "person,reason,since,until\nCB9,thai_san,2026-11-01,\nNOPE,thai_san,2026-11-01,\n"
    upload = keep(text, manager, UploadKind.ABSENCES)
    with pytest.raises(FileRefused) as refusal:
        services.preview_upload(upload=upload, today=TODAY)
    messages = [fault.message.replace("CB9", "NOPE") for fault in refusal.value.faults.listed]
    assert messages[0] == messages[1]


def test_an_administrator_adds_units_below_their_own_and_nowhere_else(administrator, province):
    roster.unit("79", kind="province")
    head = "code,name,kind,parent,since\n"
    fine = head + "N1,Xã Mới,commune,31,2026-01-01\n"
    services.apply_upload(upload=keep(fine, administrator, UploadKind.UNITS), today=TODAY)
    assert UnitSpan.objects.filter(unit__code="N1").exists()
    wrong = head + "N2,Xã,commune,79,2026-01-01\nN3,Tỉnh,province,,2026-01-01\n79,Tỉnh,province,,2020-01-01\n"
    with pytest.raises(FileRefused) as refusal:
        services.preview_upload(upload=keep(wrong, administrator, UploadKind.UNITS), today=TODAY)
    assert [(f.line, f.column) for f in refusal.value.faults.listed] == [
        (2, "parent"), (3, "parent"), (4, "code"),
    ]  # fmt: skip


def test_a_manager_sends_no_units(manager):
    with pytest.raises(NotPermitted):
        keep("code,name,kind,since\n", manager, UploadKind.UNITS)


def test_a_kept_file_cannot_be_read_in_the_database(manager):
    keep(IN_A, manager)
    assert "Nguyễn".encode() not in bytes(Upload.objects.get().sealed)


def test_files_of_the_day_before_yesterday_are_thrown_away(manager):
    old = keep(IN_A, manager)
    Upload.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    new = keep(IN_A, manager)
    assert list(Upload.objects.all()) == [new]
    assert Person.objects.filter(code="CB1").exists() is False
