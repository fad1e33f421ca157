"""Files of questions into a bank and out of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import IO

from django.db import transaction

from lms.roster.queries import Person

from .. import wordings
from ..errors import NoSuchBank, PictureRefused, QuestionFileRefused
from ..formats import FORMATS
from ..formats.records import Note, Reading, Taken, Unreadable, Why, Written, shortened
from ..likeness import likeness
from ..models import Bank, Question, QuestionVersion
from ..records import ImportOutcome, QuestionDraft
from .authoring import draft_digest, latest_versions, version_of
from .pictures import keep_picture, picture_in, picture_kept


def read_questions(file: IO[bytes], form: str) -> Reading:
    """What a file holds; raises QuestionFileRefused where it cannot be read at all."""
    try:
        return FORMATS[form].read(file)
    except Unreadable as unreadable:
        raise QuestionFileRefused(wordings.refusal(unreadable)) from unreadable


@transaction.atomic
def import_questions(
    *, bank: str, reading: Reading, by: Person | None = None, title: str = ""
) -> ImportOutcome:
    """Put what was read into the bank, which is made if there is none. 5,000 questions: some seconds.

    A question whose code is known there gets a version if it differs; one without a code is left where the
    bank holds the same already. Doing it twice changes nothing the second time.
    """
    kept, _made = Bank.objects.get_or_create(code=bank, defaults={"title": title or bank})
    work = _Import(kept, by, reading.pictures)
    waiting = [note for place, note in enumerate(reading.left) if place not in reading.mended]
    left = [*waiting, *(note for question in reading.taken if (note := work.put(question)))]
    QuestionVersion.objects.bulk_create(work.fresh, batch_size=500)
    return ImportOutcome(
        work.imported,
        work.changed,
        work.unchanged,
        tuple(map(wordings.line, left)),
        tuple(map(wordings.line, reading.notes)),
    )


def export_questions(*, bank: str, form: str) -> Written:
    """The bank's questions, retired ones left out, as a file; what it cannot carry is said in it."""
    found = Bank.objects.filter(code=bank).first()
    if found is None:
        raise NoSuchBank(bank)
    versions = [one for one in latest_versions(found).values() if not one.question.retired]
    asked = map(taken_of, sorted(versions, key=lambda one: one.question.code))
    return FORMATS[form].write(_with_pictures(found, asked))


def _with_pictures(bank: Bank, asked: Iterable[Taken]) -> list[Taken]:
    questions = list(asked)
    wanted = [one.body["image"]["id"] for one in questions if one.kind == "hotspot"]
    rows = bank.images.filter(public_id__in=wanted).values_list("public_id", "content")
    pictures = {str(identity): bytes(content) for identity, content in rows}
    return [
        replace(one, picture=pictures.get(one.body["image"]["id"], b"")) if one.kind == "hotspot" else one
        for one in questions
    ]


def file_kind(form: str) -> tuple[str, str]:
    """The suffix and the media type of a format's files."""
    return FORMATS[form].suffix, FORMATS[form].media_type


def taken_of(version: QuestionVersion) -> Taken:
    return Taken(
        version.kind,
        version.body,
        name=version.name,
        code=version.question.code,
        tags=tuple(version.tags),
        objective=version.objective,
        difficulty=version.difficulty,
        source=version.source,
        law=version.law,
        where=version.question.code,
    )


class _Import:
    """One file on its way into one bank."""

    def __init__(self, bank: Bank, by: Person | None, pictures: dict[str, bytes]) -> None:
        self.bank, self.by, self.pictures = bank, by, pictures
        self.imported = self.changed = self.unchanged = 0
        self.fresh: list[QuestionVersion] = []
        latest = latest_versions(bank)
        self.questions = {one.code: one for one in bank.questions.all()}
        self.latest = {one.question.code: one for one in latest.values()}
        self.alike = {one.likeness: one.question.code for one in latest.values()}
        self.codes_seen: set[str] = set()
        self.next_number = 1

    def put(self, question: Taken) -> Note | None:
        """Take it, or say why not."""
        if question.kind == "hotspot":
            try:
                question = self._with_picture(question)
            except PictureRefused as refusal:
                return Note(question.name, Why.BROKEN, str(refusal), question.where)
        code = question.code if 0 < len(question.code) <= 64 else ""
        alike = likeness(question.kind, question.body)
        if code in self.codes_seen or (not code and alike in self.alike):
            return self._there_already(question, alike)
        before = self.latest.get(code)
        draft = draft_of(question, code or self._next_code())
        self.codes_seen.add(draft.code)
        self.alike[alike] = draft.code
        if before is not None and before.sha256 == draft_digest(draft):
            self.unchanged += 1
            return None
        self.changed += before is not None
        self.imported += before is None
        known = self.questions.get(draft.code)
        known = known or Question.objects.create(bank=self.bank, code=draft.code)
        number = before.number + 1 if before else 1
        self.fresh.append(version_of(known, number, draft, by=self.by))
        return None

    def _with_picture(self, question: Taken) -> Taken:
        """The same with its picture in the bank, its places moved with it if it was made smaller."""
        image = question.body["image"]
        if image["id"] not in self.pictures:
            return question
        content = self.pictures[image["id"]]
        kept = picture_kept(self.bank, content) or keep_picture(bank=self.bank, content=content)
        scale = kept.width / image["width"] if image.get("width") else 1
        areas = [
            {**area, "coords": [round(one * scale) for one in area["coords"]]}
            for area in question.body["areas"]
        ]
        return replace(question, body={**picture_in(question.body, kept), "areas": areas})

    def _there_already(self, question: Taken, alike: str) -> Note:
        name = question.name or shortened(str(question.body["stem"]))
        other = question.code if question.code in self.codes_seen else self.alike[alike]
        if other in self.codes_seen:
            return Note(name, Why.TWICE_IN_FILE, other, question.where)
        return Note(name, Why.ALREADY_THERE, other, question.where)

    def _next_code(self) -> str:
        while (code := f"Q{self.next_number:04d}") in self.questions or code in self.codes_seen:
            self.next_number += 1
        return code


def draft_of(question: Taken, code: str) -> QuestionDraft:
    return QuestionDraft(
        code,
        question.kind,
        question.objective,
        question.difficulty,
        question.body,
        question.tags,
        name=shortened(question.name, 255),
        source=question.source,
        law=question.law,
    )
