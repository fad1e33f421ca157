"""Questions as files state them → drafts of the bank; the shelf from which trainers choose quizzes."""

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from content.records.activities import QuizListed
from content.records.files import Module, Question
from quizzes import queries as quizzes
from quizzes.records import QuestionDraft, QuizRules, by_objective


class Shelf:
    """The newest version of every quiz, as content lists them (content/activities.py)."""

    def quizzes(self) -> Sequence[QuizListed]:
        return [
            QuizListed(
                line.quiz_code,
                line.title,
                line.number,
                {"id": line.id, "public_id": str(line.public_id)},
            )
            for line in quizzes.newest_versions()
        ]


def drafts(module: Module) -> list[QuestionDraft]:
    return [
        QuestionDraft(q.code, q.kind, q.objective, q.difficulty, body(q), q.tags) for q in module.questions
    ]


def rules(module: Module, title: str) -> QuizRules:
    test = module.test
    return QuizRules(
        title=title,
        sections=by_objective((draw.objective, draw.draw) for draw in test.draws),
        objectives=module.objectives,
        pass_mark=int(test.pass_mark),
        attempts=test.attempts,
        minutes=test.minutes,
    )


def trial(module: Module, title: str) -> QuizRules:
    """The try before the lessons: the same blueprint over the same bank; one go, no pass mark, no keys."""
    return replace(rules(module, title), pass_mark=0, attempts=1, minutes=None, review="never")


def body(question: Question) -> dict[str, Any]:
    """A question as `quizzes/marking.py` describes it; ids are letters in the order of the file."""
    common = {"stem": question.stem, "explanation": question.explanation}
    match question.kind:
        case "single" | "several":
            options = [
                {"id": key, "text": option.text, "correct": option.correct, "why": option.why}
                for key, option in zip(ascii_lowercase, question.options, strict=False)
            ]
            return {**common, "options": options}
        case "true_false":
            return {**common, "answer": question.answer}
        case "order":
            return {**common, "items": _lettered(question.items)}
        case "match":
            pairs = [
                {"id": key, "left": left, "right": right}
                for key, (left, right) in zip(ascii_lowercase, question.pairs, strict=False)
            ]
            extra = [{"id": f"x{n}", "text": text} for n, text in enumerate(question.extra, 1)]
            return {**common, "pairs": pairs, "extra": extra}
    return {**common, "parts": [{"kind": part.kind, **body(part)} for part in question.parts]}


def _lettered(texts: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"id": key, "text": text} for key, text in zip(ascii_lowercase, texts, strict=False)]
