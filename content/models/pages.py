"""Course › module › lesson, as trainers write them. Learners read editions, never these pages."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.blocks import CharBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from content.activities import course_address
from content.blocks import ActivitiesBlock, LegalGroundBlock, LessonBlock, SheetBlock, SourceBlock
from content.enums import ActivityKind, Admission, Level
from lms.roster import queries as roster

from .courses import Course
from .ownership import InACourse

CODE = re.compile(r"^[A-Z][A-Z0-9-]{0,31}$")


class AudienceForm(WagtailAdminPageForm):
    """Audiences are ticked by name and stored by code."""

    audiences = forms.MultipleChoiceField(
        choices=roster.audience_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("who it is for"),
    )


class CourseForm(AudienceForm):
    """What finishing takes must be there to be done, as soon as somebody else is to see it."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        wanted = cleaned.get("scenarios_needed") or 0
        if wanted and not self.is_deferred_validation:
            held = self.instance.scenarios_held() if self.instance.pk else 0
            if wanted > held:
                text = _t("The course holds {number} scenarios: nobody could finish it with more than these.")
                self.add_error("scenarios_needed", text.format(number=held))
        return cleaned


class Taught(InACourse, models.Model):
    """What stands at everything taught: legal ground, who has checked it, when to look at it again."""

    legal_ground = StreamField(
        [("ground", LegalGroundBlock())],
        verbose_name=_("legal ground"),
        blank=True,
        help_text=_("Document, article, in force since. A lesson without its own takes its module's."),
    )
    reviewer = models.CharField(
        _("reviewer"),
        max_length=200,
        blank=True,
        help_text=_("The specialist who has checked it. While empty, learners read that nobody has."),
    )
    review_due = models.DateField(_("review due"), null=True, blank=True)

    class Meta:
        abstract = True

    promote_panels = [FieldPanel("slug")]
    taught_panels = [
        MultiFieldPanel(
            [FieldPanel("legal_ground"), FieldRowPanel([FieldPanel("reviewer"), FieldPanel("review_due")])],
            heading=_("Ground and review"),
        )
    ]


class HomePage(Page):
    """The root of the site's tree; `/` itself is a page of the portal."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.CourseIndexPage"]
    content_panels = Page.content_panels

    class Meta:
        verbose_name = _("front page")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("/")


class CourseIndexPage(Page):
    """The catalogue: all courses, public."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    max_count = 1
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.CoursePage"]
    template = "content/catalogue.html"
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("catalogue")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content.queries import catalogue

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        addresses = {page.course_id: page.url for page in CoursePage.objects.child_of(self).live()}
        context["courses"] = [
            {
                "edition": edition,
                "url": addresses.get(edition.course, ""),
                "level_word": Level(edition.level).label,
            }
            for edition in catalogue()
        ]
        return context


class CoursePage(Taught, Page):
    """A course as it is being written; its code ties it to everything that was ever learned of it."""

    course = models.OneToOneField(
        Course, models.PROTECT, null=True, blank=True, editable=False, related_name="page"
    )
    code = models.CharField(
        _("course code"),
        max_length=32,
        help_text=_("Capital letters and digits. It is for ever: records and targets name it."),
    )
    level = models.CharField(_("level"), max_length=16, choices=Level.choices, default=Level.BASIC)
    hours = models.DecimalField(
        _("hours"), max_digits=6, decimal_places=1, help_text=_("Hours of study that a report may count.")
    )
    audiences = models.JSONField(default=list, blank=True)
    introduction = RichTextField(
        _("introduction"),
        features=["bold", "italic"],
        help_text=_("Two or three sentences for the catalogue."),
    )
    scenarios_needed = models.PositiveSmallIntegerField(
        _("scenarios to go through"),
        default=0,
        help_text=_("How many scenarios finishing takes, beside all lessons and the tests."),
    )

    admission = models.CharField(
        _("who may begin it"),
        max_length=8,
        choices=Admission.choices,
        default=Admission.OPEN,
        help_text=_("It holds as soon as it is published; whoever has begun goes on."),
    )

    parent_page_types = ["content.CourseIndexPage"]
    subpage_types = ["content.ModulePage"]
    template = "content/course.html"
    base_form_class = CourseForm
    exclude_fields_in_copy = ["course", "code"]
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("code")]
    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("code"), FieldPanel("level"), FieldPanel("hours")]),
        FieldPanel("introduction"),
        FieldPanel("audiences"),
        FieldPanel("admission", widget=forms.RadioSelect),
        MultiFieldPanel(
            [
                HelpPanel(content=_("All lessons and every quiz that must be passed belong to the rule.")),
                FieldPanel("scenarios_needed"),
            ],
            heading=_("When the course is finished"),
        ),
        *Taught.taught_panels,
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def clean(self) -> None:
        super().clean()
        if self.code and not CODE.match(self.code):
            raise ValidationError({"code": _t("A code is capital letters, digits and hyphens.")})
        if self.course is not None and self.course.code != self.code:
            text = _t("The code stays {code}: records name it.").format(code=self.course.code)
            raise ValidationError({"code": text})
        others = CoursePage.objects.filter(code=self.code).exclude(pk=self.pk)
        if self.code and others.exists():
            text = _t("Another course has the code {code} already.").format(code=self.code)
            raise ValidationError({"code": text})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.course is None and self.code:
            self.course, _made = Course.objects.get_or_create(
                code=self.code, defaults={"title": self.title, "level": self.level, "hours": self.hours}
            )
        super().save(*args, **kwargs)

    def scenarios_held(self) -> int:
        """The scenarios in its modules and lessons as they were last saved, drafts among them."""
        latest = [page.get_latest_revision_as_object() for page in self.get_descendants().specific()]
        streams = [page.activities if isinstance(page, ModulePage) else page.body for page in latest]
        return sum(block.block_type == ActivityKind.SCENARIO for stream in streams for block in stream)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content.queries import outline_of

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["outline"] = outline_of(self.code)
        context["learn"] = course_address(self.code)
        context["level_word"] = self.get_level_display()
        context["admission_word"] = self.get_admission_display()
        names = dict(roster.audience_choices())
        context["audience_names"] = [names[code] for code in self.audiences if code in names]
        return context


class ModulePage(Taught, Page):
    """A module: what one can do after it, its lessons, what to practise, its test."""

    code = models.CharField(_("module code"), max_length=32)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=1, null=True, blank=True)
    audiences = models.JSONField(default=list, blank=True)
    introduction = RichTextField(
        _("introduction"), features=["bold", "italic"], help_text=_("Why it is worth an officer's time.")
    )
    objectives = StreamField(
        [("objective", CharBlock(label=_("objective"), max_length=300))],
        verbose_name=_("objectives"),
        help_text=_("What one can do afterwards, each beginning with a verb. Lessons name them by number."),
    )
    activities = StreamField(
        ActivitiesBlock(required=False),
        verbose_name=_("to do at the end"),
        blank=True,
        help_text=_("Scenarios and the test, in the order in which they come after the last lesson."),
    )
    sheet_title = models.CharField(_("title of the practice sheet"), max_length=255, blank=True)
    sheet = StreamField(
        SheetBlock(required=False),
        verbose_name=_("practice sheet"),
        blank=True,
        help_text=_("One printed page to keep at hand."),
    )

    parent_page_types = ["content.CoursePage"]
    subpage_types = ["content.LessonPage"]
    template = "content/module.html"
    base_form_class = AudienceForm
    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("code"), FieldPanel("hours")]),
        FieldPanel("introduction"),
        FieldPanel("objectives"),
        FieldPanel("activities"),
        MultiFieldPanel([FieldPanel("sheet_title"), FieldPanel("sheet")], heading=_("Practice sheet")),
        FieldPanel("audiences"),
        *Taught.taught_panels,
    ]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(Taught, Page):
    """A lesson: one thing, read in a few minutes."""

    summary = models.TextField(_("summary"), help_text=_("One sentence: what the lesson is about."))
    objectives = models.CharField(
        _("objectives"),
        max_length=60,
        help_text=_("The numbers of the module's objectives that this lesson teaches, as in 1, 3."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=8, help_text=_("Honest reading time; shown, never used to fail anyone.")
    )
    clinical = models.BooleanField(
        _("clinical"),
        default=False,
        help_text=_("Shows that the lesson does not replace professional guidance or a doctor's decision."),
    )
    body = StreamField(LessonBlock(), verbose_name=_("text"))
    sources = StreamField(
        [("source", SourceBlock())],
        verbose_name=_("sources"),
        help_text=_("At least one. The text cites a source as [^key]."),
    )

    parent_page_types = ["content.ModulePage"]
    subpage_types: list[str] = []
    template = "content/lesson_preview.html"
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("objectives"), FieldPanel("minutes"), FieldPanel("clinical")]),
        FieldPanel("body"),
        FieldPanel("sources"),
        *Taught.taught_panels,
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def clean(self) -> None:
        super().clean()
        if self.objectives and not re.fullmatch(r"\s*\d+(\s*,\s*\d+)*\s*", self.objectives):
            raise ValidationError({"objectives": _t("Write numbers with commas between them, as in 1, 3.")})

    def objective_numbers(self) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", self.objectives)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content.rendering import render_lesson

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["lesson"] = render_lesson(self)
        return context
