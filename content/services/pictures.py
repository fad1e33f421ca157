"""Pictures that come inside files: made anew from their points, without anything that was hidden in them."""

import io

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from content.coursefiles.fields import N_
from content.models import Picture

MOST_POINTS = 25_000_000
WIDEST = 2_400
"""Points on the longer side that are kept: more than any page shows."""
READ = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


class PictureRefused(Exception):
    """English with named placeholders; `number` and `lesson` are added by whoever knows them."""

    def __init__(self, text: str, **details: object) -> None:
        super().__init__(text)
        self.text, self.details = text, details


def keep_picture(*, content: bytes, title: str, description: str, by: AbstractBaseUser | None) -> Picture:
    """A picture of a file in the picture library, re-encoded; PictureRefused with the reason."""
    image = _opened(content)
    image.thumbnail((WIDEST, WIDEST))
    stored = io.BytesIO()
    if image.mode in ("RGBA", "LA", "P", "1"):
        image.convert("RGBA").save(stored, "PNG", optimize=True)
        name = "picture.png"
    else:
        image.convert("RGB").save(stored, "JPEG", quality=85)
        name = "picture.jpg"
    picture = Picture(title=title[:255], description=description, uploaded_by_user_id=by.pk if by else None)
    picture.file.save(name, ContentFile(stored.getvalue()), save=False)
    picture.width, picture.height = image.size
    picture.file_size = len(stored.getvalue())
    picture.save()
    return picture


def _opened(content: bytes) -> Image.Image:
    """The picture in memory; its size is judged by what it declares, before anything is unpacked."""
    too_large = N_(
        "Picture {number} in “{lesson}” has {width} × {height} points; at most 25 million are taken: "
        "make it smaller"
    )
    try:
        image = Image.open(io.BytesIO(content), formats=READ)
        width, height = image.size
        if width * height > MOST_POINTS:
            raise PictureRefused(too_large, width=width, height=height)
        image.load()
        return ImageOps.exif_transpose(image) or image
    except Image.DecompressionBombError as error:
        text = N_("Picture {number} in “{lesson}” is far too large: make it smaller")
        raise PictureRefused(text) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        text = N_("Picture {number} in “{lesson}” is a drawing of Word or damaged: insert it as PNG or JPEG")
        raise PictureRefused(text) from error
