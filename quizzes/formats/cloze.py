"""Moodle's «cloze»: gaps inside the text, `{1:SHORTANSWER:=Hà Nội~%50%Ha Noi#gần đúng}`; and back."""

import re
from decimal import Decimal
from typing import Any

from ..bodies import GAP
from .markup import tidy
from .records import NotTaken, Why, letters
from .weights import decimal_text

_GAP = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\{}])*)\}", re.DOTALL)
_TEXTS = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_CASED = {"SHORTANSWER_C", "SAC", "MWC"}
_NUMBERS = {"NUMERICAL", "NM"}
_CHOICES = {
    *("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS"),
    *("MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"),
}
GAP_TEXT = '<div class="gap-text">'
"""Before the text with the gaps in what we write: what stands above it is the question."""
_ASKED = "Điền vào chỗ trống."
_ANSWER = re.compile(r"(=|%-?[\d.]+%)?(.*)", re.DOTALL)


def gaps_of(text: str, lost: set[Why]) -> tuple[str, list[dict[str, Any]]]:
    """The text with `[[a]]` where a gap stood, and the gaps; raises NotTaken for a kind of gap we lack."""
    gaps: list[dict[str, Any]] = []
    ids = letters(len(_GAP.findall(text)))

    def gap(found: re.Match[str]) -> str:
        if found[1] not in ("", "1"):
            lost.add(Why.POINTS_LEFT_OUT)
        gaps.append({"id": ids[len(gaps)], **_gap(found[2], found[3], lost)})
        return f"[[{gaps[-1]['id']}]]"

    return _GAP.sub(gap, text), gaps


def stem_and_text(text: str) -> dict[str, str]:
    """What stands above the first line with a gap is the question; where nothing does, it says itself."""
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if "[[" in line), 0)
    stem = "\n".join(lines[:first]).strip("\n")
    return {"stem": stem or _ASKED, "text": "\n".join(lines[first:])}


def cloze_of(text: str, gaps: list[dict[str, Any]]) -> str:
    """Our text with its gaps as Moodle writes them; raises NotTaken for what would be read as another."""
    by_id = {gap["id"]: gap for gap in gaps}
    cloze = GAP.sub(lambda m: "{1:" + _written(by_id[m[1]]) + "}", text)
    names = iter(letters(len(gaps)))
    ours = GAP.sub(lambda m: f"[[{next(names)}]]", text), [_asked(by_id[one]) for one in GAP.findall(text)]
    again, found = gaps_of(cloze, set())
    if (again, [_asked(gap) for gap in found]) != ours:
        raise NotTaken(Why.CANNOT_CARRY_TEXT)
    return cloze


def _asked(gap: dict[str, Any]) -> list[str]:
    lines = gap.get("answers") or gap.get("options") or []
    return [gap["kind"], *(str(line.get("text", line.get("value"))) for line in lines)]


def _gap(kind: str, inside: str, lost: set[Why]) -> dict[str, Any]:
    answers = [_answer(one, lost) for one in re.split(r"(?<!\\)~", inside)]
    if kind in _TEXTS:
        cased = {"fold_case": False} if kind in _CASED else {}
        forms = [{"text": text, **_weight(weight)} for text, weight in answers if weight != 0]
        return {"kind": "short_text", "answers": forms, **cased}
    if kind in _NUMBERS:
        return {
            "kind": "numeric",
            "answers": [_number(text, weight) for text, weight in answers if weight != 0],
        }
    if kind in _CHOICES:
        options = [
            {"id": one, "text": text, "correct": weight == 100, "why": ""}
            | ({} if weight in (0, 100) else {"weight": decimal_text(weight)})
            for one, (text, weight) in zip(letters(len(answers)), answers, strict=True)
        ]
        return {"kind": "single", "options": options}
    raise NotTaken(Why.UNSUPPORTED_KIND, f"cloze {kind}")


def _answer(piece: str, lost: set[Why]) -> tuple[str, Decimal]:
    text, *feedback = re.split(r"(?<!\\)#", piece, maxsplit=1)
    if feedback and feedback[0].strip():
        lost.add(Why.FEEDBACK_LEFT_OUT)
    found = _ANSWER.fullmatch(text)
    assert found is not None
    mark = found[1] or ""
    weight = Decimal(100) if mark == "=" else Decimal(mark.strip("%")) if mark else Decimal(0)
    return tidy(re.sub(r"\\([~#}{=%/\\])", r"\1", found[2])).replace("\n", " "), weight


def _number(text: str, weight: Decimal) -> dict[str, str]:
    value, _colon, tolerance = text.partition(":")
    return {"value": value.strip(), "tolerance": tolerance.strip() or "0", **_weight(weight)}


def _weight(weight: Decimal) -> dict[str, str]:
    return {} if weight == 100 else {"weight": decimal_text(weight)}


def _written(gap: dict[str, Any]) -> str:
    match gap["kind"]:
        case "short_text":
            if gap.get("fold_marks") or gap.get("wildcards"):
                raise NotTaken(Why.CANNOT_CARRY_FOLDING)
            kind = "SHORTANSWER" if gap.get("fold_case", True) else "SHORTANSWER_C"
            return f"{kind}:" + "~".join(_share(form) + _escaped(form["text"]) for form in gap["answers"])
        case "numeric":
            if gap.get("units"):
                raise NotTaken(Why.CANNOT_CARRY_UNITS)
            keys = [f"{_share(key)}{key['value']}:{key.get('tolerance', '0')}" for key in gap["answers"]]
            return "NUMERICAL:" + "~".join(keys)
    options = [
        (_share(option) if option.get("correct") or "weight" in option else "") + _escaped(option["text"])
        for option in gap["options"]
    ]
    return "MULTICHOICE:" + "~".join(options)


def _share(line: dict[str, Any]) -> str:
    return f"%{line['weight']}%" if "weight" in line else "="


def _escaped(text: str) -> str:
    escaped = re.sub(r"([~#}{\\])", r"\\\1", tidy(text))
    return "\\" + escaped if escaped.startswith(("=", "%")) else escaped
