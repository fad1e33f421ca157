"""Reading curriculum files: what the blocks become, and what is refused, with file and line."""

from pathlib import Path
from textwrap import dedent

import pytest

from content.coursefiles.boxes import citations, parse_body
from content.coursefiles.checks import words
from content.coursefiles.fields import Faults, Fields, parse_yaml, split_front
from content.coursefiles.questions import read_questions
from content.coursefiles.reading import read_curriculum
from content.coursefiles.scenarios import read_scenario
from content.records.files import Block

FILE = Path("file.md")


def body(text: str, first_line: int = 1) -> tuple[tuple[Block, ...], list[str]]:
    faults = Faults()
    blocks = parse_body(dedent(text).lstrip("\n"), FILE, first_line, faults)
    return blocks, [str(fault) for fault in faults.found]


def test_prose_becomes_rich_text_and_keeps_its_citation() -> None:
    blocks, faults = body("## Dấu hiệu\n\nĐau **ngực** & *nóng* [^aus].\n\n- một\n- hai\n")
    assert faults == []
    assert blocks == (
        Block(
            "text",
            "<h2>Dấu hiệu</h2><p>Đau <b>ngực</b> &amp; <i>nóng</i> [^aus].</p>"
            "<ul><li>một</li><li>hai</li></ul>",
            1,
        ),
    )


def test_a_table_between_paragraphs_becomes_a_block_of_its_own() -> None:
    blocks, _ = body("Trước.\n\n| A | B |\n|---|---|\n| 1 | **2** |\n\nSau.\n")
    assert [(block.kind, block.line) for block in blocks] == [("text", 1), ("table", 3), ("text", 7)]
    assert blocks[1].value == {"head": ["A", "B"], "rows": [["1", "<b>2</b>"]]}


def test_a_law_box_states_document_article_and_day() -> None:
    blocks, faults = body(
        '::: law document="Luật 120" article="Điều 8" in_force="2026-07-01"\nNội dung.\n:::\n'
    )
    assert faults == []
    assert blocks[0].value == {
        "document": "Luật 120",
        "article": "Điều 8",
        "in_force": "2026-07-01",
        "text": "<p>Nội dung.</p>",
    }


def test_cards_have_a_front_and_a_back() -> None:
    blocks, _ = body("::: cards\n### Co giật\nLót đầu.\n### Nóng\nChỗ mát.\n:::\n")
    assert blocks[0].value == [
        {"front": "Co giật", "back": "<p>Lót đầu.</p>"},
        {"front": "Nóng", "back": "<p>Chỗ mát.</p>"},
    ]


def test_a_comparison_is_a_table_of_two_columns() -> None:
    blocks, _ = body("::: compare\n| Thay vì | Hãy |\n|---|---|\n| đe | hỏi |\n:::\n")
    assert blocks[0].value == {"left": "Thay vì", "right": "Hãy", "rows": [{"left": "đe", "right": "hỏi"}]}


def test_steps_are_the_items_of_a_numbered_list() -> None:
    blocks, _ = body("::: steps\n1. **Ở đâu**: số nhà.\n2. Chuyện gì.\n:::\n")
    assert blocks[0].value == ["<b>Ở đâu</b>: số nhà.", "Chuyện gì."]


def test_a_check_is_a_question_with_marked_answers() -> None:
    blocks, faults = body("::: check\nLàm gì?\n- [x] Gọi 115 — Đúng.\n- [ ] Chờ — Sai.\n:::\n")
    assert faults == []
    assert blocks[0].value == {
        "question": "<p>Làm gì?</p>",
        "answers": [
            {"text": "Gọi 115", "right": True, "feedback": "Đúng."},
            {"text": "Chờ", "right": False, "feedback": "Sai."},
        ],
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("::: case\nA\n", "file.md:1: the box “case” is never closed"),
        (":::\n", "file.md:1: ::: closes a box, but none is open"),
        ("::: case\nA\n::: note\nB\n:::\n", "file.md:3: the box “case” of line 1 is still open"),
        ("::: casus\nA\n:::\n", "file.md:1: there is no box “casus”"),
        ("::: note\n:::\n", "file.md:1: the box “note” is empty"),
        ("::: do\nA\n:::\n", "file.md:1: the box “do” must hold a list"),
        ("::: note x\nA\n:::\n", "file.md:1: the box “note” takes nothing after its name"),
        ("::: steps\n- a\n:::\n", "file.md:1: the box “steps” holds one numbered list"),
        ("::: compare\nA\n:::\n", "file.md:1: the box “compare” holds one table"),
        ("::: compare\n|a|\n|-|\n|b|\n:::\n", "file.md:1: the box “compare” holds a table of two columns"),
        ("::: cards\nA\n:::\n", "file.md:1: the box “cards” begins with ### and the front of the first card"),
        ("::: cards\n### A\n:::\n", "file.md:1: a card has no back"),
        ("::: check\nA\n:::\n", "file.md:1: the box “check” is a question and then a list of answers"),
        ("::: check\nA\n- [ ] b — c\n:::\n", "file.md:1: no answer of this check is right"),
        (
            "::: check\nA\n- [x] b\n:::\n",
            "file.md:1: an answer of a check ends with — and what to learn from it",
        ),
        ("::: law\nA\n:::\n", "file.md:1: “document” is missing"),
        (
            '::: law document="L" in_force="1/7/2026"\nA\n:::\n',
            "file.md:1: “in_force” must be a day like 2026-07-01",
        ),
        ("A\n\nB <b>c</b>\n", "file.md:3: HTML is not allowed"),
        ("![x](y.png)\n", "file.md:1: pictures cannot be stated in a file"),
        ("# A\n", "file.md:1: headings are ## or ###"),
        ("> A\n", "file.md:1: “blockquote_open” is not used here"),
    ],
)
def test_a_faulty_body_is_told_with_its_line(text: str, fault: str) -> None:
    assert body(text)[1] == [fault]


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    assert body("A\n\n::: casus\nB\n:::\n", first_line=20)[1] == ["file.md:22: there is no box “casus”"]


def test_words_are_syllables_without_marks_boxes_and_citations() -> None:
    assert words("## Sáu dấu hiệu\n\n::: case\nĐau **ngực** – 115 [^aus].\n:::\n") == 6


def test_citations_are_listed_once_in_order() -> None:
    assert citations("[^b] [^a] [^b]") == ["b", "a"]


# YAML ---------------------------------------------------------------------------------------------


def yaml_faults(text: str) -> list[str]:
    faults = Faults()
    parse_yaml(dedent(text), FILE, faults)
    return [str(fault) for fault in faults.found]


def test_a_name_that_stands_twice_is_told() -> None:
    assert yaml_faults("a: 1\nb: 2\na: 3\n") == ["file.md:3: “a” stands twice"]


def test_yaml_that_does_not_parse_is_told_with_its_line() -> None:
    assert yaml_faults("a: 1\nb: [1\n")[0].startswith("file.md:3: not readable as YAML")


def test_an_unknown_name_and_a_missing_one_are_both_told() -> None:
    faults = Faults()
    front, rest, line = split_front("---\ntitel: A\n---\nText\n", FILE, faults)
    fields = Fields(front, FILE, faults)
    fields.text("title")
    fields.done()
    assert (rest, line) == ("Text\n", 4)
    assert [str(fault) for fault in faults.found] == [
        "file.md:2: “title” is missing",
        "file.md:2: “titel” is not known here",
    ]


def questions(text: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "questions.yaml"
    path.write_text("questions:\n" + dedent(text), encoding="utf-8")
    faults = Faults()
    read_questions(path, lambda p, _: p.read_text(encoding="utf-8"), faults)
    return [str(fault).replace(f"{tmp_path}/", "") for fault in faults.found]


BASE = "id: Q-1, objective: 1, difficulty: 1, stem: S, explanation: E, sources: [a]"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        (
            "kind: single, options: [{text: a, correct: true}, {text: b, correct: true}, "
            "{text: c, why: w}, {text: d, why: w}]",
            "“single” has four options, one of them correct",
        ),
        (
            "kind: single, options: [{text: a, correct: true}, {text: b}, "
            "{text: c, why: w}, {text: d, why: w}]",
            "“why” is missing",
        ),
        (
            "kind: several, options: [{text: a, correct: true}, {text: b, why: w}, {text: c, why: w}, "
            "{text: d, why: w}]",
            "“several” has four to six options, two or more correct, not all",
        ),
        ("kind: order, items: [a, b, A]", "two entries of “items” say the same"),
        ("kind: match, pairs: [{left: a, right: b}]", "“pairs” needs at least 3 entries"),
        ("kind: true_false", "“answer” is missing"),
        ("kind: guess", "“kind” must be one of single, several, true_false, order, match, case"),
    ],
)
def test_a_question_without_one_key_is_refused(fields: str, fault: str, tmp_path: Path) -> None:
    found = questions(f"- {{{BASE}, {fields}}}\n", tmp_path)
    assert found == [f"questions.yaml:2: {fault}"]


# Scenarios ----------------------------------------------------------------------------------------


def scenario_faults(nodes: str, endings: str = "e: {kind: failed, title: T, text: X, learn: L}") -> list[str]:
    faults = Faults()
    text = "title: T\nsetting: S\nrole: R\nobjectives: [1]\nsources: [a]\nstart: n1\n"
    text += "nodes:\n" + nodes + "endings:\n  " + endings + "\n"
    data = parse_yaml(text, FILE, faults)
    read_scenario(Fields(data, FILE, faults), 1, "slug")
    return [str(fault) for fault in faults.found]


def node(key: str, *targets: str) -> str:
    choices = ", ".join(f"{{text: t{i}, feedback: f, to: {to}}}" for i, to in enumerate(targets))
    return f"  {key}: {{speaker: A, says: B, choices: [{choices}]}}\n"


def test_a_sound_graph_has_no_fault() -> None:
    assert scenario_faults(node("n1", "n2", "e") + node("n2", "e", "n1")) == []


def test_a_node_that_no_choice_leads_to_is_told() -> None:
    assert scenario_faults(node("n1", "e") + node("n2", "e")) == [
        "file.md:9: “n2” cannot be reached from the start"
    ]


def test_a_loop_without_an_ending_is_told_at_each_of_its_nodes() -> None:
    assert scenario_faults(node("n1", "e", "n2") + node("n2", "n3") + node("n3", "n2")) == [
        "file.md:9: from “n2” no ending can be reached",
        "file.md:10: from “n3” no ending can be reached",
    ]


def test_a_choice_into_nothing_is_told() -> None:
    assert scenario_faults(node("n1", "e", "n9")) == [
        "file.md:8: a choice leads to “n9”, which does not exist"
    ]


def test_a_missed_danger_must_end_in_failure() -> None:
    nodes = "  n1: {speaker: A, says: B, choices: [{text: t, feedback: f, to: e, safety_missed: true}]}\n"
    assert scenario_faults(nodes, "e: {kind: good, title: T, text: X, learn: L}") == [
        "file.md:8: a choice that misses a danger must lead to a failed ending"
    ]


# A whole folder -----------------------------------------------------------------------------------


def test_text_in_decomposed_form_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "Z.md").write_text(
        "---\ncode: Z\ntitle: Ho\u0323c\nlevel: co_ban\nhours: 1\naudiences: [CA]\nmodules: [Z1]\n"
        "legal_ground: [{document: L}]\nreview_due: 2027-01-01\n---\nVài câu.\n",
        encoding="utf-8",
    )
    assert [(fault.line, fault.text) for fault in read_curriculum(tmp_path).faults] == [
        (3, "the text is not in NFC")
    ]


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "Z.md").write_bytes("---\ncode: Z\n---\nbài\n".encode("cp1258", "replace"))
    assert [fault.text for fault in read_curriculum(tmp_path).faults] == ["the file is not UTF-8"]


def test_a_word_that_hurts_is_refused_unless_it_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "Z.md").write_text(
        "---\ncode: Z\ntitle: T\nlevel: co_ban\nhours: 1\naudiences: [CA]\nmodules: [Z1]\n"
        "legal_ground: [{document: L}]\nreview_due: 2027-01-01\n---\n"
        "Đừng gọi “con nghiện”.\nCon nghiện thì sao?\n",
        encoding="utf-8",
    )
    assert [(fault.line, dict(fault.details)) for fault in read_curriculum(tmp_path).faults] == [
        (12, {"word": "con nghiện"})
    ]
