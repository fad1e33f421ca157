"""One question as the lines of a Word list, which `lists.read_lines` reads back the same."""

from .lists import Line, read_lines
from .markup import tidy
from .records import Taken, Why, Written
from .writing import cannot, credit_of, has_empty_lines, has_rubric, note

_KINDS = {
    "several": "nhiều đáp án",
    "order": "sắp xếp",
    "match": "ghép cặp",
    "essay": "tự luận",
    "short_text": "trả lời ngắn",
    "numeric": "điền số",
}
"""The file is Vietnamese whatever the language of who exports it: it is made to be printed and passed on."""


def lines_of(question: Taken, written: Written) -> list[str]:
    """The lines behind «Câu 1:»; raises NotTaken for what such a list cannot say."""
    lines = [*tidy(question.body["stem"]).split("\n"), *_answers(question), *_labels(question)]
    if explanation := tidy(question.body.get("explanation", "")):
        lines += f"Giải thích: {explanation}".split("\n")
    if not _reads_back(lines, question):
        raise cannot(Why.CANNOT_CARRY_TEXT)
    if question.kind == "essay" and has_rubric(question.body):
        note(written, question, Why.RUBRIC_LEFT_OUT)
    if has_empty_lines(question.body):
        note(written, question, Why.EMPTY_LINES_LEFT_OUT)
    if any(key.get("why") for key in question.body.get("answers", [])):
        note(written, question, Why.EXPLANATION_LEFT_OUT)
    return lines


def _answers(question: Taken) -> list[str]:
    body = question.body
    credit_of(question)
    kind = [f"Loại: {_KINDS[question.kind]}"] if question.kind in _KINDS else []
    match question.kind:
        case "single" | "several":
            return _options(question, kind)
        case "true_false":
            whys = [(letter, body.get(name)) for letter, name in (("A", "why_true"), ("B", "why_false"))]
            said = [f"Giải thích {letter}: {tidy(why)}" for letter, why in whys if why]
            return [
                "Đáp án: " + ("Đúng" if body["answer"] else "Sai"),
                *"\n".join(said).split("\n")[: 99 if said else 0],
            ]
        case "order":
            texts = [item["text"] for item in body["items"]]
            return [*kind, *_lettered(texts), "Đáp án: " + ", ".join(_letter(n) for n in range(len(texts)))]
        case "match":
            sides = [f"{tidy(pair['left'])} => {tidy(pair['right'])}" for pair in body["pairs"]]
            sides += [f"=> {tidy(one['text'])}" for one in body.get("extra", [])]
            return [*kind, *_lettered(sides)]
        case "essay":
            return kind
        case "short_text":
            return [*kind, "Đáp án: " + _forms(question)]
        case "numeric":
            return [*kind, "Đáp án: " + _number(question)]
    raise cannot(Why.CANNOT_CARRY_KIND, question.kind)


def _options(question: Taken, kind: list[str]) -> list[str]:
    options = question.body["options"]
    keys = [_letter(n) for n, option in enumerate(options) if option.get("correct")]
    if any("weight" in option for option in options) or (question.kind == "single" and len(keys) != 1):
        raise cannot(Why.CANNOT_CARRY_CREDIT)
    lines = [*kind, *_lettered([option["text"] for option in options]), "Đáp án: " + ", ".join(keys)]
    for n, option in enumerate(options):
        if why := tidy(option.get("why", "")):
            lines += f"Giải thích {_letter(n)}: {why}".split("\n")
    return lines


def _forms(question: Taken) -> str:
    body = question.body
    if not body.get("fold_case", True) or body.get("fold_marks"):
        raise cannot(Why.CANNOT_CARRY_FOLDING)
    if body.get("wildcards") or any("weight" in form for form in body["answers"]):
        raise cannot(Why.CANNOT_CARRY_CREDIT)
    return " | ".join(tidy(form["text"]) for form in body["answers"])


def _number(question: Taken) -> str:
    body = question.body
    answers = body["answers"]
    if body.get("units"):
        raise cannot(Why.CANNOT_CARRY_UNITS)
    if len(answers) != 1 or "weight" in answers[0] or answers[0].get("tolerance", "0") != "0":
        raise cannot(Why.CANNOT_CARRY_CREDIT)
    return str(answers[0]["value"]).replace(".", ",")


def _labels(question: Taken) -> list[str]:
    labels = [
        ("Tên", question.name),
        ("Mã", question.code),
        ("Mục tiêu", str(question.objective) if question.objective != 1 else ""),
        ("Mức độ", str(question.difficulty) if question.difficulty != 1 else ""),
        ("Nhãn", "; ".join(question.tags)),
        ("Căn cứ", question.law),
        ("Nguồn", question.source),
    ]
    return [line for name, value in labels if value for line in f"{name}: {tidy(value)}".split("\n")]


def _lettered(texts: list[str]) -> list[str]:
    return [line for n, text in enumerate(texts) for line in f"{_letter(n)}. {tidy(text)}".split("\n")]


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _reads_back(lines: list[str], question: Taken) -> bool:
    """Whether no line of the text has been taken for something else."""
    first = Line(f"Câu 1: {lines[0]}", 1)
    again = read_lines([first, *(Line(line, n) for n, line in enumerate(lines[1:], start=2) if line)]).taken
    if len(again) != 1 or again[0].kind != question.kind:
        return False
    mine, theirs = _plainly(question), _plainly(again[0])
    return mine == theirs


def _plainly(question: Taken) -> list[str]:
    """Every text that must come through, in order."""
    body = question.body
    lines = body.get("options") or body.get("items") or body.get("answers") or []
    texts = [str(line.get("text", line.get("value", ""))) for line in lines]
    texts += [str(option.get("why", "")) for option in body.get("options", [])]
    texts += [pair["left"] + "=>" + pair["right"] for pair in body.get("pairs", [])]
    texts += [str(line.get("correct", "")) for line in body.get("options", [])]
    whys = [str(body.get(name, "")) for name in ("why_true", "why_false", "answer", "explanation")]
    labels = [question.law, question.source, question.name, question.code, *question.tags]
    parts = [body["stem"], *texts, *whys, *labels, str(question.objective), str(question.difficulty)]
    return [" ".join(part.split()) for part in parts]
