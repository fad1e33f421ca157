"""Films and sounds that trainers have recorded."""

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, Panel

from content.enums import RecordingState

TAKEN = (
    "mp4",
    "mov",
    "m4v",
    "webm",
    "mkv",
    "avi",
    "3gp",
    "mpg",
    "wmv",
    "mp3",
    "m4a",
    "wav",
    "ogg",
    "aac",
    "amr",
)
MOST_BYTES = 1_000_000_000
MOST_CAPTIONS = 1_000_000


def judge_size(file: Any) -> None:
    if file.size > MOST_BYTES:
        raise ValidationError(_t("The file has more than 1 GB. Cut it, or send it in a smaller size."))


def judge_captions(file: Any) -> None:
    """WebVTT and nothing else: what the browser would not show must not look as if it were there."""
    file.seek(0)
    said = file.read(MOST_CAPTIONS + 1)
    file.seek(0)
    try:
        text = said.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_t("Captions must be saved as UTF-8.")) from error
    if len(said) > MOST_CAPTIONS or not text.startswith("WEBVTT") or "-->" not in text:
        raise ValidationError(
            _t("This is not a caption file of the kind WebVTT (.vtt), which begins with WEBVTT.")
        )


class RecordingForm(WagtailAdminModelForm):
    """A new file begins anew: waiting, nothing encoded of it."""

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None:
            self.instance.owner = self.for_user
        if "source" in self.changed_data and self.cleaned_data.get("source"):
            self.instance.begin_anew()
        return super().save(commit=commit)


class StatePanel(Panel):
    class BoundPanel(Panel.BoundPanel):
        template_name = "content/recording_state.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from content.recordings import is_there

            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "recording": self.instance, "has_ffmpeg": is_there()}


class Recording(models.Model):
    """A film or a sound: the file as it was sent, until two sizes and a poster are made of it."""

    title = models.CharField(_("title"), max_length=255)
    source = models.FileField(
        _("film or sound"),
        upload_to="recordings/sent/",
        blank=True,
        validators=[FileExtensionValidator(TAKEN), judge_size],
        help_text=_(
            "As the telephone or the camera stored it, at most 1 GB and three hours. It is made smaller here."
        ),
    )
    captions = models.FileField(
        _("captions"),
        upload_to="recordings/captions/",
        blank=True,
        validators=[FileExtensionValidator(["vtt"]), judge_captions],
        help_text=_(
            "A file of the kind WebVTT (.vtt): for those who do not hear, and for a bus without earphones."
        ),
    )
    transcript = models.TextField(
        _("what is said"),
        blank=True,
        help_text=_(
            "Word for word, and what is to be seen: for those who do not hear or see it, for poor lines."
        ),
    )
    state = models.CharField(max_length=8, choices=RecordingState.choices, default=RecordingState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    """Per cent of the work on both sizes."""
    trouble = models.JSONField(null=True, blank=True)
    """{"text", "details"}: why the file was refused."""
    small = models.FileField(upload_to="recordings/", blank=True, editable=False)
    large = models.FileField(upload_to="recordings/", blank=True, editable=False)
    poster = models.FileField(upload_to="recordings/", blank=True, editable=False)
    seconds = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    """0 for a sound."""
    height = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    updated = models.DateTimeField(auto_now=True)

    base_form_class = RecordingForm
    panels = [
        FieldPanel("title"),
        FieldPanel("source"),
        StatePanel(heading=_("What has become of it")),
        FieldPanel("captions"),
        FieldPanel("transcript"),
    ]

    class Meta:
        verbose_name = _("film or sound")
        verbose_name_plural = _("films and sounds")
        ordering = ["-updated"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if not self.source and not self.small:
            raise ValidationError({"source": _t("Choose a film or a sound.")})

    def begin_anew(self) -> None:
        self.state, self.progress, self.trouble = RecordingState.WAITING, 0, None

    @property
    def is_film(self) -> bool:
        return PurePath(self.small.name or "").suffix == ".mp4"

    @property
    def minutes(self) -> int:
        return max(1, round(self.seconds / 60))

    @property
    def is_ready(self) -> bool:
        return self.state == RecordingState.DONE

    @property
    def trouble_text(self) -> str:
        return _t(self.trouble["text"]).format(**self.trouble["details"]) if self.trouble else ""

    def lacking(self) -> list[str]:
        """What those who cannot hear or see would miss, in words."""
        missing = [] if self.captions or not (self.is_film or not self.small) else [_t("captions")]
        return missing if self.transcript.strip() else [*missing, _t("a transcript")]
