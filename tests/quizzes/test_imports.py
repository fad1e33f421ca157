"""Files of questions into a bank and out of it, by command."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image

from quizzes import services, wordings
from quizzes.bodies import Wrong
from quizzes.errors import NoSuchBank, QuestionFileRefused
from quizzes.formats.records import Broken, Reading, Why
from quizzes.models import Bank, QuestionVersion
from tests.factories.questions import BODIES, PICTURE, question

GIFT = "::Một::Đúng không?{T}\n\n::Hai::Chọn?{=a ~b}\n\n::Ba::Chọn?{=a ~b\n\n::Bốn::Chỉ để đọc.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "de.gift"
    path.write_text(GIFT, encoding="utf-8")
    return path


def told(capsys: Any, *words: str, **options: Any) -> dict[str, Any]:
    call_command(*words, json=True, **options)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_every_reason_has_a_sentence() -> None:
    assert set(wordings.SENTENCES) == {*Wrong, *Why, *Broken}


@pytest.mark.django_db
def test_import_says_what_it_took_and_of_all_else_why_not(file: Path, capsys: Any) -> None:
    result = told(capsys, "import_questions", str(file), format="gift", bank="B1")
    assert (result["imported"], len(result["skipped"])) == (2, 2)
    assert [(one["where"], bool(one["why"])) for one in result["skipped"]] == [("5", True), ("7", True)]
    assert sorted(Bank.objects.get(code="B1").questions.values_list("code", flat=True)) == ["Q0001", "Q0002"]


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing(file: Path, capsys: Any) -> None:
    told(capsys, "import_questions", str(file), format="gift", bank="B1")
    again = told(capsys, "import_questions", str(file), format="gift", bank="B1")
    assert (again["imported"], again["changed"], len(again["skipped"])) == (0, 0, 4)
    assert QuestionVersion.objects.count() == 2


@pytest.mark.django_db
def test_a_known_code_with_another_wording_makes_a_version_and_keeps_the_old_one() -> None:
    first = question("single")
    services.import_questions(bank="B1", reading=Reading([first]))
    second = replace(first, body={**first.body, "stem": "Khác hẳn?"})
    outcome = services.import_questions(bank="B1", reading=Reading([second]))
    assert (outcome.imported, outcome.changed, outcome.unchanged) == (0, 1, 0)
    rows = QuestionVersion.objects.order_by("number").values_list("number", "body__stem")
    assert list(rows) == [(1, first.body["stem"]), (2, "Khác hẳn?")]
    assert services.import_questions(bank="B1", reading=Reading([second])).unchanged == 1


@pytest.mark.django_db
def test_a_question_that_stands_in_the_file_twice_is_taken_once() -> None:
    same = question("single", code="")
    outcome = services.import_questions(bank="B1", reading=Reading([same, same]))
    assert (outcome.imported, [line.why for line in outcome.left]) == (
        1,
        [wordings.sentence(Why.TWICE_IN_FILE)],
    )


@pytest.mark.django_db
def test_what_is_exported_is_imported_unchanged(tmp_path: Path, capsys: Any) -> None:
    asked = [question(name, code=f"C{n}") for n, name in enumerate(BODIES) if name != "hotspot"]
    services.import_questions(bank="B1", reading=Reading(asked))
    out = tmp_path / "bank.csv"
    result = told(capsys, "export_questions", format="csv", bank="B1", out=out)
    assert (result["exported"], result["skipped"]) == (len(asked), [])
    again = told(capsys, "import_questions", str(out), format="csv", bank="B1")
    assert (again["imported"], again["changed"], again["unchanged"]) == (0, 0, len(asked))


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["qti21", "qti22", "qti"])
def test_a_place_on_a_picture_goes_out_with_its_picture_and_comes_back_unchanged(
    form: str, tmp_path: Path, capsys: Any
) -> None:
    picture = io.BytesIO()
    Image.effect_noise((400, 300), 80).convert("RGB").save(picture, "PNG")
    asked = Reading([question("hotspot")], pictures={PICTURE["id"]: picture.getvalue()})
    services.import_questions(bank="B1", reading=asked)
    out = tmp_path / "bank.zip"
    assert told(capsys, "export_questions", format=form, bank="B1", out=out)["skipped"] == []
    again = told(capsys, "import_questions", str(out), format="qti", bank="B1")
    assert (again["imported"], again["changed"], again["unchanged"]) == (0, 0, 1)
    elsewhere = told(capsys, "import_questions", str(out), format="qti", bank="B2")
    assert (elsewhere["imported"], elsewhere["skipped"]) == (1, [])
    kept = QuestionVersion.objects.get(question__bank__code="B2").body
    assert Bank.objects.get(code="B2").images.get().public_id == UUID(kept["image"]["id"])
    assert [one["coords"] for one in kept["areas"]] == [
        one["coords"] for one in BODIES["hotspot"][1]["areas"]
    ]


@pytest.mark.django_db
def test_export_to_standard_output_is_the_file_itself(file: Path, capsys: Any) -> None:
    told(capsys, "import_questions", str(file), format="gift", bank="B1")
    call_command("export_questions", format="gift", bank="B1")
    reading = services.read_questions(io.BytesIO(capsys.readouterr().out.encode()), "gift")
    assert [one.name for one in reading.taken] == ["Một", "Hai"]


@pytest.mark.django_db
def test_a_binary_format_is_not_written_to_a_screen() -> None:
    services.import_questions(bank="B1", reading=Reading([]))
    with pytest.raises(CommandError) as refusal:
        call_command("export_questions", format="xlsx", bank="B1")
    assert refusal.value.returncode == 2


@pytest.mark.django_db
def test_a_bank_that_is_not_there_is_refused_with_1(capsys: Any) -> None:
    with pytest.raises(NoSuchBank):
        services.export_questions(bank="KHONG", form="gift")
    with pytest.raises(SystemExit) as exit_:
        call_command("export_questions", format="gift", bank="KHONG", json=True)
    assert exit_.value.code == 1
    assert json.loads(capsys.readouterr().out)["refused"] == "no_such_bank"


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "anh.docx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(SystemExit) as exit_:
        call_command("import_questions", str(path), format="word", bank="B1")
    assert (exit_.value.code, Bank.objects.count()) == (1, 0)
    with pytest.raises(QuestionFileRefused):
        services.read_questions(io.BytesIO(b""), "gift")
