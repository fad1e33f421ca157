"""The editorial rules of the starter curriculum: lengths, counts, words, whole references (issue 6)."""

import re
from collections import Counter
from pathlib import Path

from content.records.files import Curriculum, Lesson, Module, Question, Scenario

from .boxes import CITATION, citations
from .fields import N_, Faults

LESSONS = range(3, 7)
LESSON_WORDS = range(350, 701)
SHEET_WORDS = 350
SCENARIOS = 2
SCENARIO_NODES = 12
SCENARIO_CHOICES = range(3, 5)
SCENARIO_ENDINGS = 3
QUESTIONS = 24
QUESTIONS_PER_DRAW = 3
LEAST_OF_KIND = {"single": 10, "several": 4, "true_false": 4, "order": 1, "match": 2, "case": 2}
LESSON_BOXES = ("case", "do", "avoid", "say", "summary", "check")
TELLING_BLOCKS = {"table", "cards", "compare"}

FORBIDDEN = (
    "con nghiện", "thằng nghiện", "kẻ nghiện", "dân nghiện", "ngáo đá", "học viên", "đối tượng nghiện",
    "đối tượng sử dụng", "người nghiện ngập", "tệ nạn ma túy",
)  # fmt: skip
"""Words that hurt or mislead; between quotation marks they may be named to be corrected."""
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"\n]*\"|‘[^’]*’")
WORD = re.compile(r"\w")


def words(text: str) -> int:
    """Vietnamese words as writers count them: syllables between spaces, without citations and box lines."""
    kept = [line for line in text.splitlines() if not line.startswith(":::")]
    bare = CITATION.sub("", "\n".join(kept))
    return sum(1 for token in bare.split() if WORD.search(token))


def check_curriculum(curriculum: Curriculum, faults: Faults) -> None:
    for module in curriculum.modules:
        check_module(module, faults)
    for course in curriculum.courses:
        for code in course.modules:
            folder = curriculum.root / "modules" / code
            if curriculum.module(code) is None and folder.exists():
                faults.add(course.path, 1, N_("module “{code}” cannot be read"), code=code)
        repeated = [code for code, number in Counter(course.modules).items() if number > 1]
        for code in repeated:
            faults.add(course.path, 1, N_("module “{code}” stands twice"), code=code)
    seen: dict[str, Question] = {}
    for module in curriculum.modules:
        for question in module.questions:
            if question.code in seen:
                faults.add(
                    question.path, question.line, N_("the id “{code}” is used twice"), code=question.code
                )
            seen[question.code] = question
    for path in sorted(p for p in curriculum.root.rglob("*") if p.suffix in {".md", ".yaml"}):
        if path.relative_to(curriculum.root).parts[0] in {"courses", "modules"}:
            check_words(path, faults)


def missing_modules(curriculum: Curriculum) -> list[tuple[str, str]]:
    """(course, module) where a course names a module that no folder holds."""
    return [
        (course.code, code)
        for course in curriculum.courses
        for code in course.modules
        if curriculum.module(code) is None
    ]


def check_words(path: Path, faults: Faults) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # told already
    for number, line in enumerate(text.splitlines(), 1):
        spoken = QUOTED.sub("", line).casefold()
        for word in FORBIDDEN:
            if word in spoken:
                faults.add(path, number, N_("“{word}” is not used for people here"), word=word)


def check_module(module: Module, faults: Faults) -> None:
    def fault(text: str, **details: object) -> None:
        faults.add(module.path, 1, text, **details)

    if len(module.lessons) not in LESSONS:
        fault(N_("a module has three to six lessons, not {number}"), number=len(module.lessons))
    if len(module.scenarios) < SCENARIOS:
        fault(N_("a module has two scenarios, not {number}"), number=len(module.scenarios))
    if module.sheet is None:
        fault(N_("the practice sheet is missing"))
    elif (length := words(module.sheet.body)) > SHEET_WORDS:
        faults.add(module.sheet.path, 1, N_("{number} words do not fit one printed page"), number=length)
    keys = {source.key for lesson in module.lessons for source in lesson.sources}
    taught = {number for lesson in module.lessons for number in lesson.objectives}
    for number, objective in enumerate(module.objectives, 1):
        if number not in taught:
            fault(N_("no lesson teaches objective {number}: {objective}"), number=number, objective=objective)
    for lesson in module.lessons:
        check_lesson(lesson, len(module.objectives), faults)
    for scenario in module.scenarios:
        check_scenario(scenario, len(module.objectives), keys, faults)
    check_bank(module, keys, faults)


def check_lesson(lesson: Lesson, objectives: int, faults: Faults) -> None:
    def fault(line: int, text: str, **details: object) -> None:
        faults.add(lesson.path, line, text, **details)

    length = words(lesson.body)
    if length not in LESSON_WORDS:
        fault(1, N_("the lesson has {number} words; 350 to 700 are right"), number=length)
    if not lesson.sources:
        fault(1, N_("the lesson has no source"))
    kinds = [block.kind for block in lesson.blocks]
    for kind in LESSON_BOXES:
        if kind not in kinds:
            fault(1, N_("the lesson has no box “{box}”"), box=kind)
    if not TELLING_BLOCKS & set(kinds):
        fault(1, N_("a lesson has at least one table, comparison or set of cards"))
    if kinds and kinds[0] != "case":
        fault(lesson.blocks[0].line, N_("a lesson begins with its case"))
    if kinds and kinds[-1] != "summary":
        fault(lesson.blocks[-1].line, N_("a lesson ends with its summary"))
    defined = [source.key for source in lesson.sources]
    if len(set(defined)) != len(defined):
        fault(1, N_("two sources have the same id"))
    cited = citations(lesson.body)
    for key in cited:
        if key not in defined:
            line = next(
                i for i, row in enumerate(lesson.body.splitlines(), lesson.body_line) if f"[^{key}]" in row
            )
            fault(line, N_("the source “{key}” is cited but not stated"), key=key)
    for key in defined:
        if key not in cited:
            fault(1, N_("the source “{key}” is stated but never cited"), key=key)
    _objectives_exist(lesson.path, 1, lesson.objectives, objectives, faults)


def check_scenario(scenario: Scenario, objectives: int, keys: set[str], faults: Faults) -> None:
    def fault(line: int, text: str, **details: object) -> None:
        faults.add(scenario.path, line, text, **details)

    if len(scenario.nodes) < SCENARIO_NODES:
        fault(1, N_("a scenario has at least twelve nodes, not {number}"), number=len(scenario.nodes))
    if len(scenario.endings) < SCENARIO_ENDINGS:
        fault(1, N_("a scenario has at least three endings, not {number}"), number=len(scenario.endings))
    for kind in {"good", "partial", "failed"} - {ending.kind for ending in scenario.endings}:
        fault(1, N_("no ending is of the kind “{kind}”"), kind=kind)
    for node in scenario.nodes:
        if len(node.choices) not in SCENARIO_CHOICES:
            fault(node.line, N_("a node has three or four choices, not {number}"), number=len(node.choices))
    if not any(choice.safety_missed for node in scenario.nodes for choice in node.choices):
        fault(1, N_("no choice misses a danger"))
    _sources_exist(scenario.path, 1, scenario.sources, keys, faults)
    _objectives_exist(scenario.path, 1, scenario.objectives, objectives, faults)


def check_bank(module: Module, keys: set[str], faults: Faults) -> None:
    bank = module.questions
    path = bank[0].path if bank else module.path

    def fault(line: int, text: str, **details: object) -> None:
        faults.add(path, line, text, **details)

    if len(bank) < QUESTIONS:
        fault(1, N_("the bank has {number} of {least} questions"), number=len(bank), least=QUESTIONS)
    kinds = Counter(question.kind for question in bank)
    for kind, least in LEAST_OF_KIND.items():
        if kinds[kind] < least:
            text = N_("the bank has {number} of {least} questions of the kind “{kind}”")
            fault(1, text, number=kinds[kind], kind=kind, least=least)
    per_objective = Counter(question.objective for question in bank)
    for draw in module.test.draws:
        need = draw.draw * QUESTIONS_PER_DRAW
        number = per_objective[draw.objective]
        if number < need:
            text = N_("the bank has {number} of {least} questions for objective {objective}")
            fault(1, text, objective=draw.objective, number=number, least=need)
    drawn = {draw.objective for draw in module.test.draws}
    _objectives_exist(module.path, 1, tuple(drawn), len(module.objectives), faults)
    for objective in range(1, len(module.objectives) + 1):
        if objective not in drawn:
            faults.add(module.path, 1, N_("the test draws nothing from objective {number}"), number=objective)
    for question in bank:
        _objectives_exist(path, question.line, (question.objective,), len(module.objectives), faults)
        _sources_exist(path, question.line, question.sources, keys, faults)
        if not question.code.startswith(f"{module.code}-"):
            fault(question.line, N_("an id begins with the code of its module"))


def _objectives_exist(
    path: Path, line: int, numbers: tuple[int, ...], objectives: int, faults: Faults
) -> None:
    for number in numbers:
        if not 1 <= number <= objectives:
            faults.add(path, line, N_("there is no objective {number}"), number=number)


def _sources_exist(path: Path, line: int, stated: tuple[str, ...], keys: set[str], faults: Faults) -> None:
    for key in stated:
        if key not in keys:
            faults.add(path, line, N_("the source “{key}” stands in no lesson of this module"), key=key)
