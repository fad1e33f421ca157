"""QTI as it is found: single items and packages, of 2.1 to 3.0, and packages made to hurt."""

import io
import zipfile

import pytest

from quizzes.formats import qti_in, qti_out
from quizzes.formats.records import Broken, Reading, Unreadable, Why
from tests.factories.questions import PICTURE, question

HEAD = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="Một">'
CHOICE = (
    '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
    "<correctResponse><value>B</value></correctResponse></responseDeclaration>"
    '<itemBody><p>Chọn một.</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">'
    "<prompt>Cái nào?</prompt>"
    '<simpleChoice identifier="A">một</simpleChoice><simpleChoice identifier="B">hai</simpleChoice>'
    "</choiceInteraction></itemBody>"
)


def item(inside: str = CHOICE) -> str:
    return f"{HEAD}{inside}</assessmentItem>"


def package(files: dict[str, str | bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return io.BytesIO(buffer.getvalue())


def manifest(*paths: str) -> str:
    lines = "".join(
        f'<resource identifier="r{n}" type="imsqti_item_xmlv2p1" href="{p}"/>' for n, p in enumerate(paths)
    )
    return (
        f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{lines}</resources></manifest>'
    )


def read(text: str) -> Reading:
    return qti_in.read(io.BytesIO(text.encode()))


def test_a_single_item_is_read_with_the_words_around_and_the_prompt() -> None:
    (one,) = read(item()).taken
    assert (one.kind, one.code, one.body["stem"]) == ("single", "i1", "Chọn một.\nCái nào?")
    assert [option["correct"] for option in one.body["options"]] == [False, True]


@pytest.mark.parametrize("version", ["2.1", "2.2", "3.0"])
def test_the_version_is_told_by_its_names(version: str) -> None:
    content = qti_out.write([question("single")], version).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("items/q1.xml").decode()
    assert ("<qti-choice-interaction" in text, "<choiceInteraction" in text) == (
        version == "3.0",
        version != "3.0",
    )


def test_the_same_questions_give_the_same_bytes() -> None:
    assert qti_out.write([question("case")]).content == qti_out.write([question("case")]).content


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        (CHOICE.replace("choiceInteraction", "sliderInteraction"), Why.UNSUPPORTED_KIND),
        ("<itemBody><p>Chỉ đọc.</p></itemBody>", Why.NOT_A_QUESTION),
        (CHOICE + "<responseProcessing><customOperator/></responseProcessing>", Why.SCRIPTED_MARKING),
        (CHOICE.replace("Chọn một.", '<img src="a.png" alt=""/>'), Why.HAS_PICTURE),
        (CHOICE.replace("Chọn một.", "<math/>"), Why.HAS_FORMULA),
    ],
)
def test_what_is_not_taken_is_named(inside: str, why: Why) -> None:
    reading = read(item(inside))
    assert (reading.taken, [(note.name, note.why) for note in reading.left]) == ([], [("Một", why)])


def test_a_place_on_a_picture_brings_its_picture() -> None:
    hotspot = (
        '<responseDeclaration identifier="R" cardinality="single" baseType="identifier">'
        "<correctResponse><value>B</value></correctResponse></responseDeclaration>"
        '<itemBody><hotspotInteraction responseIdentifier="R" maxChoices="1"><prompt>Cửa ở đâu?</prompt>'
        '<object type="image/png" data="../img/so-do.png" width="400" height="300">Sơ đồ</object>'
        '<hotspotChoice identifier="A" shape="circle" coords="20,20,9" hotspotLabel="Bàn"/>'
        '<hotspotChoice identifier="B" shape="rect" coords="1,2,30,40" hotspotLabel="Cửa"/>'
        "</hotspotInteraction></itemBody>"
    )
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": manifest("items/a.xml"), "items/a.xml": item(hotspot), "img/so-do.png": b"PNG",
    }  # fmt: skip
    reading = qti_in.read(package(files))
    (one,) = reading.taken
    assert one.body["image"] == {**PICTURE, "id": "img/so-do.png", "alt": "Sơ đồ"}
    assert [(area["text"], area["coords"], area["correct"]) for area in one.body["areas"]] == [
        ("Bàn", [20, 20, 9], False), ("Cửa", [1, 2, 30, 40], True),
    ]  # fmt: skip
    assert reading.pictures == {"img/so-do.png": b"PNG"}
    del files["img/so-do.png"]
    assert [note.why for note in qti_in.read(package(files)).left] == [Why.MISSING_FILE]


def test_an_item_outside_the_package_is_not_read() -> None:  # E16
    reading = qti_in.read(
        package({"imsmanifest.xml": manifest("../../etc/passwd", "a.xml"), "a.xml": item()})
    )
    assert (len(reading.taken), [note.why for note in reading.left]) == (1, [Why.MISSING_FILE])


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "C:\\a.xml", "a/../../b.xml"])
def test_a_package_with_a_path_that_climbs_is_refused(name: str) -> None:  # E16
    with pytest.raises(Unreadable) as refusal:
        qti_in.read(package({"imsmanifest.xml": manifest("a.xml"), name: item()}))
    assert refusal.value.why == Broken.NOT_THIS_FORMAT


def test_a_package_that_unpacks_to_more_than_it_may_is_refused_before_unpacking() -> None:
    with pytest.raises(Unreadable) as refusal:
        qti_in.read(package({"imsmanifest.xml": manifest("a.xml"), "a.xml": bytes(400_000_000)}))
    assert refusal.value.why == Broken.NOT_THIS_FORMAT


def test_an_item_that_is_too_large_spoils_no_other() -> None:
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": manifest("a.xml", "b.xml"), "a.xml": b" " * 21_000_000, "b.xml": item(),
    }  # fmt: skip
    reading = qti_in.read(package(files))
    assert (len(reading.taken), [note.why for note in reading.left]) == (1, [Why.BROKEN])


def test_an_item_with_a_document_type_is_left_and_the_others_are_read() -> None:  # E16
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": manifest("a.xml", "b.xml"),
        "a.xml": '<!DOCTYPE a [<!ENTITY x "y">]>' + item(),
        "b.xml": item(),
    }
    reading = qti_in.read(package(files))
    assert (len(reading.taken), [note.detail for note in reading.left]) == (1, ["DTD"])
