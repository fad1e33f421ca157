"""A course's pages, scenarios and media → a package; a package → a draft of one's own."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import IO, Any

import nh3
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from content.activities import carrier
from content.conversations.reading import graph_of
from content.coursefiles.scenarios import graph_faults
from content.coursepackage import opened, packed
from content.errors import MayNotWriteHere, NoSuchCourse, PackageRefused
from content.models import (
    CourseIndexPage,
    CoursePage,
    Handout,
    LessonPage,
    ModulePage,
    Picture,
    Recording,
    Scenario,
)

from .loading import slug
from .pictures import PictureRefused, keep_picture

COURSE = ("title", "code", "level", "hours", "audiences", "introduction", "scenarios_needed", "review_due")
LATER = {"admission": "open"}
"""Fields of a course that packages of earlier releases do not have, and what is meant by that."""
MODULE = ("title", "code", "hours", "audiences", "introduction", "sheet_title", "review_due")
LESSON = ("title", "summary", "objectives", "minutes", "clinical", "review_due")
STREAMS = {
    CoursePage: ("legal_ground",),
    ModulePage: ("legal_ground", "objectives", "activities", "sheet"),
    LessonPage: ("legal_ground", "body", "sources"),
}
MEDIA = ("picture", "document", "recording", "scenario")
"""Names in a stream whose whole numbers are rows of this installation. A law's `document` is a text."""
LINKED = re.compile(r'linktype="document" id="(\d+)"|id="(\d+)" linktype="document"')
TAG = re.compile(r"<[a-zA-Z/!]")
TAGS = {"p", "h2", "h3", "b", "i", "strong", "em", "ol", "ul", "li", "a", "br"}
NO_COURSE = _("The course inside has another form than this version knows.")


def export_course(*, code: str) -> bytes:
    """The package of a course as it is being written, drafts included; its learners are not in it.

    Raises NoSuchCourse. Holds all media in memory: some hundred megabytes with films.
    """
    page = CoursePage.objects.filter(code=code, alias_of=None).first()
    if page is None:
        raise NoSuchCourse(code)
    out = _Outgoing()
    course = out.course(page)
    held = carrier()
    if held is not None:
        out.files.update(held.pack(sorted(out.quizzes)))
    about = {"code": code, "title": page.title, "made_at": timezone.now().isoformat()}
    return packed(about, {"course": course, "media": out.media}, out.files)


@transaction.atomic
def import_course(
    *, file: IO[bytes], by: AbstractBaseUser | None, code: str = ""
) -> tuple[CoursePage, list[str]]:
    """A draft of one's own, and the codes of quizzes that were here already and stay as they are.

    Without `by` (the operator) it belongs to nobody, and reviewers name who writes in it.

    Everything or nothing. Raises ArchiveRefused, PackageRefused, MayNotWriteHere.
    """
    catalogue = CourseIndexPage.objects.get()
    if by is not None and not catalogue.permissions_for_user(by).can_add_subpage():
        raise MayNotWriteHere
    _manifest, content, files = opened(file)
    try:
        page = _Incoming(content["media"], files, by).course(catalogue, content["course"], code)
        held = carrier()
        questions = {name: data for name, data in files.items() if name.startswith("questions/")}
        return page, held.unpack(questions, page.code) if held is not None else []
    except ValidationError as error:
        raise PackageRefused(" ".join(error.messages)) from error
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise PackageRefused(NO_COURSE) from error


class _Outgoing:
    def __init__(self) -> None:
        self.media: dict[str, dict[str, Any]] = {kind: {} for kind in MEDIA}
        self.files: dict[str, bytes] = {}
        self.quizzes: set[str] = set()

    def course(self, page: CoursePage) -> dict[str, Any]:
        modules = ModulePage.objects.child_of(page).order_by("path")
        return {**self.page(page, (*COURSE, *LATER)), "modules": [self.module(module) for module in modules]}

    def module(self, page: ModulePage) -> dict[str, Any]:
        lessons = LessonPage.objects.child_of(page).order_by("path")
        return {**self.page(page, MODULE), "lessons": [self.page(lesson, LESSON) for lesson in lessons]}

    def page(self, page: Page, fields: tuple[str, ...]) -> dict[str, Any]:
        latest = page.get_latest_revision_as_object()
        said = {name: getattr(latest, name) for name in fields}
        for name in STREAMS[type(latest)]:
            said[name] = self.stream(getattr(latest, name).get_prep_value())
        return said

    def stream(self, value: Any, name: str = "") -> Any:
        """The stored form; whatever it names of this installation is taken along."""
        if isinstance(value, dict):
            return {key: self.stream(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self.stream(one, name) for one in value]
        if name in MEDIA and isinstance(value, int):
            self.take(name, value)
        elif name == "quiz" and isinstance(value, str):
            self.quizzes.add(value)
        elif isinstance(value, str):
            for found in LINKED.finditer(value):
                self.take("document", int(found[1] or found[2]))
        return value

    def take(self, kind: str, pk: int) -> None:
        if str(pk) in self.media[kind]:
            return
        takers: dict[str, Callable[[int], dict[str, Any] | None]] = {
            "picture": self.picture,
            "document": self.document,
            "recording": self.recording,
            "scenario": self.scenario,
        }
        found = takers[kind](pk)
        if found is not None:
            self.media[kind][str(pk)] = found

    def keep(self, kind: str, pk: int, file: Any) -> str:
        name = f"{kind}s/{pk}{PurePath(file.name).suffix.lower()}"
        with file.open("rb") as stored:
            self.files[name] = stored.read()
        return name

    def picture(self, pk: int) -> dict[str, Any] | None:
        row = Picture.objects.filter(pk=pk).first()
        if row is None:
            return None
        kept = {"file": self.keep("picture", pk, row.file), "title": row.title}
        return {**kept, "description": row.description, "credit": row.credit}

    def document(self, pk: int) -> dict[str, Any] | None:
        row = Handout.objects.filter(pk=pk).first()
        if row is None:
            return None
        return {"file": self.keep("document", pk, row.file), "title": row.title, "licence": row.licence}

    def recording(self, pk: int) -> dict[str, Any] | None:
        row = Recording.objects.filter(pk=pk).first()
        if row is None or not row.large:
            return None
        captions = self.keep("caption", pk, row.captions) if row.captions else ""
        kept = {"file": self.keep("recording", pk, row.large), "captions": captions}
        return {**kept, "title": row.title, "transcript": row.transcript}

    def scenario(self, pk: int) -> dict[str, Any] | None:
        row = Scenario.objects.filter(pk=pk).first()
        if row is None:
            return None
        fields = ("code", "title", "setting", "role", "objectives")
        return {**{name: getattr(row, name) for name in fields}, "graph": self.stream(row.graph)}


class _Incoming:
    def __init__(
        self, media: Mapping[str, Any], files: Mapping[str, bytes], by: AbstractBaseUser | None
    ) -> None:
        self.media, self.files, self.by = media, files, by
        self.owner = by.pk if by else None
        self.kept: dict[tuple[str, int], int | None] = {}

    def course(self, catalogue: Page, said: Mapping[str, Any], code: str) -> CoursePage:
        code = code or str(said["code"])
        values = {**self.fields(CoursePage, {**LATER, **said}, (*COURSE, *LATER)), "code": code}
        page = CoursePage(slug=slug(f"{code} {values['title']}"), **values)
        page.clean()
        self.add(catalogue, page)
        for number, module in enumerate(said["modules"], 1):
            self.module(page, module, number)
        return page

    def module(self, course: CoursePage, said: Mapping[str, Any], number: int) -> None:
        values = self.fields(ModulePage, said, MODULE)
        page = ModulePage(slug=slug(f"{course.code}-{number} {values['title']}"), **values)
        self.add(course, page)
        for position, lesson in enumerate(said["lessons"], 1):
            fields = self.fields(LessonPage, lesson, LESSON)
            name = f"{position:02d}-{slug(str(fields['title']))}"[:200].rstrip("-")
            self.add(page, LessonPage(slug=name, **fields))

    def add(self, parent: Page, page: Page) -> None:
        page.owner_id, page.live = self.owner, False
        page.clean_fields(
            exclude=["path", "depth", "content_type", "translation_key", "locale", "body", "sources"]
        )
        parent.add_child(instance=page)
        page.save_revision(user=self.by, log_action=True, clean=False)

    def fields(self, kind: type[Page], said: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        """Plain fields as the model reads them, streams with what they name put into this installation."""
        plain = {name: kind._meta.get_field(name).to_python(_clean(said[name])) for name in names}
        streams = {name: json.dumps(self.stream(said[name])) for name in STREAMS[kind]}
        return plain | streams

    def stream(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self.stream(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self.stream(one, name) for one in value]
        if name in MEDIA and isinstance(value, int):
            return self.placed(name, value)
        if isinstance(value, str):
            linked = LINKED.sub(lambda found: self.link(int(found[1] or found[2])), value)
            return _clean(linked)
        return value

    def link(self, pk: int) -> str:
        return f'linktype="document" id="{self.placed("document", pk) or 0}"'

    def placed(self, kind: str, pk: int) -> int | None:
        if (kind, pk) not in self.kept:
            said = self.media[kind].get(str(pk))
            self.kept[kind, pk] = getattr(self, kind)(said) if said else None
        return self.kept[kind, pk]

    def picture(self, said: Mapping[str, Any]) -> int:
        content, title = self.files[said["file"]], str(said["title"])
        try:
            kept = keep_picture(
                content=content, title=title, description=str(said["description"])[:255], by=self.by
            )
        except PictureRefused as refusal:
            text = _("The picture “{name}” cannot be taken.").format(name=said["file"])
            raise PackageRefused(text) from refusal
        Picture.objects.filter(pk=kept.pk).update(credit=str(said["credit"])[:255])
        return int(kept.pk)

    def document(self, said: Mapping[str, Any]) -> int:
        suffix = PurePath(said["file"]).suffix.lstrip(".").lower()
        if suffix not in settings.WAGTAILDOCS_EXTENSIONS:
            raise PackageRefused(_("The document “{name}” cannot be taken.").format(name=said["file"]))
        row = Handout(title=str(said["title"])[:255], licence=str(said["licence"])[:120])
        row.uploaded_by_user_id = self.owner
        row.file.save(PurePath(said["file"]).name, ContentFile(self.files[said["file"]]), save=False)
        row.file_size = len(self.files[said["file"]])
        row.save()
        return int(row.pk)

    def recording(self, said: Mapping[str, Any]) -> int:
        """Made smaller anew: what comes from outside is not shown as it came."""
        row = Recording(
            title=str(said["title"])[:255], transcript=str(said["transcript"]), owner_id=self.owner
        )
        name = PurePath(said["file"]).name
        row.source = ContentFile(self.files[said["file"]], name=name)
        if said["captions"]:
            row.captions = ContentFile(self.files[said["captions"]], name=PurePath(said["captions"]).name)
        row.clean_fields(exclude=["small", "large", "poster"])
        row.save()
        return int(row.pk)

    def scenario(self, said: Mapping[str, Any]) -> int:
        graph = self.stream(said["graph"])
        faults = graph_faults(graph_of(graph))
        if faults:
            raise PackageRefused(_(faults[0].text).format(**dict(faults[0].details)))
        code, number = str(said["code"])[:28], 1
        while Scenario.objects.filter(code=code if number == 1 else f"{code}-{number}").exists():
            number += 1
        row = Scenario(
            code=code if number == 1 else f"{code}-{number}", graph=graph, owner_id=self.owner, live=False
        )
        for name in ("title", "setting", "role"):
            setattr(row, name, str(said[name]))
        row.clean_fields(exclude=["graph"])
        row.save()
        row.save_revision(user=self.by)
        return int(row.pk)


def _clean(value: Any) -> Any:
    """Rich text as the editor would have stored it: from outside may come what no editor lets through."""
    if not isinstance(value, str) or not TAG.search(value):
        return value
    return nh3.clean(
        value,
        tags=TAGS,
        attributes={"a": {"href", "linktype", "id"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
