"""A trainer's file → a draft module, with a list of what could not be carried over."""

import io
from decimal import ROUND_CEILING, Decimal
from typing import IO

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from wagtail.models import Page

from content.coursefiles.fields import N_
from content.enums import SentState
from content.errors import MayNotWriteHere, NotAManuscript
from content.manuscripts import read_manuscript
from content.manuscripts.judging import judge
from content.models import CourseIndexPage, CoursePage, LessonPage, ModulePage, SentFile
from content.records.files import Block
from content.records.manuscripts import LessonDraft, Manuscript, Remark
from lms.kernel import jobs

from .loading import body, paragraphs, slug
from .pictures import PictureRefused, keep_picture

READ_AT_ONCE = 400_000
"""Bytes of a file that is read within the request: what takes about two seconds. Larger ones become a job."""
MOST_BYTES = 60_000_000
WORDS_A_MINUTE = 180


@transaction.atomic
def send_file(*, file: IO[bytes], name: str, course: CoursePage, by: AbstractBaseUser) -> SentFile:
    """Take a Word file or slides for a new module of a course; a large one is read by a job.

    Raises NotAManuscript where the file is not what its name says, MayNotWriteHere in another's course.
    """
    if not course.permissions_for_user(by).can_add_subpage():
        raise MayNotWriteHere
    judge(file, name)
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        text = N_("The file has more than {most} MB. Make its pictures smaller, or cut it.")
        raise NotAManuscript(text, most=MOST_BYTES // 1_000_000)
    sent = SentFile.objects.create(name=name[:200], course=course, sent_by_id=by.pk, content=content)
    if len(content) <= READ_AT_ONCE:
        return read_sent_file(pk=sent.pk)
    jobs.enqueue("content.read_file", key=str(sent.pk), sent=sent.pk)
    return sent


@transaction.atomic
def start_course(*, title: str, code: str, by: AbstractBaseUser) -> CoursePage:
    """A new course of one's own, as a draft."""
    catalogue = CourseIndexPage.objects.get()
    if not catalogue.permissions_for_user(by).can_add_subpage():
        raise MayNotWriteHere
    page = CoursePage(
        title=title, code=code, slug=slug(f"{code} {title}"), hours=Decimal("0.5"), owner_id=by.pk, live=False
    )
    page.clean()
    _add(catalogue, page, by)
    return page


@transaction.atomic
def read_sent_file(*, pk: int) -> SentFile:
    """Make the draft module of a file that waits; doing it twice makes it once."""
    sent = SentFile.objects.select_for_update(of=("self",)).select_related("course", "sent_by").get(pk=pk)
    if sent.state != SentState.WAITING:
        return sent
    try:
        if sent.course is None or not sent.course.permissions_for_user(sent.sent_by).can_add_subpage():
            raise NotAManuscript(N_("The course is no longer there, or no longer yours."))
        manuscript = read_manuscript(io.BytesIO(bytes(sent.content)), sent.name)
        with transaction.atomic():
            sent.module, remarks = _write(manuscript, sent.course, sent.sent_by)
        sent.state, sent.lessons = SentState.DONE, len(manuscript.lessons)
        sent.remarks = [{"text": remark.text, "details": dict(remark.details)} for remark in remarks]
    except NotAManuscript as refusal:
        sent.state = SentState.REFUSED
        sent.remarks = [{"text": refusal.text, "details": refusal.details}]
    sent.content = b""
    sent.save()
    return sent


def _write(
    manuscript: Manuscript, course: CoursePage, by: AbstractBaseUser
) -> tuple[ModulePage, list[Remark]]:
    remarks = list(manuscript.remarks)
    pictures = _keep_pictures(manuscript, by, remarks)
    minutes = sum(_minutes(lesson) for lesson in manuscript.lessons)
    number = ModulePage.objects.child_of(course).count() + 1
    module = ModulePage(
        title=manuscript.title,
        slug=slug(f"{course.code}-{number} {manuscript.title}") or f"m{number}",
        code=f"{course.code}-{number}"[:32],
        hours=(Decimal(minutes) / 60).quantize(Decimal("0.1"), ROUND_CEILING),
        owner_id=by.pk,
        live=False,
    )
    _add(course, module, by)
    for position, draft in enumerate(manuscript.lessons, 1):
        place = f"{module.pk}/{position}"
        lesson = LessonPage(
            title=draft.title,
            slug=f"{position:02d}-{slug(draft.title)}"[:200].rstrip("-"),
            minutes=_minutes(draft),
            body=body(_blocks(draft, pictures), place),
            owner_id=by.pk,
            live=False,
        )
        _add(module, lesson, by)
    text = N_("Summary, objectives and sources of each lesson: a file does not hold them, please add them")
    return module, [*remarks, Remark(text)]


def _add(parent: Page, page: Page, by: AbstractBaseUser) -> None:
    parent.add_child(instance=page)
    page.save_revision(user=by, log_action=True, clean=False)


def _minutes(lesson: LessonDraft) -> int:
    return max(1, -(-lesson.words // WORDS_A_MINUTE))


def _keep_pictures(manuscript: Manuscript, by: AbstractBaseUser, remarks: list[Remark]) -> dict[str, int]:
    """Picture of the file → picture of the library; what cannot be taken is remarked."""
    kept: dict[str, int] = {}
    same: dict[bytes, int] = {}
    wordless = 0
    for number, found in enumerate(manuscript.pictures, 1):
        details = {"number": number, "lesson": found.place}
        try:
            if found.content not in same:
                title = f"{manuscript.title[:200]} – {number}"
                same[found.content] = keep_picture(
                    content=found.content, title=title, description=found.alternative[:255], by=by
                ).pk
            kept[found.key] = same[found.content]
            wordless += not found.alternative
        except PictureRefused as refusal:
            remarks.append(Remark(refusal.text, {**details, **refusal.details}))
    if wordless:
        text = N_("{number} pictures without words for those who cannot see them: please write them")
        remarks.append(Remark(text, {"number": wordless}))
    return kept


def _blocks(lesson: LessonDraft, pictures: dict[str, int]) -> tuple[Block, ...]:
    blocks = []
    for line, (kind, value) in enumerate(lesson.blocks, 1):
        if kind == "picture":
            if value["key"] not in pictures:
                continue
            value = {
                "picture": pictures[value["key"]],
                "alternative": value["alternative"][:500],
                "caption": value["caption"],
            }
        blocks.append(Block(kind, value, line))
    return tuple(blocks) or (Block("text", paragraphs(lesson.title), 1),)
