"""The form by which a picture is sent: what is too large is told at the field."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class PictureField(WagtailImageField):
    """Judges the points that a picture states before anything is unpacked; one that is cut off is none."""

    def check_image_pixel_size(self, f: Any) -> None:
        most = self.max_image_pixels
        too_many = _t(
            "The picture has too many points: at most {number} million are taken. Make it smaller; "
            "2,000 points wide is enough for every screen."
        ).format(number=most // 1_000_000)
        try:
            f.image.f.seek(0)
            stated = Image.open(f.image.f)
            if stated.width * stated.height * getattr(stated, "n_frames", 1) > most:
                raise ValidationError(too_many, code="file_too_many_pixels")
            f.image.get_size()
        except Image.DecompressionBombError as error:
            raise ValidationError(too_many, code="file_too_many_pixels") from error
        except (OSError, ValueError, SyntaxError) as error:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error


class PictureForm(BaseImageForm):
    """Wagtail's own form, with our field where it asks for a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=field.label, required=field.required, widget=field.widget
            )
