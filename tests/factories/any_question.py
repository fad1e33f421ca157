"""Whatever a bank can hold: sound questions of every kind, in texts that formats trip over."""

from typing import Any

from hypothesis import strategies as st

from quizzes.formats.markup import tidy
from quizzes.formats.records import Taken, letters, shortened

_PIECES = [
    *("Người nghiện", "tư vấn", "Hoà Bình", "Hòa Bình", "ĐỊNH", "Câu 1:", "Câu 2. Là gì?", "1.", "2)"),
    *("A.", "B)", "*C.", "A. một", "ANSWER: B", "Đáp án: B", "Giải thích: vì", "Mã: x"),
    *("{", "}", "{}", "=", "~", "#", "####", ":", "::", "\\", "\\n", "->", "=>", "%50%", "%", "|", ";", "±"),
    *("[html]", "[plain]", "[tag:x]", "//", "$CATEGORY: a", "_____", "{1:SA:=x}", "TRUE", "[[1]]", "[", "]"),
    *("<b>đậm</b>", "<", ">", "&", "&amp;", "&lt;", "]]>", "<img src=x>", "'", '"', "“”", "=cmd|' /C'!A0"),
    *("+1", "-1", "@x", "1.500", "1,5", "24", "*", "🙂", "👩\u200d🏫", "e\u0301", "\u00a0", "\t", "\n"),
    *("BẢNG ĐÁP ÁN", "1. B", "\u2003", "<!--", "\n\n", "  ", "-- ", "/", "?", "x=2", "Loại: tự luận"),
]  # fmt: skip
_LETTERS = st.characters(
    codec="utf-8", exclude_characters="".join(map(chr, [*range(0xA1, 0x100), 0xE000, 0xE001]))
)
"""Without the letters that make two words look like TCVN3: such a file is refused as garbled."""
_raw = st.one_of(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map(" ".join),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=4).map("".join),
    st.text(_LETTERS, max_size=30),
)
texts = _raw.map(tidy).filter(bool)
lines = _raw.map(lambda text: tidy(text).replace("\n", " ")).map(tidy).filter(bool)
whys = st.one_of(st.just(""), st.just(""), texts)
shares = st.sampled_from(["50", "33.33333", "25", "90"])
numbers = st.sampled_from(["0", "24", "1500", "-3", "3.14", "0.001", "1234.5", "100000", "-0.5"])
near = st.sampled_from(["0", "0", "0", "0.5", "0.01", "10"])

seldom = st.sampled_from([False, False, False, False, True])
Body = dict[str, Any]


def _several(least: int, most: int, of: st.SearchStrategy[str] = texts) -> st.SearchStrategy[list[str]]:
    return st.lists(of, min_size=least, max_size=most, unique=True)


@st.composite
def _options(draw: st.DrawFn) -> list[Body]:
    said = draw(_several(2, 5))
    return [
        {"id": key, "text": text, "correct": False, "why": draw(whys)}
        for key, text in zip(letters(len(said)), said, strict=True)
    ]


@st.composite
def _single(draw: st.DrawFn) -> Body:
    options = draw(_options())
    right = draw(st.integers(0, len(options) - 1))
    options[right]["correct"] = True
    if draw(seldom):
        options[right - 1]["weight"] = draw(shares)
    return {"options": options}


@st.composite
def _multiple(draw: st.DrawFn) -> Body:
    options = draw(_options())
    rule = draw(st.sampled_from(["", "", "all_or_nothing", "weights"]))
    if rule == "weights":
        worth = draw(st.permutations(["75", "25", "-50", "0", "-10"][: len(options)]))
        options = [
            {**one, "correct": w[0] not in "-0", "weight": w} for one, w in zip(options, worth, strict=True)
        ]
        return {"options": options, "credit": rule}
    for place in draw(st.sets(st.integers(0, len(options) - 1), min_size=1)):
        options[place]["correct"] = True
    return {"options": options} | ({"credit": rule} if rule else {})


@st.composite
def _true_false(draw: st.DrawFn) -> Body:
    said = {name: why for name in ("why_true", "why_false") if (why := draw(whys))}
    return {"answer": draw(st.booleans()), **said}


@st.composite
def _order(draw: st.DrawFn) -> Body:
    said = draw(_several(2, 5))
    rule = draw(st.sampled_from(["", "", "", "neighbours", "all_or_nothing"]))
    items = [{"id": key, "text": text} for key, text in zip(letters(len(said)), said, strict=True)]
    return {"items": items} | ({"credit": rule} if rule else {})


@st.composite
def _match(draw: st.DrawFn) -> Body:
    lefts, rights = draw(_several(1, 4)), draw(_several(2, 6))
    keys = letters(20)
    pairs = [
        {"id": key, "left": left, "right": draw(st.sampled_from(rights))}
        for key, left in zip(keys, lefts, strict=False)
    ]
    spare = [text for text in rights if text not in [pair["right"] for pair in pairs]]
    extra = [{"id": f"x{key}", "text": text} for key, text in zip(keys[len(pairs) :], spare, strict=False)]
    rule = draw(st.sampled_from(["", "", "", "all_or_nothing"]))
    return {"pairs": pairs, "extra": extra} | ({"credit": rule} if rule else {})


@st.composite
def _numeric(draw: st.DrawFn, alone: bool = True) -> Body:
    answers = []
    for place, value in enumerate(
        draw(
            st.one_of(
                st.lists(numbers, min_size=1, max_size=1),
                st.lists(numbers, min_size=1, max_size=3, unique=True),
            )
        )
    ):
        why = draw(whys) if alone else ""
        answers.append(
            {"value": value, "tolerance": draw(near)}
            | ({"weight": draw(shares)} if place else {})
            | ({"why": why} if why else {})
        )
    body: Body = {"answers": answers}
    if alone and draw(seldom):
        factors = draw(st.lists(st.sampled_from(["1000", "0.001", "60", "24", "7", "0.5"]), max_size=2))
        body["units"] = [
            {"unit": unit, "factor": factor} for unit, factor in zip("agz", ["1", *factors], strict=False)
        ]
        body |= {"unit_required": True} if draw(st.booleans()) else {}
    return body


@st.composite
def _short_text(draw: st.DrawFn, alone: bool = True) -> Body:
    answers = []
    for place, text in enumerate(draw(_several(1, 4, lines))):
        why = draw(whys) if alone else ""
        answers.append(
            {"text": text}
            | ({"weight": draw(shares)} if place and draw(seldom) else {})
            | ({"why": why} if why else {})
        )
    body: Body = {"answers": answers}
    if draw(seldom):
        body["fold_case"] = False
    if draw(seldom):
        body["fold_marks"] = True
    if any("*" in one["text"] for one in answers) and draw(st.booleans()):
        body["wildcards"] = True
    return body


@st.composite
def _gap(draw: st.DrawFn) -> Body:
    around = draw(st.lists(texts.map(lambda text: text.replace("[", "(")), min_size=2, max_size=4))
    text, gaps = around[0], []
    for key, words in zip(letters(5), around[1:], strict=False):
        text += f" [[{key}]] {words}"
        kind = draw(st.sampled_from(["short_text", "numeric", "single"]))
        if kind == "single":
            said = draw(_several(2, 4, lines))
            right = draw(st.integers(0, len(said) - 1))
            body: Body = {
                "options": [
                    {"id": one, "text": word, "correct": n == right, "why": ""}
                    for n, (one, word) in enumerate(zip(letters(len(said)), said, strict=True))
                ]
            }
        else:
            body = draw(_short_text(alone=False) if kind == "short_text" else _numeric(alone=False))
        gaps.append({"id": key, "kind": kind, **body})
    return {"text": tidy(text), "gaps": gaps}


@st.composite
def _hotspot(draw: st.DrawFn) -> Body:
    shapes = st.sampled_from(
        [("rect", [10, 10, 90, 120]), ("circle", [200, 150, 40]), ("poly", [300, 20, 380, 20, 340, 90])]
    )
    said = draw(_several(1, 3, lines).filter(lambda found: len(found) > 1))
    areas = []
    for key, text in zip(letters(len(said)), said, strict=True):
        shape, coords = draw(shapes)
        areas.append(
            {"id": key, "text": text, "shape": shape, "coords": coords, "correct": False, "why": draw(whys)}
        )
    several = draw(st.booleans())
    for place in draw(st.sets(st.integers(0, len(areas) - 1), min_size=1, max_size=3 if several else 1)):
        areas[place]["correct"] = True
    image = {"id": "so-do.png", "alt": draw(lines), "width": 400, "height": 300}
    return {"image": image, "areas": areas} | ({"several": True} if several else {})


@st.composite
def _essay(draw: st.DrawFn) -> Body:
    lines_ = draw(_several(1, 2)) if draw(seldom) else []
    rubric = [
        {"id": key, "text": text, "points": draw(st.sampled_from(["1", "2.5"]))}
        for key, text in zip(letters(len(lines_)), lines_, strict=True)
    ]
    words = {"words": 300} if draw(seldom) else {}
    return {"rubric": rubric, "markers": 2 if draw(seldom) else 1, **words}


@st.composite
def _file(draw: st.DrawFn) -> Body:
    types = draw(
        st.lists(st.sampled_from([".docx", ".pdf", ".odt", ".jpg", ".jpeg"]), max_size=3, unique=True)
    )
    body = draw(_essay())
    body.pop("words", None)
    return {**body, "types": types}


@st.composite
def _case(draw: st.DrawFn) -> Body:
    kinds = draw(
        st.lists(st.sampled_from(sorted(KINDS.keys() - {"case", "hotspot"})), min_size=1, max_size=3)
    )
    return {
        "parts": [
            {"kind": kind, "stem": draw(texts), **draw(KINDS[kind]), "explanation": draw(whys)}
            for kind in kinds
        ]
    }


KINDS: dict[str, st.SearchStrategy[Body]] = {
    "single": _single(),
    "several": _multiple(),
    "true_false": _true_false(),
    "order": _order(),
    "match": _match(),
    "numeric": _numeric(),
    "short_text": _short_text(),
    "gap": _gap(),
    "hotspot": _hotspot(),
    "essay": _essay(),
    "file": _file(),
    "case": _case(),
}


@st.composite
def questions(draw: st.DrawFn, kind: str) -> Taken:
    """A question of this kind that `bodies.wrong_with` finds nothing wrong with."""
    body = {"stem": draw(texts), **draw(KINDS[kind]), "explanation": draw(whys)}
    labels: dict[str, Any] = {}
    if draw(st.booleans()):
        tag = lines.filter(lambda text: "=" not in text and ";" not in text)
        labels = {
            "name": draw(lines.filter(lambda text: text not in shortened(body["stem"]))),
            "code": draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)),
            "tags": tuple(draw(st.lists(tag, max_size=3, unique=True))),
            "objective": draw(st.integers(1, 9)),
            "difficulty": draw(st.integers(1, 4)),
            "source": draw(st.one_of(st.just(""), lines)),
            "law": draw(st.one_of(st.just(""), lines)),
        }
    return Taken(kind, body, **labels)
