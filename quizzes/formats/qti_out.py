"""Questions → a QTI package of 2.1, 2.2 or 3.0, which `qti_in.read` reads back the same."""

import io
import posixpath
import zipfile
from decimal import Decimal
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ..bodies import GAP
from .labels import tags_of
from .markup import tidy
from .qti import GAP_TEXT, MAP, MATCH, MIMES, PART, PICTURES, VERSIONS, names_of_version
from .records import Taken, Why, Written
from .weights import decimal_text, percent_text, weights_of
from .writing import cannot, each, has_rubric, name_of, note

Body = dict[str, Any]


def write(questions: list[Taken], version: str = "3.0") -> Written:
    """A package, which keeps the picture of a question that asks for a place on one."""
    written = Written()
    items = list(
        each(questions, lambda question: (question, _Item(question, version, written).root), written)
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest, resources = _manifest(version)
        for number, (question, root) in enumerate(items, start=1):
            path = f"items/q{number}.xml"
            root.set("identifier", f"q{number}")
            names_of_version(root, version)
            root.set("xmlns", VERSIONS[version][0])
            _pin(archive, path, tostring(root, encoding="utf-8", xml_declaration=True))
            resource = _resource(resources, f"q{number}", path, version, tags_of(question))
            for picture in root.iter("object"):
                shown = posixpath.normpath(posixpath.join("items", picture.get("data", "")))
                _pin(archive, shown, question.picture)
                SubElement(resource, "file", href=shown)
        _pin(archive, "imsmanifest.xml", tostring(manifest, encoding="utf-8", xml_declaration=True))
    written.content = buffer.getvalue()
    return written


def _pin(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    """With no time of its own, so that the same questions give the same bytes."""
    archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)


def _manifest(version: str) -> tuple[Element, Element]:
    manifest = Element("manifest", identifier="vung", xmlns="http://www.imsglobal.org/xsd/imscp_v1p1")
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = "QTI Package" if version == "3.0" else f"QTIv{version} Package"
    SubElement(metadata, "schemaversion").text = "3.0.0" if version == "3.0" else "1.0.0"
    SubElement(manifest, "organizations")
    return manifest, SubElement(manifest, "resources")


def _resource(resources: Element, identity: str, path: str, version: str, tags: list[str]) -> Element:
    resource = SubElement(resources, "resource", identifier=identity, type=VERSIONS[version][1], href=path)
    if tags:
        metadata = SubElement(resource, "metadata")
        lom = SubElement(metadata, "lom", xmlns="http://ltsc.ieee.org/xsd/LOM")
        general = SubElement(lom, "general")
        for tag in tags:
            SubElement(SubElement(general, "keyword"), "string", language="vi").text = tag
    SubElement(resource, "file", href=path)
    return resource


class _Item:
    """One question as an assessmentItem, in the names of 2.x."""

    def __init__(self, question: Taken, version: str, written: Written) -> None:
        self.question, self.written, self.templates = question, written, VERSIONS[version][2]
        self.suffix = ".xml" if version == "3.0" else ""
        self.root = Element(
            "assessmentItem",
            title=name_of(question),
            adaptive="false",
            timeDependent="false",
        )
        if question.code:
            self.root.set("label", question.code)
        self.declarations: list[Element] = []
        self.rules: dict[str, str] = {}
        self.branches: list[Element] = []
        self.whys = False
        body = Element("itemBody")
        self._fill(body)
        self.root.extend(self.declarations)
        self._outcomes()
        self.root.append(body)
        self._processing()
        for n, one in enumerate([question.body, *question.body.get("parts", [])]):
            if explanation := tidy(one.get("explanation", "")):
                shown = {"outcomeIdentifier": "SOLUTION", "identifier": f"explanation{n or ''}"}
                _lines(SubElement(self.root, "modalFeedback", {**shown, "showHide": "show"}), explanation)

    def _fill(self, body: Element) -> None:
        question = self.question
        if question.kind != "case":
            self._ask(body, question.kind, question.body, "RESPONSE")
            return
        _lines(SubElement(body, "p"), tidy(question.body["stem"]))
        for n, part in enumerate(question.body["parts"], start=1):
            box = SubElement(body, "div", {"class": PART})
            self._ask(box, part["kind"], part, f"RESPONSE{n}")

    def _outcomes(self) -> None:
        kinds = [("SCORE", "float", "single"), ("SOLUTION", "identifier", "single")]
        for name, base, cardinality in kinds + (
            [("FEEDBACK", "identifier", "multiple")] if self.whys else []
        ):
            SubElement(
                self.root, "outcomeDeclaration", identifier=name, cardinality=cardinality, baseType=base
            )

    def _processing(self) -> None:
        """By a template where there is one response; else the responses' points are summed."""
        processing = SubElement(self.root, "responseProcessing")
        if list(self.rules) == ["RESPONSE"]:
            processing.set("template", f"{self.templates}{self.rules['RESPONSE']}{self.suffix}")
            return
        for name, rule in self.rules.items():
            processing.append(_by_key(name) if rule == MATCH else _by_map(name))
        processing.extend(self.branches)

    def _ask(self, box: Element, kind: str, body: Body, name: str) -> None:
        """One question with one response."""
        stem = tidy(body["stem"])
        if kind in ("essay", "file") and has_rubric(body):
            note(self.written, self.question, Why.RUBRIC_LEFT_OUT)
        if kind in ("short_text", "numeric"):
            _lines(SubElement(box, "p"), stem)
            self._entry(SubElement(box, "p"), kind, body, name)
            return
        asks = {
            "single": self._choice,
            "several": self._choice,
            "true_false": self._truth,
            "order": self._order,
            "match": self._match,
            "essay": self._essay,
            "file": self._upload,
            "gap": self._gaps,
            "hotspot": self._hotspot,
        }
        if kind not in asks:
            raise cannot(Why.CANNOT_CARRY_KIND, kind)
        asks[kind](box, stem, body, name)

    def _declare(self, name: str, cardinality: str, base: str, keys: list[str]) -> Element:
        declared = Element("responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
        if keys:
            correct = SubElement(declared, "correctResponse")
            for key in keys:
                SubElement(correct, "value").text = key
        self.declarations.append(declared)
        return declared

    def _map(self, declared: Element, weights: dict[str, str], cased: bool | None = None) -> None:
        self.rules[declared.get("identifier", "")] = MAP
        mapping = SubElement(declared, "mapping", lowerBound="0", upperBound="1", defaultValue="0")
        for key, weight in weights.items():
            entry = SubElement(mapping, "mapEntry", mapKey=key, mappedValue=_part(weight))
            if cased is not None:
                entry.set("caseSensitive", "true" if cased else "false")

    def _interaction(self, box: Element, tag: str, stem: str, name: str, **more: str) -> Element:
        part = SubElement(box, tag, {"responseIdentifier": name, **more})
        _lines(SubElement(part, "prompt"), stem)
        return part

    def _choice(self, box: Element, stem: str, body: Body, name: str) -> None:
        options = body["options"]
        several = len(options) if body.get("credit") or self._is_several(body) else 0
        keys = [option["id"] for option in options if option.get("correct")]
        if several:
            declared = self._declare(name, "multiple", "identifier", keys)
            if body.get("credit") == "all_or_nothing":
                self.rules[name] = MATCH
            else:
                self._map(declared, dict(zip((o["id"] for o in options), weights_of(body), strict=True)))
        else:
            weighted = len(keys) != 1 or any("weight" in option for option in options)
            declared = self._declare(name, "single", "identifier", keys if len(keys) == 1 else [])
            self.rules[name] = MATCH
            if weighted:
                worth = {o["id"]: str(o.get("weight", "100" if o.get("correct") else "0")) for o in options}
                self._map(declared, worth)
        most = "0" if several else "1"
        part = self._interaction(box, "choiceInteraction", stem, name, shuffle="true", maxChoices=most)
        for option in options:
            self._simple_choice(part, option["id"], option["text"], option.get("why", ""))

    def _is_several(self, body: Body) -> bool:
        if body is self.question.body:
            return self.question.kind == "several"
        return body.get("kind") == "several"

    def _simple_choice(self, part: Element, identity: str, text: str, why: str) -> None:
        choice = SubElement(part, "simpleChoice", identifier=identity)
        _lines(choice, tidy(text))
        if tidy(why):
            self.whys = True
            shown = {"outcomeIdentifier": "FEEDBACK", "identifier": identity, "showHide": "show"}
            _lines(SubElement(choice, "feedbackInline", shown), tidy(why))

    def _truth(self, box: Element, stem: str, body: Body, name: str) -> None:
        self._declare(name, "single", "identifier", ["true" if body["answer"] else "false"])
        self.rules[name] = MATCH
        part = self._interaction(box, "choiceInteraction", stem, name, shuffle="false", maxChoices="1")
        for identity, text in (("true", "Đúng"), ("false", "Sai")):
            self._simple_choice(part, identity, text, body.get(f"why_{identity}", ""))

    def _order(self, box: Element, stem: str, body: Body, name: str) -> None:
        self._declare(name, "ordered", "identifier", [item["id"] for item in body["items"]])
        self.rules[name] = MATCH
        rule = body.get("credit") or "places"
        part = self._interaction(box, "orderInteraction", stem, name, shuffle="true")
        if rule != "all_or_nothing":
            part.set("class", f"credit-{rule}")
        for item in body["items"]:
            self._simple_choice(part, item["id"], item["text"], "")

    def _match(self, box: Element, stem: str, body: Body, name: str) -> None:
        pairs, extra = body["pairs"], body.get("extra", [])
        keys = [f"l{pair['id']} r{pair['id']}" for pair in pairs]
        declared = self._declare(name, "multiple", "directedPair", keys)
        if body.get("credit") == "all_or_nothing":
            self.rules[name] = MATCH
        else:
            self._map(declared, dict.fromkeys(keys, percent_text(Fraction(1, len(keys)))))
        part = self._interaction(box, "matchInteraction", stem, name, shuffle="true", maxAssociations="0")
        left, right = SubElement(part, "simpleMatchSet"), SubElement(part, "simpleMatchSet")
        for pair in pairs:
            _lines(
                SubElement(left, "simpleAssociableChoice", identifier=f"l{pair['id']}", matchMax="1"),
                tidy(pair["left"]),
            )
            _lines(
                SubElement(right, "simpleAssociableChoice", identifier=f"r{pair['id']}", matchMax="0"),
                tidy(pair["right"]),
            )
        for one in extra:
            _lines(
                SubElement(right, "simpleAssociableChoice", identifier=one["id"], matchMax="0"),
                tidy(one["text"]),
            )

    def _entry(self, box: Element, kind: str, body: Body, name: str) -> None:
        if body.get("units"):
            raise cannot(Why.CANNOT_CARRY_UNITS)
        if any(key.get("why") for key in body["answers"]):
            note(self.written, self.question, Why.EXPLANATION_LEFT_OUT)
        if kind == "numeric":
            self._declare(name, "single", "float", [body["answers"][0]["value"]])
            self._compare(name, body["answers"])
        else:
            if body.get("fold_marks") or body.get("wildcards"):
                raise cannot(Why.CANNOT_CARRY_FOLDING)
            forms = {tidy(form["text"]): str(form.get("weight", "100")) for form in body["answers"]}
            declared = self._declare(name, "single", "string", [next(iter(forms))])
            self._map(declared, forms, cased=not body.get("fold_case", True))
        SubElement(box, "textEntryInteraction", responseIdentifier=name)

    def _compare(self, name: str, answers: list[Body]) -> None:
        condition = Element("responseCondition")
        for n, key in enumerate(answers):
            branch = SubElement(condition, "responseElseIf" if n else "responseIf")
            near = key.get("tolerance", "0")
            equal = SubElement(branch, "equal", toleranceMode="absolute", tolerance=f"{near} {near}")
            SubElement(equal, "variable", identifier=name)
            SubElement(equal, "baseValue", baseType="float").text = key["value"]
            points = Element("baseValue", baseType="float")
            points.text = _part(str(key.get("weight", "100")))
            branch.append(_added(points))
        self.branches.append(condition)

    def _gaps(self, box: Element, stem: str, body: Body, name: str) -> None:
        _lines(SubElement(box, "p"), stem)
        gaps = {gap["id"]: gap for gap in body["gaps"]}
        paragraph = SubElement(SubElement(box, "div", {"class": GAP_TEXT}), "p")
        first, *pieces = GAP.split(tidy(body["text"]))
        _lines(paragraph, first)
        for identity, after in zip(pieces[::2], pieces[1::2], strict=True):
            self._gap(paragraph, gaps[identity], f"{name}_{identity}")
            _lines(paragraph, after)

    def _gap(self, paragraph: Element, gap: Body, name: str) -> None:
        if gap["kind"] != "single":
            self._entry(paragraph, gap["kind"], gap, name)
            return
        options = gap["options"]
        keys = [option["id"] for option in options if option.get("correct")]
        if len(keys) != 1 or any("weight" in option for option in options):
            raise cannot(Why.CANNOT_CARRY_CREDIT)
        if any(option.get("why") for option in options):
            note(self.written, self.question, Why.EXPLANATION_LEFT_OUT)
        self._declare(name, "single", "identifier", keys)
        self.rules[name] = MATCH
        part = SubElement(paragraph, "inlineChoiceInteraction", responseIdentifier=name, shuffle="true")
        for option in gap["options"]:
            text = tidy(option["text"])
            if "\n" in text:
                raise cannot(Why.CANNOT_CARRY_LINES)
            SubElement(part, "inlineChoice", identifier=option["id"]).text = text

    def _hotspot(self, box: Element, stem: str, body: Body, name: str) -> None:
        picture, image, areas = self.question.picture, body["image"], body["areas"]
        suffix = next((suffix for begin, suffix in PICTURES.items() if picture.startswith(begin)), "")
        if not suffix:
            raise cannot(Why.MISSING_FILE, str(image["id"]))
        keys = [area["id"] for area in areas if area.get("correct")]
        several = bool(body.get("several"))
        if several:
            declared = self._declare(name, "multiple", "identifier", keys)
            if body.get("credit") == "all_or_nothing":
                self.rules[name] = MATCH
            else:
                weights = weights_of({"options": areas})
                self._map(declared, dict(zip((one["id"] for one in areas), weights, strict=True)))
        else:
            declared = self._declare(name, "single", "identifier", keys if len(keys) == 1 else [])
            self.rules[name] = MATCH
            if len(keys) != 1:
                self._map(declared, dict.fromkeys(keys, "100"))
        part = self._interaction(box, "hotspotInteraction", stem, name, maxChoices="0" if several else "1")
        size = {side: str(image[side]) for side in ("width", "height") if image.get(side)}
        place = f"../images/q{self.written.count + 1}.{suffix}"
        shown = SubElement(part, "object", {"data": place, "type": f"image/{suffix}", **size})
        shown.text = tidy(image["alt"])
        for area in areas:
            outline = {"shape": area["shape"], "coords": ",".join(map(str, area["coords"]))}
            label = {"identifier": area["id"], "hotspotLabel": tidy(area["text"])}
            SubElement(part, "hotspotChoice", {**label, **outline})
        if any(tidy(area.get("why", "")) for area in areas):
            note(self.written, self.question, Why.EXPLANATION_LEFT_OUT)

    def _essay(self, box: Element, stem: str, body: Body, name: str) -> None:
        self._declare(name, "single", "string", [])
        self._interaction(box, "extendedTextInteraction", stem, name)

    def _upload(self, box: Element, stem: str, body: Body, name: str) -> None:
        self._declare(name, "single", "file", [])
        types = " ".join(MIMES[one] for one in body.get("types", []) if one in MIMES)
        if not set(body.get("types", [])) <= set(MIMES):
            note(self.written, self.question, Why.TYPES_LEFT_OUT)
        self._interaction(box, "uploadInteraction", stem, name, **({"type": types} if types else {}))


def _part(percent: str) -> str:
    return decimal_text(Decimal(percent) / 100)


def _by_key(name: str) -> Element:
    """All points for the correct response, added to those of the others."""
    condition = Element("responseCondition")
    branch = SubElement(condition, "responseIf")
    same = SubElement(branch, "match")
    SubElement(same, "variable", identifier=name)
    SubElement(same, "correct", identifier=name)
    whole = Element("baseValue", baseType="float")
    whole.text = "1"
    branch.append(_added(whole))
    return condition


def _by_map(name: str) -> Element:
    return _added(Element("mapResponse", identifier=name))


def _added(points: Element) -> Element:
    outcome = Element("setOutcomeValue", identifier="SCORE")
    total = SubElement(outcome, "sum")
    SubElement(total, "variable", identifier="SCORE")
    total.append(points)
    return outcome


def _lines(parent: Element, text: str) -> None:
    """The text behind what stands in the element already, a `br` for each new line."""
    first, *rest = text.split("\n")
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + first
    else:
        parent.text = (parent.text or "") + first
    for line in rest:
        SubElement(parent, "br").tail = line
