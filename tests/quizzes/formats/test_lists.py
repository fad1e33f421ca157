"""Lists of questions as trainers write them in Word."""

import io
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from quizzes.formats import word
from quizzes.formats.records import Broken, Reading, Taken, Unreadable, Why

LIST = """Câu 1: Ai quyết định đưa người nghiện vào cơ sở cai nghiện bắt buộc?
A. Ủy ban nhân dân cấp xã
B. Tòa án nhân dân khu vực
C. Công an cấp xã
Đáp án: B
Giải thích: Xem Điều 32.
Căn cứ: Luật số 73/2021/QH14
Mức độ: Thông hiểu
"""


def read(text: str) -> Reading:
    return word.read(io.BytesIO(text.encode()))


def read_document(document: Document) -> Reading:
    buffer = io.BytesIO()
    document.save(buffer)
    return word.read(io.BytesIO(buffer.getvalue()))


def keys(question: Taken) -> str:
    return "".join(option["id"] for option in question.body["options"] if option["correct"])


def test_a_question_with_options_and_key_is_read_with_its_labels() -> None:
    (question,) = read(LIST).taken
    assert (question.kind, keys(question), question.difficulty) == ("single", "b", 2)
    assert question.body["stem"] == "Ai quyết định đưa người nghiện vào cơ sở cai nghiện bắt buộc?"
    assert (question.body["explanation"], question.law) == ("Xem Điều 32.", "Luật số 73/2021/QH14")


@pytest.mark.parametrize(
    ("key", "kind", "right"),
    [
        ("Đáp án: B", "single", "b"),
        ("Đáp án đúng: B.", "single", "b"),
        ("ĐÁP ÁN: b", "single", "b"),
        ("Đ/A: B", "single", "b"),
        ("Answer: B", "single", "b"),
        ("Đáp án: A, C", "several", "ac"),
        ("Đáp án: A và C", "several", "ac"),
        ("Đáp án: AC", "several", "ac"),
        ("Đáp án: B. hai", "single", "b"),
        ("Đáp án: hai", "single", "b"),
    ],
)
def test_a_key_is_understood_however_it_is_written(key: str, kind: str, right: str) -> None:
    (question,) = read(f"Câu 1. Chọn?\nA. một\nB. hai\nC. ba\n{key}").taken
    assert (question.kind, keys(question)) == (kind, right)


@pytest.mark.parametrize("head", ["Câu 1:", "Câu 1.", "Câu hỏi 1:", "CÂU 1)", "Câu 1 (1 điểm):", "1.", "1)"])
def test_a_question_begins_however_it_is_numbered(head: str) -> None:
    (question,) = read(f"{head} Chọn?\nA. một\nB) hai\nĐáp án: A").taken
    assert (question.body["stem"], len(question.body["options"])) == ("Chọn?", 2)


def test_options_in_one_line_are_taken_apart() -> None:
    (question,) = read("Câu 1: Chọn?\nA. một\tB. hai\nC. ba    D. bốn\nĐáp án: D").taken
    assert [option["text"] for option in question.body["options"]] == ["một", "hai", "ba", "bốn"]


def test_a_star_before_an_option_is_a_key() -> None:
    (question,) = read("Câu 1: Chọn?\nA. một\n*B. hai\nC. ba").taken
    assert keys(question) == "b"


def test_a_list_of_keys_at_the_end_is_the_key_of_each() -> None:
    reading = read(
        "Câu 1: Chọn?\nA. một\nB. hai\n\nCâu 2: Chọn nữa?\nA. ba\nB. bốn\n\nBẢNG ĐÁP ÁN\n1. B   2. A"
    )
    assert [keys(question) for question in reading.taken] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("Câu 1: Đúng không?\nĐáp án: Sai", "true_false", {"answer": False}),
        ("Câu 1: Mấy tháng?\nĐáp án: 24", "numeric", {"answers": [{"value": "24", "tolerance": "0"}]}),
        (
            "Câu 1: Mấy?\nLoại: điền số\nĐáp án: 1.500",
            "numeric",
            {"answers": [{"value": "1500", "tolerance": "0"}]},
        ),
        ("Câu 1: Gì?\nĐáp án: một | hai", "short_text", {"answers": [{"text": "một"}, {"text": "hai"}]}),
        ("Câu 1: Trình bày.\nLoại: tự luận", "essay", {"rubric": [], "markers": 1}),
        (
            "Câu 1: Xếp.\nLoại: sắp xếp\nA. sau\nB. trước\nĐáp án: B, A",
            "order",
            {"items": [{"id": "a", "text": "trước"}, {"id": "b", "text": "sau"}]},
        ),
        (
            "Câu 1: Ghép.\nLoại: ghép cặp\nA. xã => UBND\nB. tỉnh => Sở",
            "match",
            {
                "pairs": [
                    {"id": "a", "left": "xã", "right": "UBND"},
                    {"id": "b", "left": "tỉnh", "right": "Sở"},
                ]
            },
        ),
    ],
)
def test_other_kinds_are_told_by_their_key_or_by_name(text: str, kind: str, key: dict[str, Any]) -> None:
    (question,) = read(text).taken
    assert question.kind == kind
    assert {name: question.body[name] for name in key} == key


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Câu 1: Chọn?\nA. một\nB. hai", Why.NO_KEY_LINE),
        ("Câu 1: Chọn?\nA. một\nB. hai\nĐáp án: D", Why.KEY_NOT_AN_OPTION),
        ("Câu 1: Chọn?\nĐáp án: D", Why.NO_OPTIONS),
        ("Câu 1: Chọn?\nLoại: kéo thả\nA. một\nB. hai\nĐáp án: A", Why.UNSUPPORTED_KIND),
        ("Phần I\nCâu 1: Đúng?\nĐáp án: Sai", Why.TEXT_BEFORE_FIRST),
    ],
)
def test_what_is_not_taken_is_named_with_its_line_and_text(text: str, why: Why) -> None:
    (left,) = read(text).left
    assert left.why == why
    assert left.text in text
    assert left.where == "1"


def test_one_bad_question_spoils_no_other() -> None:
    reading = read(LIST + "\nCâu 2: Chọn?\nA. một\nB. hai\n\n" + LIST.replace("Câu 1", "Câu 3"))
    assert (len(reading.taken), [note.name for note in reading.left]) == (2, ["Chọn?"])


def test_the_key_may_be_the_one_option_that_stands_out() -> None:
    document = docx.Document()
    document.add_paragraph("Câu 1: Chọn?")
    document.add_paragraph("A. một")
    paragraph = document.add_paragraph("B. ")
    paragraph.add_run("hai").underline = True
    document.add_paragraph("C. ba")
    assert keys(read_document(document).taken[0]) == "b"


def test_numbers_that_word_prints_by_itself_are_seen() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="Câu %1:"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/>'
        '<w:lvlText w:val="%2."/></w:lvl>'
        "</w:abstractNum>"
    )
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, text in [
        (0, "Chọn?"),
        (1, "một"),
        (1, "hai"),
        (None, "Đáp án: B"),
        (0, "Nữa?"),
        (1, "ba"),
        (1, "bốn"),
        (None, "Đáp án: A"),
    ]:
        paragraph = document.add_paragraph(text)
        if level is not None:
            number = parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
            )
            paragraph._p.get_or_add_pPr().append(number)
    reading = read_document(document)
    assert [(question.body["stem"], keys(question)) for question in reading.taken] == [
        ("Chọn?", "b"),
        ("Nữa?", "a"),
    ]


def test_a_table_of_keys_is_read_and_asks_nothing_itself() -> None:
    document = docx.Document()
    for number in (1, 2):
        for text in (f"Câu {number}: Chọn?", "A. một", "B. hai"):
            document.add_paragraph(text)
    table = document.add_table(rows=2, cols=3)
    for row, cells in zip(table.rows, [["Câu", "1", "2"], ["Đáp án", "B", "A"]], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    reading = read_document(document)
    assert ([keys(question) for question in reading.taken], reading.left) == (["b", "a"], [])


def test_a_question_with_a_formula_is_left_and_said() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Câu 1: Tính ")
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    paragraph._p.append(parse_xml(f"<m:oMath {math}><m:r><m:t>x</m:t></m:r></m:oMath>"))
    for text in ("A. 1", "B. 2", "Đáp án: A"):
        document.add_paragraph(text)
    reading = read_document(document)
    assert (reading.taken, [note.why for note in reading.left]) == ([], [Why.HAS_FORMULA])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Broken.OLD_WORD_FILE),
        (b"%PDF-1.7 ...", Broken.NOT_A_WORD_FILE),
        (b"PK\x03\x04 broken", Broken.NOT_A_WORD_FILE),
        (b"", Broken.EMPTY),
        ("C©u 1: §óng kh«ng? §¸p ¸n: §óng. Ng­êi nghiÖn ma tuý ®­îc t­ vÊn".encode(), Broken.GARBLED),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(content: bytes, why: Broken) -> None:
    with pytest.raises(Unreadable) as refusal:
        word.read(io.BytesIO(content))
    assert refusal.value.why == why


def test_a_list_in_the_windows_encoding_of_viet_nam_is_read() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", LIST)
    # Windows-1258 has letters with circumflex, breve and horn whole, and the five tones apart.
    content = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            content += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(one for one in parts if one in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", parts.replace(tone, ""))
            content += base.encode("cp1258") + tone.encode("cp1258")
    (question,) = word.read(io.BytesIO(bytes(content))).taken
    assert question == read(LIST).taken[0]
