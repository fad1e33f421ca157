"""QTI packages and single items → questions."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, tostring

from lms.kernel.archives import ArchiveRefused, Limits, entries_of, unpacked

from ..marking_numbers import share
from .files import content_of
from .labels import labelled
from .markup import plain, tidy
from .qti import GAP_TEXT, INLINE, INTERACTIONS, MATCH, MIMES, PART, plain_names
from .records import Broken, Note, NotTaken, Reading, Taken, Unreadable, Why, letters
from .weights import decimal_text, ruled
from .xml import root_of

_LIMITS = Limits(entries=20_000, total=300_000_000)
_LARGEST_ITEM = 20_000_000
_UNDERSTOOD = frozenset(
    [
        *("responseProcessing", "responseCondition", "responseIf", "responseElseIf", "responseElse"),
        *("setOutcomeValue", "variable", "correct", "baseValue", "match", "mapResponse", "equal", "isNull"),
        *("sum", "product", "divide", "and", "or", "not", "member", "stringMatch", "mapResponsePoint"),
    ]
)
_GAP = "\ue000{}\ue001"
"""Stands for a gap while the words around it are read: no text holds these two."""
Lost = set[Why]


def read(file: IO[bytes]) -> Reading:
    """A package (.zip with imsmanifest.xml), or one item as XML."""
    content = content_of(file, _LIMITS.total)
    reading = Reading()
    if not content.startswith(b"PK"):
        root = plain_names(root_of(content))
        if root.tag != "assessmentItem":
            raise Unreadable(Broken.NOT_THIS_FORMAT, "QTI")
        _take(reading, root, [], "", {})
        return reading
    files = _Files(content)
    if "imsmanifest.xml" not in files.names:
        raise Unreadable(Broken.NOT_THIS_FORMAT, "QTI")
    for path, tags in _items(plain_names(root_of(files.content("imsmanifest.xml")))):
        _from_package(reading, files, path, tags)
    return reading


class _Files:
    """What is in the package, judged before anything is unpacked."""

    def __init__(self, content: bytes) -> None:
        file = io.BytesIO(content)
        try:
            self.names = {info.filename: info for info in entries_of(file, _LIMITS)}
        except ArchiveRefused as refusal:
            raise Unreadable(Broken.NOT_THIS_FORMAT, str(refusal)) from refusal
        self.archive = zipfile.ZipFile(file)

    def content(self, path: str) -> bytes:
        if path not in self.names:
            raise NotTaken(Why.MISSING_FILE, path)
        if self.names[path].file_size > _LARGEST_ITEM:
            raise NotTaken(Why.BROKEN, path)
        try:
            return b"".join(unpacked(self.archive, self.names[path]))
        except ArchiveRefused as refusal:
            raise NotTaken(Why.BROKEN, str(refusal)) from refusal


def _items(manifest: Element) -> Iterator[tuple[str, list[str]]]:
    for resource in manifest.iter("resource"):
        if "item" in resource.get("type", "") and resource.get("href"):
            tags = [tidy(one.text or "") for one in resource.iterfind(".//keyword/string")]
            yield unquote(resource.get("href", "")), tags


def _from_package(reading: Reading, files: _Files, path: str, tags: list[str]) -> None:
    try:
        root = plain_names(root_of(files.content(path)))
    except NotTaken as refusal:
        reading.left.append(Note(path, refusal.why, refusal.detail, path))
    except Unreadable as unreadable:
        why = Why.BROKEN if unreadable.why != Broken.HAS_DTD else Why.UNSUPPORTED_KIND
        reading.left.append(Note(path, why, "DTD" if why == Why.UNSUPPORTED_KIND else "", path))
    else:
        folder = posixpath.dirname(path)
        pictures = {name: posixpath.normpath(posixpath.join(folder, name)) for name in _pictures(root)}
        _take(reading, root, tags, path, pictures, files)


def _pictures(root: Element) -> list[str]:
    return [source for one in root.iter() if (source := one.get("data") or one.get("src"))]


def _take(
    reading: Reading,
    root: Element,
    tags: list[str],
    where: str,
    pictures: dict[str, str],
    files: _Files | None = None,
) -> None:
    lost: Lost = set()
    name = tidy(root.get("title", "")).replace("\n", " ")
    try:
        body = root.find("itemBody")
        if body is None:
            raise NotTaken(Why.BROKEN)
        _check_processing(root)
        kind, found = _Item(root, body, lost).question()
        found["explanation"] = _solution(root, lost, found.get("parts", []))
        if kind == "hotspot":
            _bring_picture(reading, found, pictures, files)
    except NotTaken as refusal:
        reading.left.append(Note(name or where, refusal.why, refusal.detail, where))
        return
    code = root.get("label", "") or ("" if where else root.get("identifier", ""))
    before = len(reading.taken)
    reading.take(labelled(Taken(kind, found, name=name, code=code, where=where), tags))
    if len(reading.taken) > before:
        reading.notes += [Note(name or where, why, where=where) for why in sorted(lost)]


def _check_processing(root: Element) -> None:
    processing = root.find("responseProcessing")
    if processing is not None and any(one.tag not in _UNDERSTOOD for one in processing.iter()):
        raise NotTaken(Why.SCRIPTED_MARKING)


def _solution(root: Element, lost: Lost, parts: list[dict[str, Any]]) -> str:
    """The explanation of the whole; those of the parts of a case are put into the parts."""
    said = dict.fromkeys(["explanation", *(f"explanation{n}" for n in range(1, len(parts) + 1))], "")
    for feedback in root.findall("modalFeedback"):
        name = feedback.get("identifier", "")
        if name in said:
            said[name] = _text(feedback, lost, essential=False)
        else:
            lost.add(Why.FEEDBACK_LEFT_OUT)
    whole, *each = said.values()
    for part, explanation in zip(parts, each, strict=True):
        part["explanation"] = explanation
    return whole


def _bring_picture(
    reading: Reading, body: dict[str, Any], pictures: dict[str, str], files: _Files | None
) -> None:
    name = body["image"]["id"]
    if files is None or name not in pictures:
        raise NotTaken(Why.MISSING_FILE, name)
    reading.pictures[pictures[name]] = files.content(pictures[name])
    body["image"]["id"] = pictures[name]


def _text(element: Element | None, lost: Lost, *, essential: bool = True) -> str:
    if element is None:
        return ""
    bare, left_out = plain(tostring(element, encoding="unicode"), essential=essential)
    lost |= left_out
    return bare


class _Item:
    """One assessmentItem on its way to a question."""

    def __init__(self, root: Element, body: Element, lost: Lost) -> None:
        self.root, self.body, self.lost = root, body, lost
        self.declared = {one.get("identifier", ""): one for one in root.findall("responseDeclaration")}
        self.template = (
            processing.get("template", "")
            if (processing := root.find("responseProcessing")) is not None
            else ""
        )

    def question(self) -> tuple[str, dict[str, Any]]:
        parts = [one for one in self.body.iter() if str(one.tag).endswith("Interaction")]
        if not parts:
            raise NotTaken(Why.NOT_A_QUESTION)
        for part in parts:
            if part.tag not in INTERACTIONS:
                raise NotTaken(Why.UNSUPPORTED_KIND, str(part.tag))
        if self.body.find(f"div[@class='{PART}']") is not None:
            return self._case()
        if len(parts) == 1 and (part := parts[0]).tag not in INLINE:
            kind, found = self._interaction(part)
            return kind, {"stem": self._around(part), **found}
        return self._inline(parts) if all(part.tag in INLINE for part in parts) else self._case()

    def _around(self, part: Element) -> str:
        """The words around an interaction, and its prompt."""
        prompt = _text(part.find("prompt"), self.lost)
        children, text, tail = list(part), part.text, part.tail
        part[:], part.text = [], None
        around = _text(self.body, self.lost)
        part[:], part.text, part.tail = children, text, tail
        return tidy("\n".join(one for one in (around, prompt) if one))

    def _inline(self, parts: list[Element]) -> tuple[str, dict[str, Any]]:
        ids = dict(zip((id(part) for part in parts), letters(len(parts)), strict=True))
        gaps = []
        for part in parts:
            kind, found = self._interaction(part)
            gaps.append({"id": ids[id(part)], "kind": kind, **found})
            part[:], part.text = [], _GAP.format(ids[id(part)])
        ours = self.body.find(f"div[@class='{GAP_TEXT}']")
        if ours is not None:
            self.body.remove(ours)
            stem, text = _text(self.body, self.lost), _text(ours, self.lost)
        else:
            lines = _text(self.body, self.lost).split("\n")
            first = next(n for n, line in enumerate(lines) if _GAP[0] in line)
            stem, text = tidy("\n".join(lines[:first])), tidy("\n".join(lines[first:]))
        alone = len(parts) == 1 and text == _GAP.format("a") and ours is None
        text = text.replace(_GAP[0], "[[").replace(_GAP[-1], "]]")
        if alone and gaps[0]["kind"] != "single":
            gap = {name: value for name, value in gaps[0].items() if name not in ("id", "kind")}
            return gaps[0]["kind"], {"stem": stem, **gap}
        return "gap", {"stem": stem or tidy(self.root.get("title", "")), "text": text, "gaps": gaps}

    def _case(self) -> tuple[str, dict[str, Any]]:
        """Several questions about one text: what stands before the first is the case."""
        stems: list[str] = []
        waiting: list[str] = []
        parts: list[dict[str, Any]] = []
        for block in self.body:
            inside = [one for one in block.iter() if one.tag in INTERACTIONS]
            if not inside:
                (stems if not parts else waiting).append(_text(block, self.lost))
                continue
            if len(inside) > 1 and not all(one.tag in INLINE for one in inside):
                raise NotTaken(Why.UNSUPPORTED_KIND, "compositeItem")
            whole, self.body = self.body, block
            if inside[0].tag in INLINE:
                kind, found = self._inline(inside)
            else:
                kind, found = self._interaction(inside[0])
                around = (
                    self._around(inside[0])
                    if block is not inside[0]
                    else _text(block.find("prompt"), self.lost)
                )
                found = {"stem": around, **found}
            self.body = whole
            found["stem"] = tidy("\n".join([*waiting, found["stem"]]))
            parts.append({"kind": kind, **found, "explanation": ""})
            waiting = []
        return "case", {"stem": tidy("\n".join(stems)) or tidy(self.root.get("title", "")), "parts": parts}

    def _interaction(self, part: Element) -> tuple[str, dict[str, Any]]:
        declared = self.declared.get(part.get("responseIdentifier", ""))
        if declared is None:
            raise NotTaken(Why.BROKEN, "responseDeclaration")
        readers: dict[str, Callable[[Element, Element], tuple[str, dict[str, Any]]]] = {
            "choiceInteraction": self._choice,
            "inlineChoiceInteraction": self._choice,
            "orderInteraction": self._order,
            "matchInteraction": self._match,
            "textEntryInteraction": self._entry,
            "hotspotInteraction": self._hotspot,
            "extendedTextInteraction": self._essay,
            "uploadInteraction": self._upload,
        }
        return readers[str(part.tag)](part, declared)

    def _choice(self, part: Element, declared: Element) -> tuple[str, dict[str, Any]]:
        choices = [*part.findall("simpleChoice"), *part.findall("inlineChoice")]
        keys, weights = _keys(declared), _weights(declared)
        names = [choice.get("identifier", "") for choice in choices]
        if sorted(names) == ["false", "true"] and part.get("maxChoices", "1") == "1":
            return self._truth(choices, keys, weights)
        lines = [
            {"id": one, "text": self._without_feedback(choice), "why": self._why(choice)}
            for one, choice in zip(letters(len(choices)), choices, strict=True)
        ]
        if declared.get("cardinality") == "multiple":
            if weights and not self._all_or_nothing(declared.get("identifier", "")):
                return "several", ruled(
                    [(o, weights.get(n, Decimal(0))) for o, n in zip(lines, names, strict=True)]
                )
            options = [{**one, "correct": n in keys} for one, n in zip(lines, names, strict=True)]
            return "several", {"options": options, "credit": "all_or_nothing"}
        worth = {name: Decimal(100) for name in keys} | weights
        options = []
        for one, name in zip(lines, names, strict=True):
            weight = worth.get(name, Decimal(0))
            extra = {} if weight in (0, 100) else {"weight": decimal_text(weight)}
            options.append({**one, "correct": weight == 100, **extra})
        return "single", {"options": options}

    def _truth(
        self, choices: list[Element], keys: list[str], weights: dict[str, Decimal]
    ) -> tuple[str, dict[str, Any]]:
        right = keys or [name for name, weight in weights.items() if weight == 100]
        whys = {f"why_{c.get('identifier')}": why for c in choices if (why := self._why(c))}
        return "true_false", {"answer": right[0] == "true" if right else None, **whys}

    def _without_feedback(self, choice: Element) -> str:
        for feedback in choice.findall("feedbackInline"):
            choice.remove(feedback)
            choice.set("data-why", _text(feedback, self.lost, essential=False))
        return _text(choice, self.lost)

    def _why(self, choice: Element) -> str:
        self._without_feedback(choice)
        return choice.get("data-why", "")

    def _all_or_nothing(self, name: str) -> bool:
        """Whether the response is compared as a whole: by the template, or by a condition of its own."""
        if self.template:
            return self.template.rstrip("/").endswith((MATCH, f"{MATCH}.xml"))
        compared = [
            one.find("variable") for one in self.root.iter("match") if one.find("correct") is not None
        ]
        return any(one is not None and one.get("identifier") == name for one in compared)

    def _order(self, part: Element, declared: Element) -> tuple[str, dict[str, Any]]:
        texts = {
            one.get("identifier", ""): self._without_feedback(one) for one in part.findall("simpleChoice")
        }
        keys = _keys(declared)
        if sorted(keys) != sorted(texts):
            raise NotTaken(Why.NO_KEY_LINE)
        credit = re.search(r"\bcredit-(places|neighbours)\b", part.get("class", ""))
        rule = "all_or_nothing" if credit is None else credit[1]
        items = [{"id": one, "text": texts[key]} for one, key in zip(letters(len(keys)), keys, strict=True)]
        return "order", {"items": items, **({"credit": rule} if rule != "places" else {})}

    def _match(self, part: Element, declared: Element) -> tuple[str, dict[str, Any]]:
        sets = part.findall("simpleMatchSet")
        if len(sets) != 2:
            raise NotTaken(Why.BROKEN, "simpleMatchSet")
        left, right = (
            {
                one.get("identifier", ""): _text(one, self.lost)
                for one in side.findall("simpleAssociableChoice")
            }
            for side in sets
        )
        met = dict(
            pair.split() for pair in (_keys(declared) or list(_weights(declared))) if len(pair.split()) == 2
        )
        if not set(met) <= set(left) or not set(met.values()) <= set(right) or not met:
            raise NotTaken(Why.NO_KEY_LINE)
        if len(met) < len(left):
            raise NotTaken(Why.UNSUPPORTED_KIND, "matchInteraction")
        ids = dict(zip(left, letters(len(left)), strict=True))
        pairs = [{"id": ids[one], "left": left[one], "right": right[met[one]]} for one in left]
        more = [text for name, text in right.items() if name not in met.values()]
        extra = [
            {"id": f"x{one}", "text": text}
            for one, text in zip(letters(len(left) + len(more))[len(left) :], more, strict=True)
        ]
        credit = {"credit": "all_or_nothing"} if not declared.findall("mapping") else {}
        return "match", {"pairs": pairs, "extra": extra, **credit}

    def _entry(self, part: Element, declared: Element) -> tuple[str, dict[str, Any]]:
        if declared.get("baseType") in ("float", "integer"):
            return "numeric", {"answers": self._numbers(declared)}
        entries = declared.findall("mapping/mapEntry")
        forms = [
            {"text": tidy(one.get("mapKey", "")), **_worth(_percent(one.get("mappedValue", "0")))}
            for one in entries
            if _percent(one.get("mappedValue", "0")) > 0
        ] or [{"text": key} for key in _keys(declared)]
        cased = entries and all(one.get("caseSensitive", "false") == "true" for one in entries)
        return "short_text", {"answers": forms, **({"fold_case": False} if cased else {})}

    def _numbers(self, declared: Element) -> list[dict[str, str]]:
        """Keys of the conditions that compare this response; without any, the correct value itself."""
        name = declared.get("identifier")
        answers = []
        for branch in self.root.iter():
            equal = branch.find("equal")
            if branch.tag not in ("responseIf", "responseElseIf") or equal is None:
                continue
            if (compared := equal.find("variable")) is None or compared.get("identifier") != name:
                continue
            value = equal.findtext("baseValue") or next(iter(_keys(declared)), "")
            tolerance = (equal.get("tolerance") or "0").split()[0]
            if equal.get("toleranceMode", "exact") == "relative":
                tolerance = decimal_text(abs(_number(value)) * _number(tolerance) / 100)
            worth = _percent(branch.findtext("setOutcomeValue//baseValue") or "1")
            key = {"value": decimal_text(_number(value)), "tolerance": decimal_text(_number(tolerance))}
            answers.append({**key, **_worth(worth)})
        return answers or [{"value": decimal_text(_number(key)), "tolerance": "0"} for key in _keys(declared)]

    def _hotspot(self, part: Element, declared: Element) -> tuple[str, dict[str, Any]]:
        picture = part.find("object") if part.find("object") is not None else part.find("img")
        if picture is None:
            raise NotTaken(Why.BROKEN, "hotspotInteraction")
        image = {
            "id": picture.get("data") or picture.get("src") or "",
            "alt": tidy(picture.get("alt") or picture.text or ""),
            "width": _whole(picture.get("width")),
            "height": _whole(picture.get("height")),
        }
        keys = _keys(declared) or [name for name, worth in _weights(declared).items() if worth > 0]
        choices = part.findall("hotspotChoice")
        areas = [
            {
                "id": one,
                "text": tidy(choice.get("hotspotLabel", "")) or f"{n}",
                "shape": choice.get("shape", "rect"),
                "coords": [_whole(c) for c in choice.get("coords", "").split(",")],
                "correct": choice.get("identifier") in keys,
                "why": "",
            }
            for n, (one, choice) in enumerate(zip(letters(len(choices)), choices, strict=True), start=1)
        ]
        body: dict[str, Any] = {"image": image, "areas": areas}
        if declared.get("cardinality") == "multiple":
            body["several"] = True
            if not _weights(declared):
                body["credit"] = "all_or_nothing"
        part.remove(picture)
        return "hotspot", body

    def _essay(self, part: Element, declared: Element) -> tuple[str, dict[str, Any]]:
        for rubric in self.body.findall("rubricBlock"):
            self.body.remove(rubric)
            self.lost.add(Why.RUBRIC_LEFT_OUT)
        return "essay", {"rubric": [], "markers": 1}

    def _upload(self, part: Element, declared: Element) -> tuple[str, dict[str, Any]]:
        known = {mime: suffix for suffix, mime in MIMES.items()}
        types = [known[one] for one in part.get("type", "").split() if one in known]
        return "file", {"rubric": [], "markers": 1, "types": types}


def _keys(declared: Element) -> list[str]:
    return [tidy(one.text or "") for one in declared.findall("correctResponse/value")]


def _weights(declared: Element) -> dict[str, Decimal]:
    return {
        one.get("mapKey", ""): _percent(one.get("mappedValue", "0"))
        for one in declared.findall("mapping/mapEntry")
    }


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise NotTaken(Why.BROKEN, text[:40]) from error
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise NotTaken(Why.BROKEN, text[:40])
    return number


def _percent(text: str) -> Decimal:
    return 100 * _number(text)


def _worth(percent: Decimal) -> dict[str, str]:
    return {} if share(str(percent)) == 1 else {"weight": decimal_text(percent)}


def _whole(text: str | None) -> int:
    found = re.fullmatch(r"\s*(\d{1,6})(?:\.\d+)?\s*", text or "")
    return int(found[1]) if found else 0
