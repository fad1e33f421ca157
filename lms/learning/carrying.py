"""The quizzes of a course, carried between installations: the bank as Moodle XML, the rules beside it."""

import io
import json
from collections.abc import Mapping, Sequence

from content.errors import PackageRefused
from quizzes import queries as quizzes
from quizzes import services
from quizzes.errors import QuizRefusal
from quizzes.records import QuizRules


class QuestionCarrier:
    """What content plugs into a package (content/activities.py)."""

    def pack(self, codes: Sequence[str]) -> dict[str, bytes]:
        """`questions/CODE.json` for each quiz, `questions/BANK.xml` for each bank."""
        files: dict[str, bytes] = {}
        for code in codes:
            found = quizzes.quiz_as_written(code)
            if found is None:
                continue
            files[f"questions/{code}.json"] = json.dumps(found.as_json(), ensure_ascii=False).encode()
            name = f"questions/{found.bank}.xml"
            if name not in files:
                files[name] = services.export_questions(bank=found.bank, form="moodlexml").content
        return files

    def unpack(self, files: Mapping[str, bytes], course: str) -> list[str]:
        """Make the quizzes that are not here yet; the codes of those that are, and stay as they are."""
        left = []
        for name in sorted(files):
            if not name.endswith(".json"):
                continue
            code, said = name.removeprefix("questions/").removesuffix(".json"), json.loads(files[name])
            if quizzes.quiz_as_written(code) is not None:
                left.append(code)
                continue
            bank, title = str(said["bank"]), str(said["bank_title"])
            reading = services.read_questions(io.BytesIO(files[f"questions/{bank}.xml"]), "moodlexml")
            own = f"{course}-{bank}"[:32]  # the bank of that name here may be somebody else's
            services.import_questions(bank=own, reading=reading, title=title)
            try:
                services.define_quiz(code=code, bank=own, rules=QuizRules.from_json(said["rules"]))
            except QuizRefusal as refusal:
                raise PackageRefused(str(refusal)) from refusal
        return left
