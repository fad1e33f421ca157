"""What a trainer does in the bank: open one, word a question, retire it; files on their way in."""

import io
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.roster.queries import Person

from ..bodies import wrong_with
from ..errors import BankIsThere, QuestionFileRefused, QuestionIsWrong
from ..formats.records import Reading, Unreadable
from ..models import Bank, BankKeeper, Question, QuestionUpload, QuestionVersion
from ..records import ImportOutcome, QuestionDraft
from ..wordings import sentence
from .authoring import draft_digest, version_of
from .imports import import_questions, read_questions

LARGEST_UPLOAD = 20 * 1024 * 1024
_KEPT = timedelta(days=1)


@transaction.atomic
def open_bank(*, code: str, title: str, course: str, by: Person) -> Bank:
    """A bank that `by` keeps. Raises BankIsThere."""
    bank, made = Bank.objects.get_or_create(code=code, defaults={"title": title, "course": course})
    if not made:
        raise BankIsThere(code)
    BankKeeper.objects.create(bank=bank, person=by)
    return bank


@transaction.atomic
def word_question(
    *, bank: Bank, draft: QuestionDraft, by: Person, question: Question | None = None
) -> Question:
    """A new question, or a new version of one; nothing where nothing differs. Raises QuestionIsWrong."""
    faults = wrong_with(draft.kind, draft.body)
    if faults:
        raise QuestionIsWrong([sentence(one) for one in faults])
    if question is None:
        question = Question.objects.create(bank=bank, code=draft.code or _next_code(bank))
    question = Question.objects.select_for_update().get(pk=question.pk)
    newest = question.versions.order_by("-number").first()
    if newest is None or newest.sha256 != draft_digest(draft):
        version_of(question, newest.number + 1 if newest else 1, draft, by=by).save()
    return question


def _next_code(bank: Bank) -> str:
    taken = set(bank.questions.values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"Q{n:04d}") not in taken)


def retire_question(*, question: Question, by: Person) -> None:
    """It is drawn no more; attempts and editions that have it keep it."""
    Question.objects.filter(pk=question.pk).update(retired=True)


def bring_back_question(*, question: Question, by: Person) -> None:
    Question.objects.filter(pk=question.pk).update(retired=False)


@transaction.atomic
def keep_question_file(*, bank: Bank, form: str, name: str, content: bytes, by: Person) -> QuestionUpload:
    """Keep a file until its sender has seen the report; those of yesterday are thrown away.

    Raises QuestionFileRefused where it cannot be read at all.
    """
    if len(content) > LARGEST_UPLOAD:
        raise QuestionFileRefused(_("The file is larger than 20 MB."))
    read_questions(io.BytesIO(content), form)
    QuestionUpload.objects.filter(at__lt=timezone.now() - _KEPT).delete()
    return QuestionUpload.objects.create(bank=bank, form=form, name=name[:200], content=content, by=by)


def reading_of(upload: QuestionUpload) -> Reading:
    """What the file holds, with what its sender has mended; the places of what is left stay the same."""
    reading = read_questions(io.BytesIO(bytes(upload.content)), upload.form)
    for place, text in upload.mended.items():
        note = reading.left[int(place)]
        again = _mended(upload.form, text)
        if again.taken:
            reading.taken.append(again.taken[0])
            reading.mended.add(int(place))
        elif again.left:
            reading.left[int(place)] = type(note)(
                note.name, again.left[0].why, again.left[0].detail, note.where, text
            )
    return reading


def _mended(form: str, text: str) -> Reading:
    try:
        return read_questions(io.BytesIO(text.encode()), form)
    except (QuestionFileRefused, Unreadable):
        return Reading()


@transaction.atomic
def mend_question(*, upload: QuestionUpload, place: int, text: str) -> bool:
    """Write a question that was left anew; whether it can be taken now."""
    reading = read_questions(io.BytesIO(bytes(upload.content)), upload.form)
    if not 0 <= place < len(reading.left):
        return False
    upload.mended = {**upload.mended, str(place): text[:20_000]}
    upload.save(update_fields=["mended"])
    return bool(_mended(upload.form, text).taken)


@transaction.atomic
def take_question_file(*, upload: QuestionUpload) -> ImportOutcome:
    """Put what can be taken into the bank, in its sender's name, and throw the file away."""
    outcome = import_questions(bank=upload.bank.code, reading=reading_of(upload), by=upload.by)
    upload.delete()
    return outcome


def newest_of(question: Question) -> QuestionVersion:
    return question.versions.select_related("by").latest("number")
