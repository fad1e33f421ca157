"""The figures of a quiz and its questions, as a trainer reads them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, Max, Q

from ..analysis import ItemFigures, OptionFigures, QuizFigures, Tally, doubts
from ..enums import RulingKind
from ..models import MarkRevision, QuestionVersion, Quiz, QuizVersion
from ..records import ItemLine, OptionLine, QuizTaught
from ..rulings import TICKED, keys_of
from ..services.marks import rulings_on
from ..sheets import read

KEPT = 24 * 3600
"""Seconds for which figures are kept; a new mark makes new ones at once."""


def quizzes_listed(taught: Iterable[Quiz], written: Iterable[Quiz] = ()) -> list[QuizTaught]:
    """These quizzes with their newest titles and how they went: four queries.

    Of those that I only write no figures: nobody of mine takes them.
    """
    mine, settled = {quiz.pk: quiz for quiz in taught}, {quiz.pk: quiz for quiz in written}
    rows = list({**settled, **mine}.values())
    newest = QuizVersion.objects.filter(quiz__in=rows).order_by("number")
    titles = {
        quiz: (title, bool(mark)) for quiz, title, mark in newest.values_list("quiz_id", "title", "pass_mark")
    }
    marks = (
        MarkRevision.objects.current()
        .filter(attempt__quiz__in=mine.values())
        .values("attempt__quiz")
        .annotate(attempts=Count("pk"), passes=Count("pk", filter=Q(passed=True)), mean=Avg("percent"))
    )
    figures = {row["attempt__quiz"]: row for row in marks}
    listed = []
    for quiz in rows:
        found = figures.get(quiz.pk, {"attempts": 0, "passes": 0, "mean": None})
        listed.append(
            QuizTaught(
                quiz.code,
                titles.get(quiz.pk, (quiz.code, True))[0],
                found["attempts"],
                found["passes"],
                found["mean"],
                quiz.pk in mine,
                quiz.pk in settled,
                titles.get(quiz.pk, (quiz.code, True))[1],
            )
        )
    return sorted(listed, key=lambda line: line.code)


def quiz_figures(quiz: Quiz) -> QuizFigures:
    """Over every attempt at the quiz that is over, by the marks that hold. Kept until a mark changes."""
    marks = MarkRevision.objects.current().filter(attempt__quiz=quiz)
    state = marks.aggregate(last=Max("recorded_entry"), count=Count("pk"))
    key = f"quizzes.figures.{quiz.pk}.{state['last']}.{state['count']}"
    kept: QuizFigures | None = cache.get(key)
    if kept is None:
        kept = _tallied(marks)
        cache.set(key, kept, KEPT)
    return kept


def _tallied(marks: Any) -> QuizFigures:
    tally = Tally()
    rows = marks.values_list("attempt__sheet", "points", "passed")
    for sheet, points, passed in rows.iterator(chunk_size=5_000):
        questions, choices, seconds = read(sheet)
        if len(questions) == len(points):
            tally.add(questions, choices, seconds, points, passed)
    return tally.figures()


def item_lines(figures: QuizFigures) -> list[ItemLine]:
    """The questions in words, those to look at first: two queries."""
    versions = _versions(item.question for item in figures.items)
    rulings = {
        version: str(RulingKind(ruling.kind).label) for version, ruling in rulings_on(versions).items()
    }
    lines = [_line(item, versions[item.question], rulings.get(item.question, "")) for item in figures.items]
    return sorted(lines, key=lambda line: (_gravity(line), line.code, line.number))


def item_line(figures: QuizFigures, version: QuestionVersion) -> ItemLine:
    """One question, its options too; nobody may have met it yet."""
    nobody = ItemFigures(version.pk, 0, 0.0, 0.0, None, 0.0, None, (), (0, 0, 0))
    found = next((item for item in figures.items if item.question == version.pk), nobody)
    ruling = rulings_on([version.pk]).get(version.pk)
    return _line(found, version, str(RulingKind(ruling.kind).label) if ruling else "")


def question_version(quizzes: Iterable[Quiz], quiz: str, code: str, number: int) -> QuestionVersion | None:
    """A question that one of these quizzes may draw, by the names in its address."""
    rows = QuestionVersion.objects.filter(
        question__code=code, number=number, quiz_versions__quiz__in=quizzes, quiz_versions__quiz__code=quiz
    )
    return rows.select_related("question__bank").distinct().first()


_GRAVEST = ("negative", "rival", "hard", "weak", "easy", "idle", "few")


def _gravity(line: ItemLine) -> int:
    return min((_GRAVEST.index(one) for one in line.doubts), default=len(_GRAVEST))


def _versions(ids: Iterable[int]) -> dict[int, QuestionVersion]:
    return QuestionVersion.objects.select_related("question").in_bulk(list(ids))


def _line(item: ItemFigures, version: QuestionVersion, ruling: str) -> ItemLine:
    texts = _options(version.kind, version.body)
    keys = keys_of(version.kind, version.body) if texts else frozenset()
    return ItemLine(
        version_id=version.pk,
        code=version.question.code,
        number=version.number,
        stem=version.body["stem"],
        kind=version.get_kind_display(),
        asked=item.asked,
        exposure=round(100 * item.exposure),
        facility=round(100 * item.facility),
        discrimination=item.discrimination,
        omitted=round(100 * item.omitted),
        seconds=item.seconds,
        doubts=doubts(item, keys, texts) if item.asked else (),
        options=tuple(_option(item, option, text, option in keys) for option, text in texts.items()),
        ruling=ruling,
    )


def _options(kind: str, body: Mapping[str, Any]) -> dict[str, str]:
    if kind == "true_false":
        return {"true": "true", "false": "false"}
    return {option["id"]: option["text"] for option in body["options"]} if kind in TICKED else {}


def _option(item: ItemFigures, option: str, text: str, right: bool) -> OptionLine:
    found = next((one for one in item.options if one.option == option), OptionFigures(option, 0, 0, 0))
    low, _middle, high = item.groups
    return OptionLine(
        text,
        right,
        found.chosen,
        round(100 * found.low / low) if low else 0,
        round(100 * found.high / high) if high else 0,
    )
