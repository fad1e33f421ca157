"""The public library, the counselling lines, and what can be found by searching."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import DraftStateMixin, RevisionMixin

from content.enums import FoundKind, LibraryKind, LibraryLanguage
from content.finding import searchable
from lms.roster import queries as roster


class ItemForm(WagtailAdminModelForm):
    """Audiences are ticked by name and stored by code."""

    audiences = forms.MultipleChoiceField(
        choices=roster.audience_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("who it is for"),
    )


class LibraryItem(DraftStateMixin, RevisionMixin, models.Model):
    """A leaflet, poster, booklet, handbook or film that anybody may take: a file of ours, or a link."""

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=LibraryKind.choices)
    summary = models.TextField(_("what it is about, in two sentences"))
    topics = models.CharField(
        _("topics"),
        max_length=255,
        blank=True,
        help_text=_("With commas between them, as in relapse, school."),
    )
    audiences = models.JSONField(_("who it is for"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=LibraryLanguage.choices, default="vi")
    publisher = models.CharField(_("publisher"), max_length=255)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    licence = models.CharField(
        _("licence"), max_length=120, help_text=_("What one may do with it, as in: print and pass on freely.")
    )
    document = models.ForeignKey(
        "content.Handout", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    link = models.URLField(
        _("web address"), blank=True, help_text=_("For what lies elsewhere, as a film may.")
    )
    cover = models.ForeignKey(
        "content.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cover")
    )
    downloads = models.PositiveIntegerField(_("downloads"), default=0, editable=False)
    added_at = models.DateTimeField(auto_now_add=True)

    base_form_class = ItemForm

    class Meta:
        verbose_name = _("item of the library")
        verbose_name_plural = _("library")
        ordering = ["-added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=LibraryKind.values), name="library_item_is_of_a_known_kind"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if not self.document_id and not self.link:
            raise ValidationError({"document": _t("Choose a file, or give the web address.")})

    @property
    def topic_list(self) -> list[str]:
        return [topic.strip() for topic in self.topics.split(",") if topic.strip()]


class HotLine(models.Model):
    """A number to call for counselling. Kept by an administrator; none ships with the platform."""

    name = models.CharField(_("name of the line"), max_length=200)
    number = models.CharField(
        _("number"),
        max_length=32,
        validators=[RegexValidator(r"^[0-9+ .()-]{3,32}$", _("Digits, spaces, dots and hyphens only."))],
    )
    area = models.CharField(_("where it serves"), max_length=200)
    hours = models.CharField(_("when somebody answers"), max_length=120)
    cost = models.CharField(_("what a call costs"), max_length=120, blank=True)
    source = models.CharField(_("who confirmed it"), max_length=200)
    checked_on = models.DateField(_("checked on"))
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("counselling line")
        verbose_name_plural = _("counselling lines")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def dial(self) -> str:
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


class FindableText(models.Model):
    """Something that is public and can be found: a course, a lesson of its newest edition, a library item."""

    kind = models.CharField(max_length=8, choices=FoundKind.choices)
    course = models.ForeignKey("content.Course", models.CASCADE, null=True, related_name="+")
    item = models.OneToOneField(LibraryItem, models.CASCADE, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    """Of the lesson, in its course."""
    title = models.CharField(max_length=255)
    text = models.TextField()
    folded_title = models.TextField()
    folded = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "position"], name="course_and_its_lessons_are_found_once"
            ),
            models.CheckConstraint(
                condition=models.Q(course__isnull=False, item__isnull=True)
                | models.Q(course__isnull=True, item__isnull=False),
                name="what_is_found_is_a_course_or_an_item",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def fold(self) -> "FindableText":
        self.folded_title = searchable(self.title)
        self.folded = searchable(f"{self.title} {self.text}")
        return self
