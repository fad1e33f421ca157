"""Moodle XML as it is found: encodings, categories, kinds that we lack, and files made to hurt."""

import io
from pathlib import Path

import pytest

from quizzes.formats import moodle
from quizzes.formats.records import Broken, Reading, Unreadable, Why

SHORT = """<question type="shortanswer"><name><text>{name}</text></name>
<questiontext format="html"><text><![CDATA[<p>{stem}</p>]]></text>{file}</questiontext>
<answer fraction="100"><text>{answer}</text></answer></question>"""


def short(name: str = "Một", stem: str = "Là gì?", answer: str = "tư vấn", file: str = "") -> str:
    return SHORT.format(name=name, stem=stem, answer=answer, file=file)


def category(path: str) -> str:
    return f'<question type="category"><category><text>{path}</text></category></question>'


def read(
    *questions: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', encoding: str = "utf-8"
) -> Reading:
    return moodle.read(io.BytesIO(f"{head}<quiz>{''.join(questions)}</quiz>".encode(encoding)))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE quiz SYSTEM "http://example.org/quiz.dtd">',
        '<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE quiz [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_or_entities_are_refused(head: str) -> None:  # E18
    with pytest.raises(Unreadable) as refusal:
        read(short(), head=head)
    assert refusal.value.why == Broken.HAS_DTD


def test_a_file_with_a_gigabyte_of_base64_is_refused_without_holding_it(tmp_path: Path) -> None:  # E18
    path = tmp_path / "big.xml"
    with path.open("wb") as file:
        file.write(
            b'<?xml version="1.0"?><quiz><question type="essay"><questiontext><file encoding="base64">'
        )
        file.truncate(1 << 30)
    with path.open("rb") as file, pytest.raises(Unreadable) as refusal:
        moodle.read(file)
    assert (refusal.value.why, refusal.value.detail) == (Broken.TOO_LARGE, "50")


def test_a_picture_in_the_question_leaves_it_and_one_in_the_explanation_is_said() -> None:
    picture = '<file name="a.png" encoding="base64">iVBORw0KGgo=</file>'
    why = '<generalfeedback><text><![CDATA[<p>Vì <img src="a.png"></p>]]></text></generalfeedback>'
    explained = short().replace("<answer", why + "<answer", 1)
    reading = read(short(file=picture), short(stem='Xem <img src="@@PLUGINFILE@@/a.png">'), explained)
    assert [note.why for note in reading.left] == [Why.HAS_PICTURE, Why.HAS_PICTURE]
    assert ([one.body["explanation"] for one in reading.taken], [n.why for n in reading.notes]) == (
        ["Vì"],
        [Why.PICTURE_LEFT_OUT],
    )


def test_nested_categories_become_tags_of_what_follows() -> None:
    reading = read(
        category("$course$/top/Luật/Chương I"), short("Một"),
        category("$course$/top/Luật/Chương I/Điều 5"), short("Hai"),
        category("$course$/top/Có//hay không"), short("Ba"),
    )  # fmt: skip
    assert [one.tags for one in reading.taken] == [
        ("Luật/Chương I",), ("Luật/Chương I/Điều 5",), ("Có/hay không",),
    ]  # fmt: skip


def test_windows_1252_is_read_where_it_is_declared() -> None:
    head = '<?xml version="1.0" encoding="windows-1252"?>'
    (question,) = read(short("A", stem="Café – “naïve”?", answer="b"), head=head, encoding="cp1252").taken
    assert question.body["stem"] == "Café – “naïve”?"


def test_a_wrongly_declared_encoding_is_refused_and_not_guessed() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(short("A", "Café", "b"), encoding="cp1252")
    assert refusal.value.why == Broken.NOT_XML


@pytest.mark.parametrize(
    "kind", ["calculated", "calculatedmulti", "random", "ddmarker", "ddimageortext", "stack"]
)
def test_a_kind_that_we_lack_is_named(kind: str) -> None:
    (note,) = read(f'<question type="{kind}"><name><text>Lạ</text></name></question>').left
    assert (note.name, note.why, note.detail, note.where) == ("Lạ", Why.UNSUPPORTED_KIND, kind, "1")


def test_half_right_in_moodle_is_half_right_here() -> None:
    answers = "".join(
        f'<answer fraction="{weight}"><text>{text}</text></answer>'
        for text, weight in (("a", "33.33333"), ("b", "33.33333"), ("c", "33.33333"), ("d", "-33.33333"))
    )
    (question,) = read(
        '<question type="multichoice"><name><text>M</text></name>'
        "<questiontext><text>Chọn?</text></questiontext>"
        f"<single>false</single>{answers}</question>"
    ).taken
    assert (question.kind, question.body.get("credit")) == ("several", None)
    assert [option["correct"] for option in question.body["options"]] == [True, True, True, False]


def test_a_cloze_becomes_a_text_with_gaps() -> None:
    text = "Hồ sơ gửi {1:SHORTANSWER:=Tòa án~%50%tòa} trong {2:NM:=24:1} tháng, tại {1:MC:=xã~huyện}."
    reading = read(
        '<question type="cloze"><name><text>C</text></name><questiontext><text><![CDATA[<p>Điền:</p>'
        f"<p>{text}</p>]]></text></questiontext></question>"
    )
    (question,) = reading.taken
    assert question.body["text"] == "Hồ sơ gửi [[a]] trong [[b]] tháng, tại [[c]]."
    assert [(gap["id"], gap["kind"]) for gap in question.body["gaps"]] == [
        ("a", "short_text"), ("b", "numeric"), ("c", "single"),
    ]  # fmt: skip
    assert [note.why for note in reading.notes] == [Why.POINTS_LEFT_OUT]


def test_what_is_no_moodle_xml_is_refused() -> None:
    for content in (b"<html></html>", b"khong phai xml", b""):
        with pytest.raises(Unreadable):
            moodle.read(io.BytesIO(content))
