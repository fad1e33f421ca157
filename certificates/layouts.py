"""How a paper looks: a design that ships, with an agency's own colour, words and pictures. Pure."""

import base64
import io
import re
from dataclasses import asdict, dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

BASES = ("classic", "upright")
FIELDS = ("holder", "course", "issuer", "number", "unit")
"""What a text of a design may name in braces."""
LARGEST_UPLOAD = 5_000_000
MOST_PIXELS = 25_000_000
SIZES = {"background": (1600, 1600), "emblem": (500, 500), "signature": (700, 350)}
"""The most pixels a use needs, each way."""
BUDGETS = {"background": 70_000, "emblem": 16_000, "signature": 12_000}
"""The most bytes of a picture, so that a paper with all three stays below 150 KB."""
LEAST = 0.25
"""The least share of its pixels, each way, to which a picture is made smaller."""
UNPRINTABLE = re.compile(
    "[^ -~\u00a1-\u00ac\u00ae-\u024f\u02b0-\u036f\u1e00-\u1eff\u2010-\u2027\u2030\u20ab-\u20ac]"
)
"""Letters that the paper's fonts (Be Vietnam Pro, then Tinos) do not have: names are in a Latin script."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`background`, `emblem` and `signature` are SVG texts that hold a picture, or empty."""

    base: str = "classic"
    accent: str = "#0a6164"
    intro: str = ""
    did: str = ""
    footnote: str = ""
    background: str = ""
    emblem: str = ""
    signature: str = ""

    def filled(self, payload: dict[str, str]) -> dict[str, str]:
        """The layout with its texts' fields filled in; texts that are empty are those of the payload."""
        texts = {
            "intro": self.intro or payload["intro"],
            "did": self.did or payload["did"],
            "footnote": self.footnote,
        }
        return {**asdict(self), **{name: with_fields(text, payload) for name, text in texts.items()}}


class UnusablePicture(ValueError):
    """The argument is a code: size, pixels, kind."""


def with_fields(text: str, payload: dict[str, Any]) -> str:
    """Named fields are filled in; any other brace is a brace. Texts are never run as a program."""
    names = "|".join(FIELDS)
    return re.sub(rf"\{{({names})\}}", lambda match: str(payload.get(match[1], "")), text)


def unknown_fields(text: str) -> list[str]:
    return [name for name in re.findall(r"\{([^{}]*)\}", text) if name not in FIELDS]


def unprintable(text: str) -> str:
    """The letters of a text that no font of the paper has."""
    return "".join(sorted(set(UNPRINTABLE.findall(text))))


def picture(data: bytes, use: str) -> str:
    """An uploaded picture, re-encoded without metadata and no larger than its use needs, as an SVG text.

    A picture of many details is made smaller until it keeps within the bytes of its use (`BUDGETS`).

    PNG, JPEG and WebP; raises UnusablePicture. Looks at the declared size before it decodes a pixel.
    """
    if len(data) > LARGEST_UPLOAD:
        raise UnusablePicture("size")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise UnusablePicture("pixels")
            image: Image.Image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnusablePicture("kind") from error
    image.thumbnail(SIZES[use])
    kind, encode = ("jpeg", _as_jpeg) if use == "background" else ("png", _as_png)
    made = encode(image)
    share = 1.0
    while len(made) > BUDGETS[use] and share > LEAST:
        share *= 0.8
        made = encode(image.resize((int(image.width * share) or 1, int(image.height * share) or 1)))
    encoded = base64.b64encode(made).decode()
    width, height = image.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{encoded}"/></svg>'
    )


def _as_jpeg(image: Image.Image) -> bytes:
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=72, optimize=True)
    return out.getvalue()


def _as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()
