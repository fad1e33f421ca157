"""Banks and quizzes as their authors give them; every change makes a version."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max

from lms.roster.queries import Person

from .. import blueprint
from ..errors import BankTooSmall, RulesShareQuestions
from ..likeness import likeness
from ..marking import needs_a_person
from ..models import Bank, Question, QuestionVersion, Quiz, QuizVersion
from ..records import QuestionDraft, QuizRules

_LATER = ("name", "source", "law")
_PLAIN = {
    name: QuizRules.__dataclass_fields__[name].default
    for name in ("shuffle", "passage", "feedback", "afterwards", "access")
}
"""What a quiz does where nothing else was settled."""


@transaction.atomic
def define_bank(
    *, code: str, title: str, questions: Iterable[QuestionDraft], course: str = "", module: str = ""
) -> Bank:
    """Make the bank hold exactly these questions: new and changed ones get a version, missing ones retire.

    Doing it twice changes nothing the second time.
    """
    labels = {name: value for name, value in (("course", course), ("module", module)) if value}
    bank, _made = Bank.objects.update_or_create(code=code, defaults={"title": title, **labels})
    known = {question.code: question for question in bank.questions.all()}
    latest = latest_versions(bank)
    drafts = {draft.code: draft for draft in questions}
    fresh = []
    for draft in drafts.values():
        question = known.get(draft.code) or Question.objects.create(bank=bank, code=draft.code)
        before = latest.get(question.pk)
        if before is None or before.sha256 != draft_digest(draft):
            fresh.append(version_of(question, before.number + 1 if before else 1, draft))
    QuestionVersion.objects.bulk_create(fresh)
    bank.questions.filter(code__in=drafts, retired=True).update(retired=False)
    bank.questions.exclude(code__in=drafts).update(retired=True)
    return bank


@transaction.atomic
def define_quiz(*, code: str, bank: str, rules: QuizRules, by: Person | None = None) -> QuizVersion:
    """The frozen version of a quiz over the bank as it stands: the last one if nothing changed.

    Questions that a person must mark are not drawn where the result is wanted at once: for practice, and
    where nobody passes or fails; cases in which a file is handed in never.
    Raises BankTooSmall and RulesShareQuestions where the blueprint draws more than there is.
    """
    source = Bank.objects.get(code=bank)
    quiz, _made = Quiz.objects.update_or_create(code=code, defaults={"bank": source})
    pool = pool_of(source, rules)
    check_blueprint(rules.sections, [label_of(version) for version in pool])
    digest = digest_of([_stated(rules), sorted(version.pk for version in pool)])
    last = quiz.versions.order_by("-number").first()
    if last is not None and last.sha256 == digest:
        return last
    version = QuizVersion.objects.create(
        quiz=quiz,
        number=last.number + 1 if last else 1,
        title=rules.title,
        objectives=list(rules.objectives),
        blueprint=blueprint.stored(rules.sections),
        pass_mark=rules.pass_mark,
        attempts=rules.attempts,
        minutes=rules.minutes,
        review=rules.review,
        wait_hours=rules.wait_hours,
        opens_at=rules.opens_at,
        closes_at=rules.closes_at,
        practice=rules.practice,
        shuffle=rules.shuffle,
        passage=rules.passage,
        feedback=rules.feedback,
        afterwards=rules.afterwards,
        access=rules.access,
        by=by,
        sha256=digest,
    )
    version.pool.set(pool)
    return version


def open_quiz(*, code: str, bank: Bank) -> Quiz:
    """A quiz of which nothing is settled yet. Raises IntegrityError where there is one of the code."""
    return Quiz.objects.create(code=code, bank=bank)


@transaction.atomic
def settle_quiz(*, quiz: Quiz, rules: QuizRules, pretest: Quiz | None, by: Person) -> QuizVersion:
    """Keep the rules as a new version, and which try belongs to it. Raises as `define_quiz` does."""
    assert quiz.bank is not None
    kept = define_quiz(code=quiz.code, bank=quiz.bank.code, rules=rules, by=by)
    pair_quizzes(test=quiz.code, before=pretest.code if pretest else None)
    return kept


def pair_quizzes(*, test: str, before: str | None) -> None:
    """Say which quiz is taken before learning and asks about the same; None: no longer any.

    A try belongs to one test: another that had it lets it go. Raises DoesNotExist.
    """
    pretest = Quiz.objects.get(code=before) if before else None
    with transaction.atomic():
        Quiz.objects.filter(pretest=pretest).exclude(pretest=None).update(pretest=None)
        Quiz.objects.filter(code=test).update(pretest=pretest)


def version_of(
    question: Question, number: int, draft: QuestionDraft, by: Person | None = None
) -> QuestionVersion:
    """The row of this wording, not yet stored."""
    return QuestionVersion(
        question=question,
        number=number,
        kind=draft.kind,
        objective=draft.objective,
        difficulty=draft.difficulty,
        tags=list(draft.tags),
        body=draft.body,
        name=draft.name,
        source=draft.source,
        law=draft.law,
        sha256=draft_digest(draft),
        likeness=likeness(draft.kind, draft.body),
        by=by,
    )


def draft_digest(draft: QuestionDraft) -> str:
    """Tells two wordings apart. Labels that came later count where they are given: old digests stay true."""
    stated = asdict(draft)
    return digest_of({name: value for name, value in stated.items() if value or name not in _LATER})


def latest_versions(bank: Bank) -> dict[int, QuestionVersion]:
    """The newest version of each of the bank's questions, by the question's id."""
    newest = bank.questions.annotate(newest=Max("versions__number")).values_list("pk", "newest")
    wanted = dict(newest)
    versions = QuestionVersion.objects.filter(question__bank=bank).select_related("question")
    return {v.question_id: v for v in versions if v.number == wanted[v.question_id]}


def _can_be_drawn(version: QuestionVersion, rules: QuizRules) -> bool:
    if not needs_a_person(version.kind, version.body):
        return True
    holds_file = any(part["kind"] == "file" for part in version.body.get("parts", ()))
    return not holds_file and bool(rules.pass_mark) and not rules.practice


def pool_of(bank: Bank, rules: QuizRules) -> list[QuestionVersion]:
    """The questions of the bank that a quiz with these rules may draw, by the newest version of each."""
    return [
        version
        for version in latest_versions(bank).values()
        if not version.question.retired and _can_be_drawn(version, rules)
    ]


def label_of(version: QuestionVersion) -> blueprint.Label:
    return blueprint.Label(version.pk, version.objective, version.difficulty, frozenset(version.tags))


def check_blueprint(sections: blueprint.Sections, pool: Sequence[blueprint.Label]) -> None:
    """Raises BankTooSmall where a rule finds too few, RulesShareQuestions where only all together do."""
    for section in sections:
        for supply in blueprint.supplies(section, pool):
            if supply.short:
                raise BankTooSmall(supply.rule, supply.found)
    if blueprint.drawn(sections, pool, seed=1) is None:
        raise RulesShareQuestions


def digest_of(value: Any) -> str:
    """SHA-256 of anything that JSON can hold, the same for the same content."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _stated(rules: QuizRules) -> dict[str, Any]:
    """The rules that make a version. Those that came later count where they say something."""
    later = {"wait_hours": 0, "opens_at": None, "closes_at": None, "practice": False} | _PLAIN
    stated = {name: value for name, value in asdict(rules).items() if later.get(name, ...) != value}
    pairs = blueprint.plain(rules.sections)
    if pairs is not None:
        del stated["sections"]
        stated["blueprint"] = pairs
    return stated
