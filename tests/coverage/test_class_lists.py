"""Lists of who was in a class: bound by their hash, asked about by lot, decided about by a second person."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Course
from lms.coverage.drawing import to_call
from lms.coverage.models import ClassList, ClassListLine, Evidence
from lms.kernel.models import LedgerEntry, LedgerReason
from lms.kernel.services import sequence
from lms.kernel.verification import examine
from lms.roster.enums import Role
from lms.roster.models import Person, Unit
from tests.factories import roster as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Unit:
    Course.objects.create(code="B5", title="Cấp cứu")
    return make.unit("C", make.unit("P", kind="province", name="Tỉnh P"), name="Xã C")


def manager(code: str, commune: Unit) -> Person:
    me = make.person(code, f"Quản lý {code}")
    make.posting(me, commune, "QLNN")
    me.user = get_user_model().objects.create_user(code)
    me.save()
    make.role(me, commune, Role.UNIT_MANAGER)
    return me


@pytest.fixture
def trainer(commune: Unit) -> Person:
    return manager("QL1", commune)


@pytest.fixture
def second(client: Client, commune: Unit) -> Person:
    me = manager("QL2", commune)
    client.force_login(me.user)
    return me


def sent(folder: Path, commune: Unit, by: Person, people: int = 40, name: str = "lop-12-5.csv") -> ClassList:
    """The trainer's file, taken in."""
    lines = ["person,course,source,completed_on,outcome,reference"]
    for _number in range(people):
        who = make.person()
        make.posting(who, commune, "TTCN")
        lines.append(f"{who.code},B5,class,2026-05-12,passed,QĐ-{name}")
    file = folder / name
    file.write_text("\n".join(lines))
    call_command("import_evidence", str(file), by=by.code)
    return ClassList.objects.get(name=name)


def drawn(found: ClassList) -> set[UUID]:
    lines = ClassListLine.objects.filter(list=found.chain, to_call=True)
    return set(lines.values_list("evidence", flat=True))


def statuses() -> set[str]:
    return set(Evidence.objects.current().values_list("status", flat=True))


# D5 ----------------------------------------------------------------------------------------------


def test_d05_the_file_of_a_class_is_bound_by_its_hash(tmp_path, commune, trainer) -> None:
    found = sent(tmp_path, commune, trainer)
    assert found.sha256 == sha256((tmp_path / "lop-12-5.csv").read_bytes()).hexdigest()
    assert (found.rows, found.declared_by, statuses()) == (40, trainer, {"declared"})
    sequence()
    assert examine([], None, most=10).findings == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE coverage_classlist SET sha256 = %s", ["0" * 64])
    assert [finding.what for finding in examine([], None, most=10).findings] == ["fact"]


def test_d05_who_is_called_is_drawn_by_what_nobody_knew_before_and_can_be_drawn_again(
    tmp_path, commune, trainer
) -> None:
    found = sent(tmp_path, commune, trainer)
    seed = LedgerEntry.objects.get(pk=found.recorded_entry).uid
    lines = ClassListLine.objects.filter(list=found.chain).values_list("evidence", flat=True)
    assert drawn(found) == to_call(seed, set(lines))
    assert len(drawn(found)) == 4


def test_d05_a_list_counts_once_a_second_person_says_whom_they_asked(
    client, tmp_path, commune, trainer, second
) -> None:
    found = sent(tmp_path, commune, trainer)
    address = f"/desk/evidence/list/{found.chain}/"
    page = client.get(address).content.decode()
    asked = Evidence.objects.filter(chain__in=drawn(found)).values_list("person__code", flat=True)
    assert (found.sha256 in page, page.count('data-label="Điện thoại"'), len(asked)) == (True, 4, 4)
    assert client.post(address, {"act": "approve", "words": " "}).status_code == 200
    assert statuses() == {"declared"}
    answer = client.post(address, {"act": "approve", "words": "Đã gọi cả bốn người: đều có mặt."})
    assert (answer.status_code, statuses()) == (302, {"approved"})
    assert set(LedgerReason.objects.values_list("text", flat=True)) == {"Đã gọi cả bốn người: đều có mặt."}
    assert set(Evidence.objects.current().values_list("approved_by__code", flat=True)) == {"QL2"}


def test_d05_who_sent_the_list_does_not_decide_about_it(client, tmp_path, commune, trainer) -> None:
    client.force_login(trainer.user)
    found = sent(tmp_path, commune, trainer)
    address = f"/desk/evidence/list/{found.chain}/"
    assert 'name="act"' not in client.get(address).content.decode()
    client.post(address, {"act": "approve", "words": "Đã gọi."})
    assert statuses() == {"declared"}


def test_d05_a_list_with_people_who_were_not_there_is_rejected_whole(
    client, tmp_path, commune, second, trainer
) -> None:
    found = sent(tmp_path, commune, trainer)
    client.post(
        f"/desk/evidence/list/{found.chain}/", {"act": "reject", "words": "Hai trong bốn không có mặt."}
    )
    assert statuses() == {"rejected"}


# The pages ---------------------------------------------------------------------------------------


def test_the_trainings_of_a_list_wait_together_and_not_one_by_one(
    client, tmp_path, commune, second, trainer
) -> None:
    found = sent(tmp_path, commune, trainer, people=3)
    page = client.get("/desk/evidence/")
    assert (page.context["lines"], page.context["lists"][0].waiting) == ([], 3)
    chain = Evidence.objects.current().first().chain  # type: ignore[union-attr]
    client.post("/desk/evidence/", {"act": "approve", "evidence": [str(chain)]})
    assert statuses() == {"declared"}
    assert f"/desk/evidence/list/{found.chain}/" in page.content.decode()


def test_a_list_of_others_is_not_found(client, tmp_path, commune, second) -> None:
    other = make.unit("D", make.unit("Q", kind="province"), name="Xã D")
    found = sent(tmp_path, other, manager("QL3", other))
    assert client.get(f"/desk/evidence/list/{found.chain}/").status_code == 404


def test_three_lists_cost_no_more_queries_than_one(client, tmp_path, commune, second, trainer) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/desk/evidence/")
        return len(captured)

    sent(tmp_path, commune, trainer, people=3)
    queries()
    one = queries()
    for name in ("b.csv", "c.csv"):
        sent(tmp_path, commune, trainer, people=3, name=name)
    assert queries() == one


def test_the_same_file_again_is_no_second_list(tmp_path, commune, trainer) -> None:
    sent(tmp_path, commune, trainer)
    call_command("import_evidence", str(tmp_path / "lop-12-5.csv"), by=trainer.code)
    assert ClassList.objects.count() == 1


def test_training_from_outside_is_no_class(tmp_path, commune, trainer) -> None:
    file = tmp_path / "ngoai.csv"
    file.write_text(
        f"person,course,source,completed_on,outcome\n{make.person().code},B5,external,2026-05-12,passed"
    )
    call_command("import_evidence", str(file), by=trainer.code)
    assert ClassList.objects.count() == 0


# Drawing, and what the database keeps ------------------------------------------------------------


@pytest.mark.parametrize(("lines", "called"), [(1, 1), (3, 3), (30, 3), (31, 4), (400, 40)])
def test_a_tenth_is_called_and_three_at_least(lines: int, called: int) -> None:
    chains = [uuid4() for _ in range(lines)]
    assert len(to_call(uuid4(), chains)) == called
    seed = uuid4()
    assert to_call(seed, chains) == to_call(seed, chains[::-1])


def test_a_list_names_somebody(tmp_path, commune, trainer) -> None:
    sent(tmp_path, commune, trainer, people=1)
    with refused("class_list_names_somebody"), connection.cursor() as cursor:
        cursor.execute("UPDATE coverage_classlist SET rows = 0")


def test_a_list_states_a_training_once(tmp_path, commune, trainer) -> None:
    sent(tmp_path, commune, trainer, people=1)
    (line,) = ClassListLine.objects.all()
    line.pk = None
    with refused("class_list_states_a_training_once"):
        line.save(force_insert=True)


def test_the_day_of_an_approval_leaves_the_day_of_completion_alone(
    client, tmp_path, commune, second, trainer
) -> None:
    found = sent(tmp_path, commune, trainer, people=1)
    client.post(f"/desk/evidence/list/{found.chain}/", {"act": "approve", "words": "Có mặt."})
    assert Evidence.objects.current().get().completed_on == date(2026, 5, 12)
