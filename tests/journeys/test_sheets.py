"""Practice sheets on paper: each that ships fits one A4 page, without the frame of the site."""

import re
from io import StringIO

from django.core.management import call_command

from content import queries as content
from tests.factories import quizzes

from .conftest import Visitor

PASSWORD = "mot-mat-khau-dai"
PAGE = re.compile(rb"/Type\s*/Page[^s]")


def test_every_practice_sheet_that_ships_prints_on_one_page(visitor: Visitor, what_ships: None) -> None:
    courses = content.curriculum().courses
    for course in courses:
        call_command("load_starter", course=course.code, stdout=StringIO(), stderr=StringIO())
    me = quizzes.learner()
    me.user.set_password(PASSWORD)
    me.user.save()
    visitor.signs_in(me.code, PASSWORD)
    pages = {}
    for course in courses:
        visitor.page.emulate_media(media="screen")
        visitor.goes_to(f"/learn/{course.code}/").presses("Bắt đầu học")
        visitor.page.emulate_media(media="print")
        for module in course.modules:
            visitor.goes_to(f"/learn/{course.code}/sheet/{module}/")
            pages[module] = len(PAGE.findall(visitor.page.pdf(prefer_css_page_size=True)))
    assert pages == dict.fromkeys(pages, 1)
    assert len(pages) == 21
