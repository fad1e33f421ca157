"""The import commands as CONTRACT.md says: results, refusals, exit codes."""

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from lms.kernel.models import LedgerEntry
from lms.kernel.queries import ledger_size
from lms.roster.models import Absence, NationalId, Person, PersonRecord, Posting, Unit, UnitSpan
from lms.roster.queries import units_below
from tests.factories import roster

pytestmark = pytest.mark.django_db
REAL_UNITS = settings.ROOT / "lms" / "roster" / "data" / "units.csv"


@pytest.fixture
def run(tmp_path):
    """Runs a command over a file with this text; the exit code and the JSON that it printed."""

    def call(command, text, *arguments, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        out, code = StringIO(), 0
        try:
            call_command(command, str(path), "--json", *arguments, stdout=out, stderr=StringIO())
        except SystemExit as end:
            code = int(end.code or 0)
        return code, json.loads(out.getvalue())

    return call


def figures(result):
    code, figures = result
    assert code == 0
    return tuple(figures[name] for name in ("created", "corrected", "ended", "unchanged"))


def faults(result):
    code, refusal = result
    assert code == 1
    return [(fault["line"], fault["column"]) for fault in refusal["faults"]]


# Units ------------------------------------------------------------------------------------------

UNITS = """code,name,kind,parent,since,until
VN,Việt Nam,country,,2020-01-01,
31,Hải Phòng,province,VN,2020-01-01,
"""


def test_units_are_created_once_and_unchanged_the_second_time(run):
    assert figures(run("import_units", UNITS)) == (2, 0, 0, 0)
    size = ledger_size()
    assert figures(run("import_units", UNITS)) == (0, 0, 0, 2)
    assert ledger_size() == size == 2


def test_the_ledgers_size_is_part_of_the_result(run):
    assert run("import_units", UNITS)[1]["ledger"] == 2


def test_a_trial_run_of_units_says_the_same_and_writes_nothing(run):
    assert figures(run("import_units", UNITS, "--dry-run")) == (2, 0, 0, 0)
    assert (Unit.objects.count(), LedgerEntry.objects.count()) == (0, 0)


def test_a_corrected_unit_keeps_what_was_believed(run):
    run("import_units", UNITS)
    assert figures(run("import_units", UNITS.replace("Hải Phòng", "Thành phố Hải Phòng"))) == (0, 1, 0, 1)
    assert list(UnitSpan.objects.filter(unit__code="31").order_by("pk").values_list("name", flat=True)) == [
        "Hải Phòng", "Thành phố Hải Phòng",
    ]  # fmt: skip
    assert UnitSpan.objects.known_at(2).get(unit__code="31").name == "Hải Phòng"


def test_a_vietnamese_header_and_kind_and_local_dates_are_read(run):
    text = (
        "mã đơn vị,tên đơn vị,loại,đơn vị cấp trên,từ ngày,đến ngày\n"
        "VN,Việt Nam,quốc gia,,01/01/2020,\n31,Hải Phòng,cấp tỉnh,VN,01/01/2020,01/07/2025\n"
    )
    assert figures(run("import_units", text)) == (2, 0, 0, 0)
    assert UnitSpan.objects.get(unit__code="31").until == date(2025, 7, 1)


def test_a_refused_file_of_units_names_every_line_and_writes_nothing(run):
    text = (
        UNITS + "A,Xã A,commune,NOPE,2020-01-01,\nB,Xã B,xã,31,2020-01-01,\nC,Xã C,commune,31,2020-13-01,\n"
    )
    assert faults(run("import_units", text)) == [(4, "parent"), (5, "kind"), (6, "since")]
    assert Unit.objects.count() == 0


def test_the_children_of_a_line_that_cannot_be_read_are_not_blamed(run):
    text = UNITS.replace("31,Hải Phòng,province,VN,2020-01-01", "31,Hải Phòng,province,VN,2020-02-30")
    assert faults(run("import_units", text + "A,Xã A,commune,31,2020-01-01,\n")) == [(3, "since")]


def test_a_circle_is_refused_by_line(run):
    text = UNITS.replace("VN,Việt Nam,country,", "VN,Việt Nam,country,31")
    assert sorted(faults(run("import_units", text))) == [(2, "parent"), (3, "parent")]


@pytest.mark.parametrize(
    "content",
    [b"", UNITS.replace("kind", "sort").encode(), UNITS.encode("utf-16"), b"code,name,kind,since\n"],
    ids=["empty", "unknown column", "UTF-16", "header only"],
)
def test_a_file_that_is_no_list_of_units_is_refused(run, content):
    code, refusal = run("import_units", content)
    assert (code, refusal["refused"], Unit.objects.count()) == (1, "file_refused", 0)


def test_ending_a_unit_tells_of_people_who_still_have_a_posting_there(run):
    run("import_units", UNITS)
    roster.posting(roster.person(), Unit.objects.get(code="31"))
    _code, result = run(
        "import_units",
        UNITS.replace(
            "31,Hải Phòng,province,VN,2020-01-01,", "31,Hải Phòng,province,VN,2020-01-01,2025-07-01"
        ),
    )
    assert len(result["notes"]) == 1


def test_the_real_units_of_the_country_are_imported(run):
    assert figures(run("import_units", REAL_UNITS.read_bytes())) == (14_150, 0, 0, 0)
    country = Unit.objects.get(code="VN")
    assert units_below([country.pk], date(2025, 6, 30)).count() == 1 + 63 + 696 + 10_035
    assert units_below([country.pk], date(2025, 7, 1)).count() == 1 + 34 + 3_321


# Roster -----------------------------------------------------------------------------------------

ROSTER = """person,full_name,birth_date,unit,title,audiences,since,until
CB1,Nguyễn Văn An,1980-05-06,A,Công chức,QLNN;YT,2023-01-01,
CB2,Trần Thị Bình,1990-07-06,B,,CA,01/08/2025,
"""


@pytest.fixture
def units():
    province = roster.unit("31", kind="province")
    return roster.unit("A", province), roster.unit("B", province)


def test_a_roster_makes_people_and_postings_once(run, units):
    assert figures(run("import_roster", ROSTER)) == (2, 0, 0, 0)
    assert figures(run("import_roster", ROSTER)) == (0, 0, 0, 2)
    [posting] = Posting.objects.filter(person__code="CB1")
    assert (posting.unit.code, posting.title, posting.audience_mask) == (
        "A", "Công chức", roster.mask("QLNN", "YT"),
    )  # fmt: skip


def test_a_trial_run_of_a_roster_says_the_same_and_writes_nothing(run, units):
    before = ledger_size()
    assert figures(run("import_roster", ROSTER, "--dry-run")) == (2, 0, 0, 0)
    assert (Person.objects.count(), ledger_size()) == (0, before)


def test_a_restated_posting_is_corrected_and_the_old_belief_kept(run, units):
    run("import_roster", ROSTER)
    known = ledger_size()
    assert figures(run("import_roster", ROSTER.replace("2023-01-01,", "2023-01-01,2026-01-01"))) == (
        0,
        1,
        0,
        1,
    )
    assert Posting.objects.known_at(known).get(person__code="CB1").until is None
    assert Posting.objects.current().get(person__code="CB1").until == date(2026, 1, 1)


def test_names_are_stored_composed_whatever_they_came_as(run, units):  # E8
    import unicodedata

    run("import_roster", unicodedata.normalize("NFD", ROSTER))
    assert PersonRecord.objects.get(person__code="CB1").full_name == "Nguyễn Văn An"


def test_signs_that_nobody_sees_are_taken_out_of_names_and_codes(run, units):  # E8
    """An override of direction would turn the rest of a line round, in a page as in a log."""
    hidden = ROSTER.replace("Nguyễn Văn An", "\u202eNguyễn\u200b \u2066Văn\u00a0\u00a0An\u2069\u202c\ufeff")
    run("import_roster", hidden.replace("CB1", "CB\u200b1\u200f"))
    record = PersonRecord.objects.get(person__code="CB1")
    assert (record.full_name, record.folded_name) == ("Nguyễn Văn An", "nguyen van an")
    assert figures(run("import_roster", ROSTER)) == (0, 0, 0, 2)


def test_a_refused_roster_names_every_line_and_writes_nothing(run, units):
    text = ROSTER + (
        "CB3,Lê C,1980-01-01,NOPE,,YT,2023-01-01,\n"
        "CB4,Lê D,1980-01-01,A,,YT,2019-01-01,\n"
        "CB5,Lê E,1980-02-31,A,,YT,2023-01-01,\n"
        "CB6,Lê G,1980-01-01,A,,XX,2023-01-01,\n"
        "CB1,Đỗ Thị Hà,1999-01-01,B,,YT,2023-01-01,\n"
    )
    assert faults(run("import_roster", text)) == [
        (4, "unit"), (5, "since"), (6, "birth_date"), (7, "audiences"), (8, "person"),
    ]  # fmt: skip
    assert (Person.objects.count(), Posting.objects.count()) == (0, 0)


def test_a_roster_in_windows_1258_is_refused_with_a_sentence(run, units):  # E7
    text = "person,full_name,unit,since\nCB1,Đăng Văn Ân,A,2023-01-01\n"
    code, refusal = run("import_roster", text, encoding="cp1258")
    assert (code, refusal["count"], Person.objects.count()) == (1, 1, 0)


def test_a_formula_is_a_name_like_any_other(run, units):
    run("import_roster", ROSTER.replace("Nguyễn Văn An", "=cmd|' /C calc'!A0"))
    assert PersonRecord.objects.get(person__code="CB1").full_name == "=cmd|' /C calc'!A0"


def test_the_same_name_and_day_of_birth_under_two_codes_is_told_and_not_merged(run, units):  # E8
    roster.person("OLD", "Nguyễn Văn Án", birth_date=date(1980, 5, 6))
    _code, result = run("import_roster", ROSTER)
    assert len(result["notes"]) == 1
    assert "CB1" in result["notes"][0]
    assert "OLD" in result["notes"][0]
    assert Person.objects.count() == 3


def test_a_national_id_is_sealed_and_not_in_the_ledger(run, units):
    text = "person,full_name,unit,since,national_id\nCB1,Nguyễn Văn An,A,2023-01-01,031080001234\n"
    assert figures(run("import_roster", text)) == (1, 0, 0, 0)
    assert figures(run("import_roster", text)) == (0, 0, 0, 1)
    [row] = NationalId.objects.all()
    assert b"0310" not in bytes(row.sealed) + bytes(row.fingerprint)


def test_one_national_id_under_two_codes_is_told_without_the_number(run, units):  # E8
    head = "person,full_name,unit,since,national_id\n"
    run("import_roster", head + "CB1,Nguyễn Văn An,A,2023-01-01,031080001234\n")
    _code, result = run("import_roster", head + "CB2,Nguyễn An,B,2023-01-01,031080001234\n")
    assert len(result["notes"]) == 1
    assert "031080" not in result["notes"][0]
    assert NationalId.objects.get().person.code == "CB1"


@pytest.mark.parametrize("number", ["31080001234", "03108000123a", "12345678"])
def test_a_national_id_that_cannot_be_is_refused(run, units, number):
    text = f"person,full_name,unit,since,national_id\nCB1,Nguyễn Văn An,A,2023-01-01,{number}\n"
    assert faults(run("import_roster", text)) == [(2, "national_id")]


@pytest.mark.parametrize("typed", ["0912 345 678", "+84912345678", "912345678", "0912.345.678"])
def test_a_telephone_number_is_stored_as_it_is_dialled(run, units, typed):
    run("import_roster", f"person,full_name,unit,since,phone\nCB1,Nguyễn Văn An,A,2023-01-01,{typed}\n")
    assert PersonRecord.objects.get().phone == "0912345678"


# The whole staff --------------------------------------------------------------------------------


def test_whoever_is_missing_from_the_whole_staff_is_ended_on_that_day(run, units):
    run("import_roster", ROSTER)
    first = "".join(ROSTER.splitlines(keepends=True)[:2])
    arguments = ("--mode", "sync", "--unit", "31", "--on", "2026-06-01")
    assert figures(run("import_roster", first, *arguments, "--dry-run")) == (0, 0, 1, 1)
    assert figures(run("import_roster", first, *arguments)) == (0, 0, 1, 1)
    assert Posting.objects.current().get(person__code="CB2").until == date(2026, 6, 1)
    assert figures(run("import_roster", first, *arguments)) == (0, 0, 0, 1)


def test_people_of_other_units_are_not_missing(run, units):
    run("import_roster", ROSTER)
    first = "".join(ROSTER.splitlines(keepends=True)[:2])
    assert figures(run("import_roster", first, "--mode", "sync", "--unit", "A", "--on", "2026-06-01")) == (
        0, 0, 0, 1,
    )  # fmt: skip


def test_postings_that_begin_later_are_not_missing(run, units):
    run("import_roster", ROSTER)
    first = "".join(ROSTER.splitlines(keepends=True)[:2])
    assert figures(run("import_roster", first, "--mode", "sync", "--unit", "31", "--on", "2025-07-31")) == (
        0, 0, 0, 1,
    )  # fmt: skip


def test_whoever_is_missing_on_their_first_day_was_never_there(run, units):
    run("import_roster", ROSTER)
    first = "".join(ROSTER.splitlines(keepends=True)[:2])
    assert figures(run("import_roster", first, "--mode", "sync", "--unit", "31", "--on", "2025-08-01")) == (
        0, 0, 1, 1,
    )  # fmt: skip
    assert not Posting.objects.current().filter(person__code="CB2").exists()


def test_the_whole_staff_of_a_unit_that_does_not_exist_on_the_day_is_refused(run, units):
    code, _ = run("import_roster", ROSTER, "--mode", "sync", "--unit", "31", "--on", "2019-01-01")
    assert code == 1


def test_an_unknown_unit_of_the_whole_staff_is_refused(run, units):
    code, refusal = run("import_roster", ROSTER, "--mode", "sync", "--unit", "X", "--on", "2026-01-01")
    assert (code, refusal["refused"]) == (1, "unknown_code")


@pytest.mark.parametrize(
    "arguments", [["--mode", "sync"], ["--unit", "31"], ["--mode", "sync", "--unit", "31"]]
)
def test_half_of_the_whole_staffs_arguments_is_wrong_usage(tmp_path, units, arguments):
    path = tmp_path / "f.csv"
    path.write_text(ROSTER)
    with pytest.raises(CommandError) as error:
        call_command("import_roster", str(path), *arguments)
    assert error.value.returncode == 2


# Absences ---------------------------------------------------------------------------------------

ABSENCES = "person,reason,since,until,decision\nCB1,thai_san,2026-01-01,2026-07-01,12/QĐ\n"


def test_absences_count_as_approved_and_are_made_once(run):
    roster.person("CB1")
    assert figures(run("import_absences", ABSENCES)) == (1, 0, 0, 0)
    assert figures(run("import_absences", ABSENCES)) == (0, 0, 0, 1)
    assert Absence.objects.get().status == "approved"


def test_an_absence_that_lasts_longer_is_corrected(run):
    roster.person("CB1")
    run("import_absences", ABSENCES)
    assert figures(run("import_absences", ABSENCES.replace("2026-07-01", "2026-08-01"))) == (0, 1, 0, 0)


def test_an_absence_that_waited_is_approved_by_the_import(run):
    who = roster.person("CB1")
    roster.absence(who, since=date(2026, 1, 1), until=date(2026, 7, 1), status="proposed")
    assert figures(run("import_absences", ABSENCES)) == (0, 1, 0, 0)
    assert Absence.objects.current().get().status == "approved"


def test_refused_absences_name_every_line_and_write_nothing(run):
    roster.person("CB1")
    text = ABSENCES + "CB9,om_dai,2026-01-01,,\nCB1,du_lich,2026-01-01,,\nCB1,om_dai,2026-02-01,2026-01-01,\n"
    assert faults(run("import_absences", text + ABSENCES.splitlines()[1])) == [
        (3, "person"), (4, "reason"), (5, "until"), (6, "since"),
    ]  # fmt: skip
    assert Absence.objects.count() == 0


# Who answers for it -----------------------------------------------------------------------------


def test_the_ledger_names_who_answers(run):
    roster.person("QT1")
    run("import_units", UNITS, "--by", "QT1")
    assert LedgerEntry.objects.latest("number").actor == "QT1"


def test_without_a_name_the_operator_answers(run):
    run("import_units", UNITS)
    assert LedgerEntry.objects.latest("number").actor == "operator"


def test_a_name_that_the_register_does_not_know_is_refused(run):
    assert run("import_units", UNITS, "--by", "X")[0] == 1
    assert Unit.objects.count() == 0
