"""Named reads of the bank."""

from collections.abc import Iterable

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from lms.kernel.folding import fold

from ..likeness import near
from ..models import AttemptItem, Bank, Question, QuestionVersion
from ..records import AlikeQuestion, BankListed, QuestionFilter, UseOfQuestion

MOST_COMPARED = 5_000


def banks_listed(banks: QuerySet[Bank]) -> list[BankListed]:
    """These banks with how many questions they hold, retired ones apart."""
    rows = banks.annotate(
        drawn=Count("questions", filter=Q(questions__retired=False), distinct=True),
        out=Count("questions", filter=Q(questions__retired=True), distinct=True),
    ).order_by("code")
    return [BankListed(row.pk, row.code, row.title, row.course, row.drawn, row.out) for row in rows]


def newest_questions(bank: Bank) -> QuerySet[QuestionVersion]:
    """The newest version of each question of the bank, by code."""
    newest = (
        QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number").values("pk")[:1]
    )
    rows = QuestionVersion.objects.filter(question__bank=bank, pk=Subquery(newest))
    return rows.select_related("question").order_by("question__code")


def questions_found(bank: Bank, wanted: QuestionFilter) -> list[QuestionVersion]:
    """Those that meet every filter that is set; `text` is found whatever the tones, in every part of it."""
    rows = newest_questions(bank).filter(question__retired=wanted.retired)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.objective:
        rows = rows.filter(objective=wanted.objective)
    if wanted.difficulty:
        rows = rows.filter(difficulty=wanted.difficulty)
    found = list(rows)
    if wanted.tag:
        found = [row for row in found if wanted.tag in row.tags]
    words = fold(wanted.text).split()
    return [row for row in found if all(word in _folded(row) for word in words)] if words else found


def _folded(row: QuestionVersion) -> str:
    texts = [row.question.code, row.name, row.law, row.source, *row.tags, *_texts(row.body)]
    return fold(" ".join(texts))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def tags_in(rows: Iterable[QuestionVersion]) -> list[str]:
    return sorted({tag for row in rows for tag in row.tags}, key=fold)


def uses_of(question: Question) -> list[UseOfQuestion]:
    """The frozen quizzes that may draw any version of it, the newest first; and how often it was met."""
    rows = (
        QuestionVersion.objects.filter(question=question, quiz_versions__isnull=False)
        .annotate(quiz_code=F("quiz_versions__quiz__code"), title=F("quiz_versions__title"))
        .annotate(quiz_number=F("quiz_versions__number"))
        .values_list("quiz_code", "title", "quiz_number", "number")
        .order_by("quiz_code", "-quiz_number")
    )
    return [UseOfQuestion(*row) for row in rows]


def alike(version: QuestionVersion, among: QuerySet[Bank]) -> list[AlikeQuestion]:
    """Questions of these banks that ask the same, or nearly: likest first, ten at most."""
    latest = (
        QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number").values("pk")[:1]
    )
    others = (
        QuestionVersion.objects.filter(pk=Subquery(latest), question__bank__in=among, question__retired=False)
        .exclude(question=version.question_id)
        .select_related("question__bank")
    )
    same = {row.question_id: _listed(row, 100) for row in others.filter(likeness=version.likeness)}
    rows = {str(row.pk): row for row in others[:MOST_COMPARED]}
    found = list(same.values())
    for key, share in near(_stem(version), ((key, _stem(row)) for key, row in rows.items())):
        row = rows[key]
        if row.question_id not in same:
            found.append(_listed(row, int(100 * share)))
    return sorted(found, key=lambda one: -one.percent)[:10]


def _listed(row: QuestionVersion, percent: int) -> AlikeQuestion:
    question = row.question
    return AlikeQuestion(question.pk, question.bank.code, question.code, _stem(row), percent)


def has_met(person_id: int, bank_id: int) -> bool:
    """Whether the person has met a question of the bank in an attempt."""
    return AttemptItem.objects.filter(attempt__person=person_id, question__question__bank=bank_id).exists()


def _stem(row: QuestionVersion) -> str:
    return str(row.body.get("stem", ""))
