"""Pictures of questions, drawn anew as they come in."""

import hashlib
import io
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from ..errors import PictureRefused
from ..models import Bank, QuestionImage

LARGEST_PICTURE = 8 * 1024 * 1024
_PIXELS = 25_000_000
_WIDEST = 1600


@transaction.atomic
def keep_picture(*, bank: Bank, content: bytes) -> QuestionImage:
    """The picture drawn anew, without whatever else was in the file. Raises PictureRefused."""
    if len(content) > LARGEST_PICTURE:
        raise PictureRefused(_("The picture is larger than 8 MB."))
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP", "GIF"]) as opened:
            if opened.width * opened.height > _PIXELS:
                raise PictureRefused(_("The picture has more than 25 million dots."))
            drawn = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PictureRefused(_("This is not a picture that we can read (PNG, JPEG, WebP, GIF).")) from error
    drawn.thumbnail((_WIDEST, _WIDEST))
    buffer = io.BytesIO()
    drawn.save(buffer, "WEBP", quality=85)
    fresh = buffer.getvalue()
    image, _made = QuestionImage.objects.get_or_create(
        bank=bank,
        sha256=hashlib.sha256(fresh).hexdigest(),
        defaults={
            "content": fresh, "media_type": "image/webp", "width": drawn.width, "height": drawn.height,
        },
    )  # fmt: skip
    return image


def picture_kept(bank: Bank, content: bytes) -> QuestionImage | None:
    """The bank's own picture that comes back as it went out; drawing it anew would make it another."""
    return bank.images.filter(sha256=hashlib.sha256(content).hexdigest()).first()


def picture_in(body: dict[str, Any], image: QuestionImage) -> dict[str, Any]:
    """The body with this picture, of whatever size it is now."""
    shown = {"id": str(image.public_id), "width": image.width, "height": image.height}
    return {**body, "image": {**(body.get("image") or {}), **shown}}
