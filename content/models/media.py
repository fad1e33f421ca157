"""Pictures and files that lessons use."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Picture(AbstractImage):
    """A picture in a lesson; its alternative text is asked for where it is used."""

    credit = models.CharField(_("credit and licence"), max_length=255, blank=True)
    admin_form_fields = (*Image.admin_form_fields, "credit")

    @property
    def default_alt_text(self) -> str:
        return str(self.description)


class PictureRendition(AbstractRendition):
    """A picture at one size."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="picture_has_one_rendition_per_filter",
            )
        ]


class Handout(AbstractDocument):
    """A file to download: a sheet, a form, a leaflet."""

    licence = models.CharField(_("licence"), max_length=120, blank=True)
    admin_form_fields = (*Document.admin_form_fields, "licence")
