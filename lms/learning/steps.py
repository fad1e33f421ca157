"""The steps of a course, in order, and how far somebody is. Pure: no database."""

from collections.abc import Callable, Collection, Mapping

from content.records.editions import ActivityListed, LessonListed, Outline

from .records import Standing, Step

Address = Callable[[LessonListed | ActivityListed], str]


def steps_of(
    outline: Outline, *, lessons: Collection[int], activities: Collection[int], address: Address
) -> list[Step]:
    """Lessons in order, each followed by what is to be done after it; the collections hold finished ids.

    A mapping of activities gives the score of each as well.
    """
    scores = activities if isinstance(activities, Mapping) else {}

    def to_do(place: int) -> list[Step]:
        return [Step(None, a, a.id in activities, address, scores.get(a.id)) for a in after.get(place, ())]

    after: dict[int, list[ActivityListed]] = {}
    for activity in outline.activities:
        after.setdefault(activity.after_lesson, []).append(activity)
    steps = to_do(0)
    for lesson in outline.lessons:
        steps.append(Step(lesson, None, lesson.id in lessons, address))
        steps += to_do(lesson.position)
    return steps


def standing_of(outline: Outline, steps: list[Step]) -> Standing:
    rules = outline.edition.rules
    lessons_done = sum(step.finished for step in steps if step.lesson)
    quizzes = [step for step in steps if step.kind == "quiz" and step.needed]
    quizzes_done = sum(step.finished for step in quizzes)
    scenarios = [step for step in steps if step.kind == "scenario"]
    scenarios_done = sum(step.finished for step in scenarios)
    required = [step for step in scenarios if step.needed]
    return Standing(
        lessons=rules["lessons"],
        lessons_done=lessons_done,
        quizzes=rules["quizzes"],
        quizzes_done=quizzes_done,
        scenarios=rules["scenarios"],
        scenarios_done=scenarios_done,
        finished=(
            lessons_done >= rules["lessons"]
            and quizzes_done >= rules["quizzes"]
            and scenarios_done >= rules["scenarios"]
            and all(step.finished for step in required)
        ),
    )


def next_step(steps: list[Step], standing: Standing) -> Step | None:
    """What to do now: the first unfinished step that the rule needs; None when nothing is left of it.

    Scenarios are offered in passing where the rule asks for some.
    """
    wanted = standing.scenarios > standing.scenarios_done
    for step in steps:
        if not step.finished and (step.needed or (step.kind == "scenario" and wanted)):
            return step
    return None


def following(steps: list[Step], current: Step) -> Step | None:
    """The step after this one, finished or not."""
    place = steps.index(current)
    return steps[place + 1] if place + 1 < len(steps) else None
