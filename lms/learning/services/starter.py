"""The courses that ship: questions to the bank, pages to the CMS, one edition."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from content import queries as content
from content import services as content_services
from content.errors import NoSuchEdition
from content.records.files import CourseFile, Curriculum
from lms.learning.banks import drafts, rules, trial
from lms.learning.records import LoadedCourse
from quizzes import services as quizzes
from quizzes.queries import settled_by_somebody


def load_starter_course(curriculum: Curriculum, course: CourseFile) -> LoadedCourse:
    """Load one course of a curriculum. Doing it twice changes nothing the second time."""
    with transaction.atomic():
        for code in course.modules:
            module = curriculum.module(code)
            if module is not None and module.questions:
                quizzes.define_bank(
                    code=code, title=module.title, questions=drafts(module), course=course.code, module=code
                )
                with translation.override(settings.LANGUAGE_CODE):
                    title = _("Test: {module}").format(module=module.title)
                    before = _("Before learning: {module}").format(module=module.title)
                first = content_services.trial_code(code)
                for name, settled in ((code, rules(module, title)), (first, trial(module, before))):
                    if not settled_by_somebody(name):
                        quizzes.define_quiz(code=name, bank=code, rules=settled)
                quizzes.pair_quizzes(test=code, before=first)
        pages = content_services.load_course(curriculum, course)
    content_services.freeze_course(code=course.code)
    try:
        return LoadedCourse(pages, content.latest_edition(course.code).number)
    except NoSuchEdition:
        return LoadedCourse(pages, None)
